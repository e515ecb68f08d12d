#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/panel.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/heatmap_pull.h"
#include "app/widgets/number_format.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/vector_plane.h"
#include "core/io/scenario.h"

namespace attn::ui {
namespace {

using session::Key;
using session::VectorKind;

/// An arrow's tip or a ring: what can be grabbed.
struct Handle {
  bool ring = false;
  Stage stage = Stage::x;
  std::size_t row = 0;
  Point at;  ///< in the plane
};

struct Drag {
  Handle handle;
  ImVec2 press;
  Point offset;  ///< from the mouse to the handle, in pixels
  bool moved = false;
};

struct VectorsMemory {
  PlaneView view;
  VectorKind kind = VectorKind::x;
  bool fitted = false;
  bool hull = false;
  bool lines = false;
  std::optional<Drag> drag;
  std::shared_ptr<const Trace> calm;  ///< the newest trace before a gesture began: for ghosts
};

constexpr std::size_t kMostLabels = 40;
constexpr float kMoved = 3.0f;

class VectorsPanel {
 public:
  VectorsPanel(const session::Subject& subject, PanelContext& context)
      : subject_(subject),
        context_(context),
        memory_(context.memory.get<VectorsMemory>()),
        trace_(*subject.trace),
        input_(trace_.input()),
        kind_(present_kind(subject.view.vectors)) {}

  void draw() {
    const Style& style = context_.style;
    Rect content = draw_card(context_, context_.tr("Vectors"), context_.tr("drag an arrow, pull a ring"));
    draw_switches(content.cut_top(style.px(34), style.px(8)));
    const Rect notes = content.cut_bottom(notes_height(content.width()), style.px(8));
    const Rect plane = content;
    if (plane.width() < style.px(60) || plane.height() < style.px(60)) return;
    collect();
    fit(plane);
    if (!context_.session.pressed()) memory_.calm = context_.session.trace();
    ImDrawList& list = *context_.list;
    list.PushClipRect(plane.min, plane.max, true);
    ticks_ = draw_plane(context_, memory_.view, axis_name(0), axis_name(1));
    if (memory_.hull) draw_hull();
    if (memory_.lines) draw_lines();
    draw_ghosts();
    draw_arrows();
    draw_rings();
    draw_labels(plane);
    draw_pull();
    list.PopClipRect();
    use_mouse_and_keys(plane);
    draw_notes(notes);
  }

 private:
  VectorKind present_kind(VectorKind kind) const {
    if (kind == VectorKind::output) return VectorKind::x;
    return kind == VectorKind::v && !trace_.has(Stage::v) ? VectorKind::x : kind;
  }
  std::vector<Stage> stages() const {
    switch (kind_) {
      case VectorKind::q:
        return {Stage::q};
      case VectorKind::k:
        return {Stage::k};
      case VectorKind::v:
        return {Stage::v};
      default:
        break;
    }
    return input_.source ? std::vector<Stage>{Stage::x, Stage::source_x} : std::vector<Stage>{Stage::x};
  }
  bool can_drag() const { return kind_ == VectorKind::x; }
  bool shows_rings() const {
    return (kind_ == VectorKind::x || kind_ == VectorKind::v) && trace_.shape(Stage::output).columns >= 2;
  }

  /// Which two columns are the plane's; a stage of one column lies on the horizontal axis.
  std::array<std::size_t, 2> axes(Stage stage) const {
    const std::size_t columns = trace_.shape(stage).columns;
    const auto& wanted = subject_.view.plane_axes;
    if (wanted[0] < columns && wanted[1] < columns) return {wanted[0], wanted[1]};
    return {0, 1};
  }
  Point point_of(const Trace& trace, Stage stage, std::size_t row) const {
    const StageShape shape = trace.shape(stage);
    const Read read = trace.read(stage, shown_head(subject_, stage), {row, 0, 1, shape.columns});
    if (!read.ready()) return {};
    const auto [a, b] = axes(stage);
    return {static_cast<double>(read.values(0, a)),
            b < shape.columns ? static_cast<double>(read.values(0, b)) : 0.0};
  }
  bool known(Stage stage, std::size_t row) const {
    return subject_.playhead.computed(
        {stage, shown_head(subject_, stage), row, trace_.shape(stage).columns - 1});
  }

