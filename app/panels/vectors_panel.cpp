#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/panel.h"
#include "app/panels/vectors_scene.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/heatmap_pull.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/stand_in_note.h"

namespace attn::ui {
namespace {

using session::Key;
using session::VectorKind;

struct Drag {
  VectorHandle handle;
  ImVec2 press;
  Point offset;  ///< from the mouse to the handle, in pixels
  bool moved = false;
};

struct VectorsMemory {
  VectorsView scene;
  std::optional<Drag> drag;
};

constexpr float kMoved = 3.0f;

class VectorsPanel {
 public:
  VectorsPanel(const session::Subject& subject, PanelContext& context)
      : subject_(subject),
        context_(context),
        memory_(context.memory.get<VectorsMemory>()),
        trace_(*subject.trace),
        input_(trace_.input()),
        scene_(subject, context, memory_.scene) {}

  void draw() {
    const Style& style = context_.style;
    Rect content = draw_card(context_, context_.tr("Vectors"), context_.tr("drag an arrow, pull a ring"));
    draw_switches(content.cut_top(style.px(34), style.px(8)));
    constexpr std::array kStages = {Stage::x, Stage::q, Stage::k, Stage::v, Stage::output};  // of the kinds
    draw_stand_in_note(context_, subject_.document, kStages[static_cast<std::size_t>(scene_.kind())],
                       content);
    const Rect notes = content.cut_bottom(notes_height(content.width()), style.px(8));
    const Rect plane = content;
    if (plane.width() < style.px(60) || plane.height() < style.px(60)) return;
    scene_.fit(plane, memory_.drag.has_value());
    if (!context_.session.pressed()) memory_.scene.calm = context_.session.trace();
    context_.list->PushClipRect(plane.min, plane.max, true);
    scene_.draw(plane);
    draw_pull();
    context_.list->PopClipRect();
    use_mouse_and_keys(plane);
    draw_notes(notes);
  }

 private:
  bool can_drag() const { return scene_.kind() == VectorKind::x; }

  void draw_switches(const Rect& area) {
    static constexpr std::array kKinds = {VectorKind::x, VectorKind::q, VectorKind::k, VectorKind::v};
    static constexpr std::array<std::string_view, 4> kNames = {"X", "Q", "K", "V"};
    const std::size_t count = trace_.has(Stage::v) ? 4 : 3;
    Rect rest = area;
    const Style& style = context_.style;
    const auto chosen =
        static_cast<std::size_t>(std::find(kKinds.begin(), kKinds.end(), scene_.kind()) - kKinds.begin());
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
    option({PanelId::vectors, "hull"}, context_.tr("hull"), memory_.scene.hull,
           context_.tr("Every output lies inside the hull of the values."));
    option({PanelId::vectors, "lines"}, context_.tr("lines"), memory_.scene.lines,
           context_.tr("The thicker the line, the larger the share of that word."));
  }

  /// The thread from the ring to where it is pulled.
  void draw_pull() {
    const auto& report = context_.session.pull();
    if (!context_.session.pulling() || !report || report->target.stage != Stage::output ||
        report->goal.size() < 2)
      return;
    const Theme& theme = context_.colours();
    const ImVec2 goal = scene_.pixel({report->goal[0], report->goal[1]});
    const ImVec2 reached = scene_.pixel({report->reached[0], report->reached[1]});
    draw_dashes(*context_.list, reached, goal, theme.accent, context_.style.px(3), context_.style.px(6));
    context_.list->AddCircleFilled(goal, context_.style.px(9), theme.accent);
    const TextLook look = context_.look(TextSize::body, theme.accent, Face::sans_bold);
    context_.text.draw(*context_.list, {goal.x + context_.style.px(16), goal.y - look.px * 0.6f}, look,
                       context_.tr("pull"));
  }

  // ---- mouse and keys ----