  void collect() {
    for (const Stage stage : stages()) {
      for (std::size_t row = 0; row < trace_.shape(stage).rows; ++row) {
        if (known(stage, row)) arrows_.push_back({false, stage, row, point_of(trace_, stage, row)});
      }
    }
    if (!shows_rings()) return;
    for (std::size_t row = 0; row < trace_.shape(Stage::output).rows; ++row) {
      if (known(Stage::output, row))
        rings_.push_back({true, Stage::output, row, point_of(trace_, Stage::output, row)});
    }
  }

  /// The view follows what it shows, but stays put under the hand that drags in it; while something is moved
  /// elsewhere it only grows.
  void fit(const Rect& plane) {
    const PixelRect pixels = pixels_of(plane);
    const bool moving = memory_.drag || context_.session.pressed().has_value();
    std::vector<Point> points;
    for (const Handle& h : arrows_) points.push_back(h.at);
    for (const Handle& h : rings_) points.push_back(h.at);
    if (moving && memory_.fitted && memory_.kind == kind_) {
      memory_.view = memory_.view.moved_to(pixels);
      const bool all_seen = std::ranges::all_of(
          points, [&](const Point& p) { return pixels.contains(memory_.view.to_pixel(p)); });
      if (memory_.drag || all_seen) return;
      points.push_back(memory_.view.to_plane({pixels.left, pixels.top}));
      points.push_back(memory_.view.to_plane({pixels.right, pixels.bottom}));
    }
    memory_.view = fit_view(points, pixels);
    memory_.fitted = true;
    memory_.kind = kind_;
  }

  std::size_t selected_query() const { return subject_.view.selection.row; }
  bool is_selected(const Handle& h) const {
    const CellRef& cell = subject_.view.selection;
    if (h.ring) return cell.row == h.row;
    const bool keys = h.stage == Stage::k || h.stage == Stage::v || h.stage == Stage::source_x;
    return keys && is_score_like(cell.stage) ? cell.column == h.row : cell.row == h.row;
  }
  bool is_hovered(const Handle& h) const {
    if (h.ring) return context_.hover.query == h.row;
    const bool keys = h.stage == Stage::k || h.stage == Stage::v || h.stage == Stage::source_x;
    if (keys) return context_.hover.key == h.row;
    return context_.hover.query == h.row ||
           (h.stage == Stage::x && !input_.source && context_.hover.key == h.row);
  }
  std::string word(const Handle& h) const { return std::string(row_word(input_, h.stage, h.row)); }
  Colour colour(const Handle& h) const {
    const Theme& theme = context_.colours();
    return ink_of(h.stage) == Ink::text ? theme.ink : colour_of(theme, h.stage);
  }
  ImVec2 pixel(Point p) const { return to_imgui(memory_.view.to_pixel(p)); }
  float ring_radius(const Handle& h) const { return context_.style.px(is_selected(h) ? 12.0f : 9.0f); }

  // ---- drawing ----

  void draw_switches(const Rect& area) {
    static constexpr std::array kKinds = {VectorKind::x, VectorKind::q, VectorKind::k, VectorKind::v};
    static constexpr std::array<std::string_view, 4> kNames = {"X", "Q", "K", "V"};
    const std::size_t count = trace_.has(Stage::v) ? 4 : 3;
    Rect rest = area;
    const Style& style = context_.style;
    const auto chosen =
        static_cast<std::size_t>(std::find(kKinds.begin(), kKinds.end(), kind_) - kKinds.begin());
    const Rect choice =
        rest.cut_left(std::min(style.px(40) * static_cast<float>(count), area.width() * 0.55f), style.px(8));
    if (const auto picked = segmented(context_, {PanelId::vectors, "kind"}, choice,
                                      std::span<const std::string_view>(kNames.data(), count), chosen)) {
      context_.post(session::SetVectorKind{kKinds[*picked]});
    }
    const auto option = [&](const WidgetId& id, std::string_view label, bool& on, std::string_view tip) {
      const float width = button_width(context_, label);
      if (rest.width() < width) return;
      ButtonOptions options;
      options.chosen = on;
      options.tooltip = tip;
      if (button(context_, id, rest.cut_left(width, style.px(6)), label, options)) on = !on;
    };
    option({PanelId::vectors, "hull"}, context_.tr("hull"), memory_.hull,
           context_.tr("Every output lies inside the hull of the values."));
    option({PanelId::vectors, "lines"}, context_.tr("lines"), memory_.lines,
           context_.tr("The thicker the line, the larger the share of that word."));
  }

  std::string axis_name(std::size_t axis) {
    const Stage stage = stages().front();
    const std::size_t columns = trace_.shape(stage).columns;
    const std::size_t column = axes(stage)[axis];
    const auto& names = subject_.document.scenario().feature_names;
    if (kind_ == VectorKind::x && names && column < names->size()) return (*names)[column];
    if (columns <= 2) return {};
    return context_.say("column {column}", fmt::arg("column", column + 1));
  }

  void draw_hull() {
    std::vector<Point> corners;
    for (const Handle& h : arrows_) {
      if (!input_.source || h.stage != Stage::x) corners.push_back(h.at);
    }
    corners = convex_hull(std::move(corners));
    std::vector<ImVec2> pixels;
    for (const Point& p : corners) pixels.push_back(pixel(p));
    const Theme& theme = context_.colours();
    if (pixels.size() >= 3) {
      context_.list->AddConvexPolyFilled(pixels.data(), static_cast<int>(pixels.size()),
                                         with_alpha(theme.v, 0.14f));
    }
    context_.list->AddPolyline(pixels.data(), static_cast<int>(pixels.size()), with_alpha(theme.v, 0.8f),
                               ImDrawFlags_Closed, context_.style.px(1.5f));
  }

  void draw_lines() {
    const Stage stage = trace_.has(Stage::dropped) ? Stage::dropped : Stage::weights;
    const StageShape shape = trace_.shape(stage);
    const std::size_t row = selected_query();
    if (input_.config.attend_over == AttendOver::features || row >= shape.rows || rings_.empty() ||
        !known(stage, row))
      return;
    const Read read = trace_.read(stage, shown_head(subject_, stage), {row, 0, 1, shape.columns});
    if (!read.ready()) return;
    for (const Handle& ring : rings_) {
      if (ring.row != row) continue;
      for (const Handle& h : arrows_) {
        if (h.row >= shape.columns || (input_.source && h.stage == Stage::x)) continue;
        const float share = std::clamp(std::abs(read.values(0, h.row)), 0.0f, 1.0f);
        if (share < 0.002f) continue;
        context_.list->AddLine(pixel(ring.at), pixel(h.at),
                               with_alpha(context_.colours().v, 0.25f + 0.6f * share),
                               context_.style.px(1.0f + 7.0f * share));
      }
    }
  }

  /// Where everything was at the press.
  void draw_ghosts() {
    if (!context_.session.pressed() || !memory_.calm || memory_.calm.get() == &trace_) return;
    const Trace& before = *memory_.calm;
    if (!(before.dimensions() == trace_.dimensions())) return;
    for (const Handle& h : arrows_) {
      const Point was = point_of(before, h.stage, h.row);
      if (was == h.at) continue;
      draw_arrow(context_, memory_.view, was, {with_alpha(colour(h), 0.3f), context_.style.px(1.75f), true});
    }
    for (const Handle& h : rings_) {
      const Point was = point_of(before, h.stage, h.row);
      if (was == h.at || !is_selected(h)) continue;
      context_.list->AddCircle(pixel(was), ring_radius(h), with_alpha(context_.colours().v, 0.35f), 32,
                               context_.style.px(2));
    }
  }