  WidgetId id_of(const VectorHandle& h) const {
    if (h.ring) return WidgetId(PanelId::vectors, "ring").at(h.row);
    return WidgetId(PanelId::vectors, "arrow").at(h.stage).at(h.row);
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
    for (const auto* handles : {&scene_.arrows(), &scene_.rings()}) {
      for (const VectorHandle& h : *handles) {
        if (h.ring && scene_.crowded() && !scene_.is_selected(h)) continue;  // it is not drawn either
        const ImVec2 at = h.ring ? scene_.grip(h) : scene_.pixel(h.at);
        const Rect rect{{at.x - half, at.y - half}, {at.x + half, at.y + half}};
        context_.widgets.add(id_of(h), rect.intersection(plane), Focusable::yes);
        focus_ring(context_, id_of(h),
                   Rect{scene_.pixel(h.at), scene_.pixel(h.at)}.inset(-context_.style.px(14)), half);
        keys(h);
      }
    }
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const VectorHandle* pointed = hovered && !memory_.drag ? scene_.handle_at(mouse) : nullptr;
    if (pointed != nullptr) {
      Hover& next = context_.hover_next;
      next = hover_of(input_, {pointed->stage, shown_head(subject_, pointed->stage), pointed->row, 0});
      next.cell.reset();
      if (pointed->ring || can_drag()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      context_.list->AddCircle(
          scene_.pixel(pointed->at),
          pointed->ring ? scene_.ring_radius(*pointed) + context_.style.px(4) : context_.style.px(13),
          context_.colours().accent, 32, context_.style.px(2));
    }
    if (pressed && pointed != nullptr) begin_drag(*pointed, mouse);
    if (memory_.drag) continue_drag(held, mouse);
  }

  void begin_drag(const VectorHandle& h, ImVec2 mouse) {
    context_.widgets.focus(id_of(h), false);
    const Point at = memory_.scene.view.to_pixel(h.at);
    memory_.drag =
        Drag{h, mouse, {at.x - static_cast<double>(mouse.x), at.y - static_cast<double>(mouse.y)}, false};
  }

  /// Numbers as round as the pixels allow: nobody means 1.9873. Shift takes them as they come.
  Point rounded(Point p) const {
    if (modifiers().shift) return p;
    const double step =
        tick_step(memory_.scene.view.pixels_per_unit(), static_cast<double>(context_.style.px(2.5f)));
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
    const Point to = rounded(memory_.scene.view.to_plane(
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
    const auto [a, b] = scene_.axes(Stage::output);
    select({true, Stage::output, row, {}});
    context_.post(session::BeginPull{session::PullTarget::output_row(row, {a, b})});
  }

  /// The word, in the stage that is shown large.
  void select(const VectorHandle& h) {
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

  session::Edit moved_row(const VectorHandle& h, Point to) const {
    const bool source = h.stage == Stage::source_x;
    const Input& input = subject_.document.input();
    const SharedMatrix& x = source ? input.source->x : input.x;
    const auto now = x.row(h.row);
    std::vector<float> values(now.begin(), now.end());
    const auto [a, b] = scene_.axes(h.stage);
    values[a] = static_cast<float>(to.x);
    if (b < values.size()) values[b] = static_cast<float>(to.y);
    if (source) return session::SetSourceRow{h.row, std::move(values)};
    return session::SetXRow{h.row, std::move(values)};
  }

  void keys(const VectorHandle& h) {
    const WidgetId id = id_of(h);
    if (!context_.widgets.is_focused(id)) return;
    if (context_.widgets.take_activation(id)) select(h);
    if (!h.ring && !can_drag()) return;
    const double step =
        tick_step(memory_.scene.view.pixels_per_unit(), static_cast<double>(context_.style.px(44))) *
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
    const std::size_t columns = trace_.shape(scene_.stages().front()).columns;
    std::string text;
    if (columns > 2) {
      const auto [a, b] = scene_.axes(scene_.stages().front());
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
  VectorsScene scene_;
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