  bool crowded() const { return arrows_.size() > kMostLabels; }

  void draw_arrows() {
    const auto draw_one = [&](const Handle& h, bool strong) {
      if (crowded() && !strong) {
        // Among hundreds the tips alone can be told apart.
        context_.list->AddCircleFilled(pixel(h.at), context_.style.px(2.5f), with_alpha(colour(h), 0.55f), 8);
        return;
      }
      const bool source = h.stage == Stage::source_x;
      const float alpha = strong ? 1.0f : source ? 0.4f : 0.55f;
      draw_arrow(context_, memory_.view, h.at,
                 {with_alpha(colour(h), alpha), context_.style.px(strong ? 3.0f : 2.0f), source});
    };
    // What is in focus lies on top.
    for (const bool strong : {false, true}) {
      for (const Handle& h : arrows_) {
        if ((is_selected(h) || is_hovered(h)) == strong) draw_one(h, strong);
      }
    }
  }

  void draw_rings() {
    const Theme& theme = context_.colours();
    for (const bool strong : {false, true}) {
      for (const Handle& h : rings_) {
        if (is_selected(h) != strong || (crowded() && !strong)) continue;
        context_.list->AddCircle(pixel(h.at), ring_radius(h), with_alpha(theme.v, strong ? 1.0f : 0.5f), 40,
                                 context_.style.px(strong ? 4.0f : 2.0f));
      }
    }
  }

  void draw_labels(const Rect& plane) {
    Obstacles obstacles;
    obstacles.boxes = ticks_;
    const Point origin = memory_.view.to_pixel({0, 0});
    const auto half = static_cast<double>(context_.style.px(13));
    const bool few = !crowded();
    for (const Handle& h : arrows_) {
      if (!few && !is_selected(h) && !is_hovered(h)) continue;
      const Point tip = memory_.view.to_pixel(h.at);
      obstacles.boxes.push_back({tip.x - half / 2, tip.y - half / 2, tip.x + half / 2, tip.y + half / 2});
      if (few) obstacles.segments.push_back({origin, tip});
    }
    for (const Handle& h : rings_) {
      const Point p = memory_.view.to_pixel(h.at);
      if (is_selected(h)) obstacles.boxes.push_back({p.x - half, p.y - half, p.x + half, p.y + half});
    }
    std::vector<PlaneLabel> labels;
    const auto add_label = [&](const Handle& h, std::string text, const TextLook& look, double clearance) {
      const Point at = memory_.view.to_pixel(h.at);
      labels.push_back({std::move(text), look, at, {at.x - origin.x, at.y - origin.y}, clearance});
    };
    const auto px8 = static_cast<double>(context_.style.px(8));
    // The words in focus find their place first.
    for (const Handle& h : rings_) {
      if (!is_selected(h)) continue;
      add_label(h, context_.say("output of {word}", fmt::arg("word", word(h))),
                context_.look(TextSize::body, context_.colours().v, Face::sans_bold), px8 * 1.9);
      labels.back().towards = {-1, -1};
    }
    for (const bool strong : {true, false}) {
      for (const Handle& h : arrows_) {
        if ((is_selected(h) || is_hovered(h)) != strong || (crowded() && !strong)) continue;
        const Colour ink = ink_of(h.stage) == Ink::text ? context_.colours().ink : colour(h);
        add_label(h, word(h), context_.look(TextSize::label, ink, Face::sans_bold), px8);
      }
    }
    draw_plane_labels(context_, labels, pixels_of(plane), obstacles);
  }

  /// The thread from the ring to where it is pulled.
  void draw_pull() {
    const auto& report = context_.session.pull();
    if (!context_.session.pulling() || !report || report->target.stage != Stage::output ||
        report->goal.size() < 2)
      return;
    const Theme& theme = context_.colours();
    const ImVec2 goal = pixel({report->goal[0], report->goal[1]});
    const ImVec2 reached = pixel({report->reached[0], report->reached[1]});
    draw_dashes(*context_.list, reached, goal, theme.accent, context_.style.px(3), context_.style.px(6));
    context_.list->AddCircleFilled(goal, context_.style.px(9), theme.accent);
    const TextLook look = context_.look(TextSize::body, theme.accent, Face::sans_bold);
    context_.text.draw(*context_.list, {goal.x + context_.style.px(16), goal.y - look.px * 0.6f}, look,
                       context_.tr("pull"));
  }

  // ---- mouse and keys ----

  WidgetId id_of(const Handle& h) const {
    if (h.ring) return WidgetId(PanelId::vectors, "ring").at(h.row);
    return WidgetId(PanelId::vectors, "arrow").at(h.stage).at(h.row);
  }

  /// Where a ring can be grabbed without meeting an arrow: the point on it that is farthest from all tips.
  ImVec2 grip(const Handle& ring) const {
    const ImVec2 centre = pixel(ring.at);
    const float r = ring_radius(ring);
    ImVec2 best = centre;
    float best_distance = -1.0f;
    for (int k = 0; k < 8; ++k) {
      const float angle = static_cast<float>(k) * 0.785398f;
      const ImVec2 p{centre.x + r * std::cos(angle), centre.y + r * std::sin(angle)};
      float nearest = 1e9f;
      for (const Handle& a : arrows_) {
        const ImVec2 tip = pixel(a.at);
        nearest = std::min(nearest, std::hypot(tip.x - p.x, tip.y - p.y));
      }
      if (nearest > best_distance + 0.01f) {
        best_distance = nearest;
        best = p;
      }
    }
    return best;
  }

  /// What a press here would take: a ring by its line, an arrow by its tip, whichever is nearer.
  const Handle* handle_at(ImVec2 mouse) const {
    const Handle* best = nullptr;
    float best_cost = 1e9f;
    const Style& style = context_.style;
    for (const Handle& h : arrows_) {
      const ImVec2 tip = pixel(h.at);
      const float distance = std::hypot(tip.x - mouse.x, tip.y - mouse.y);
      if (distance <= style.px(16) && distance < best_cost) {
        best_cost = distance;
        best = &h;
      }
    }
    for (const Handle& h : rings_) {
      if (crowded() && !is_selected(h)) continue;
      const ImVec2 centre = pixel(h.at);
      const float distance = std::hypot(centre.x - mouse.x, centre.y - mouse.y);
      const float from_line = std::abs(distance - ring_radius(h));
      float cost = from_line <= style.px(7) ? from_line : 1e9f;
      if (distance < ring_radius(h)) cost = std::min(cost, style.px(8) + distance);
      if (!is_selected(h)) cost += style.px(2);
      if (cost < best_cost) {
        best_cost = cost;
        best = &h;
      }
    }
    return best;
  }

  void use_mouse_and_keys(const Rect& plane) {
    const WidgetId plane_id(PanelId::vectors, "plane");
    ImGui::SetCursorScreenPos(plane.min);
    ImGui::PushID("plane");
    ImGui::InvisibleButton("", plane.size());
    ImGui::PopID();
    const bool hovered = ImGui::IsItemHovered();
    const bool pressed = ImGui::IsItemActivated();
    const bool held = ImGui::IsItemActive();
    context_.widgets.add(plane_id, plane, Focusable::no);
    const float half = context_.style.px(12);
    for (const auto* handles : {&arrows_, &rings_}) {
      for (const Handle& h : *handles) {
        if (h.ring && crowded() && !is_selected(h)) continue;  // it is not drawn either
        const ImVec2 at = h.ring ? grip(h) : pixel(h.at);
        const Rect rect{{at.x - half, at.y - half}, {at.x + half, at.y + half}};
        context_.widgets.add(id_of(h), rect.intersection(plane), Focusable::yes);
        focus_ring(context_, id_of(h), Rect{pixel(h.at), pixel(h.at)}.inset(-context_.style.px(14)), half);
        keys(h);
      }
    }
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const Handle* pointed = hovered && !memory_.drag ? handle_at(mouse) : nullptr;
    if (pointed != nullptr) {
      Hover& next = context_.hover_next;
      next = hover_of(input_, {pointed->stage, shown_head(subject_, pointed->stage), pointed->row, 0});
      next.cell.reset();
      if (pointed->ring || can_drag()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      context_.list->AddCircle(
          pixel(pointed->at),
          pointed->ring ? ring_radius(*pointed) + context_.style.px(4) : context_.style.px(13),
          context_.colours().accent, 32, context_.style.px(2));
    }
    if (pressed && pointed != nullptr) begin_drag(*pointed, mouse);
    if (memory_.drag) continue_drag(held, mouse);
  }

  void begin_drag(const Handle& h, ImVec2 mouse) {
    context_.widgets.focus(id_of(h), false);
    const Point at = memory_.view.to_pixel(h.at);
    memory_.drag =
        Drag{h, mouse, {at.x - static_cast<double>(mouse.x), at.y - static_cast<double>(mouse.y)}, false};
  }

  /// Numbers as round as the pixels allow: nobody means 1.9873. Shift takes them as they come.
  Point rounded(Point p) const {
    if (modifiers().shift) return p;
    const double step =
        tick_step(memory_.view.pixels_per_unit(), static_cast<double>(context_.style.px(2.5f)));
    return {std::round(p.x / step) * step, std::round(p.y / step) * step};
  }

  void continue_drag(bool held, ImVec2 mouse) {
    Drag& drag = *memory_.drag;
    const bool taken_back = drag.moved && (drag.handle.ring ? !context_.session.pulling()
                                                            : !context_.session.history().in_gesture());
    if (held && taken_back) {
      memory_.drag.reset();  // Esc
      return;
    }
    if (!held) {
      finish(drag);
      memory_.drag.reset();
      return;
    }
    const bool began = !drag.moved;
    if (began && std::hypot(mouse.x - drag.press.x, mouse.y - drag.press.y) <= context_.style.px(kMoved))
      return;
    if (!drag.handle.ring && !can_drag()) return;
    const ImVec2 delta = ImGui::GetIO().MouseDelta;
    if (!began && delta.x == 0.0f && delta.y == 0.0f) return;
    const Point to = rounded(memory_.view.to_plane(
        {static_cast<double>(mouse.x) + drag.offset.x, static_cast<double>(mouse.y) + drag.offset.y}));
    drag.moved = true;
    if (drag.handle.ring) {
      if (began) begin_pull(drag.handle.row);
      context_.post(session::MovePull{{to.x, to.y}});
    } else {
      context_.post(session::Preview{moved_row(drag.handle, to)});
    }
  }

  void finish(const Drag& drag) {
    if (!drag.moved) {
      select(drag.handle);
    } else if (drag.handle.ring) {
      context_.post(session::EndPull{});
    } else {
      context_.post(session::EndGesture{});
    }
  }

  void begin_pull(std::size_t row) {
    const auto [a, b] = axes(Stage::output);
    select({true, Stage::output, row, {}});
    context_.post(session::BeginPull{session::PullTarget::output_row(row, {a, b})});
  }

  /// The word, in the stage that is shown large.
  void select(const Handle& h) {
    CellRef cell = subject_.view.selection;
    const bool keys = h.stage == Stage::k || h.stage == Stage::v || h.stage == Stage::source_x;
    if (keys && is_score_like(cell.stage)) {
      cell.column = h.row;
    } else {
      cell.row = h.row;
    }
    const StageShape shape = trace_.shape(cell.stage);
    if (cell.row < shape.rows && cell.column < shape.columns) context_.post(session::Select{cell});
  }

  session::Edit moved_row(const Handle& h, Point to) const {
    const bool source = h.stage == Stage::source_x;
    const Input& input = subject_.document.input();
    const SharedMatrix& x = source ? input.source->x : input.x;
    const auto now = x.row(h.row);
    std::vector<float> values(now.begin(), now.end());
    const auto [a, b] = axes(h.stage);
    values[a] = static_cast<float>(to.x);
    if (b < values.size()) values[b] = static_cast<float>(to.y);
    if (source) return session::SetSourceRow{h.row, std::move(values)};
    return session::SetXRow{h.row, std::move(values)};
  }

  void keys(const Handle& h) {
    const WidgetId id = id_of(h);
    if (!context_.widgets.is_focused(id)) return;
    if (context_.widgets.take_activation(id)) select(h);
    if (!h.ring && !can_drag()) return;
    const double step =
        tick_step(memory_.view.pixels_per_unit(), static_cast<double>(context_.style.px(44))) *
        (modifiers().shift ? 0.01 : 0.1);
    Point by;
    if (context_.widgets.take(id, Key::left)) by.x -= step;
    if (context_.widgets.take(id, Key::right)) by.x += step;
    if (context_.widgets.take(id, Key::down)) by.y -= step;
    if (context_.widgets.take(id, Key::up)) by.y += step;
    if (by == Point{}) return;
    const Point to{std::round((h.at.x + by.x) / step) * step, std::round((h.at.y + by.y) / step) * step};
    if (h.ring) {
      begin_pull(h.row);
      context_.post(session::MovePull{{h.at.x + by.x, h.at.y + by.y}});
      context_.post(session::EndPull{});
    } else {
      context_.post(session::Apply{moved_row(h, to)});
    }
  }

  // ---- notes ----

  bool shows_pull() const {
    return context_.session.pull() && context_.session.pull()->target.stage == Stage::output;
  }
  std::string note() const {
    const std::size_t columns = trace_.shape(stages().front()).columns;
    std::string text;
    if (columns > 2) {
      const auto [a, b] = axes(stages().front());
      text =
          context_.say("{columns} columns: only {first} and {second} are drawn, and only they are dragged.",
                       fmt::arg("columns", columns), fmt::arg("first", a + 1), fmt::arg("second", b + 1));
    } else if (columns == 1) {
      text = context_.tr("One column: all vectors lie on the axis.");
    } else if (!can_drag()) {
      text = context_.tr("These follow from X: drag the words there.");
    }
    return text;
  }
  float notes_height(float width) const {
    if (shows_pull())
      return height_of_pull_words(context_, width, pull_words(context_, input_, *context_.session.pull()));
    const std::string text = note();
    if (text.empty()) return 0.0f;
    float height = 0.0f;
    for (const Line& line : context_.text.wrap(context_.look(TextSize::body), text, width))
      height += line.height;
    return height;
  }
  void draw_notes(const Rect& area) {
    if (shows_pull()) {
      draw_pull_words(context_, area, pull_words(context_, input_, *context_.session.pull()));
    } else if (const std::string text = note(); !text.empty()) {
      context_.text.draw_paragraph(*context_.list, area.min,
                                   context_.look(TextSize::body, context_.colours().ink_muted), text,
                                   area.width());
    }
  }

  const session::Subject& subject_;
  PanelContext& context_;
  VectorsMemory& memory_;
  const Trace& trace_;
  const Input& input_;
  VectorKind kind_;
  std::vector<Handle> arrows_;
  std::vector<Handle> rings_;
  std::vector<PixelRect> ticks_;  ///< where the axes' numbers and names stand
};

}  // namespace

void draw_vectors_panel(const session::Subject& subject, PanelContext& context) {
  if (subject.trace == nullptr) {
    draw_card(context, context.tr("Vectors"));
    return;
  }
  VectorsPanel(subject, context).draw();
}

}  // namespace attn::ui
