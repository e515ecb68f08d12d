#include "app/panels/vectors_scene.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/widgets/formula_names.h"
#include "app/widgets/pipeline.h"
#include "core/io/scenario.h"

namespace attn::ui {

using session::VectorKind;

namespace {

constexpr std::size_t kMostLabels = 40;

}  // namespace

bool VectorsScene::crowded() const { return arrows_.size() > kMostLabels; }

VectorsScene::VectorsScene(const session::Subject& subject, PanelContext& context, VectorsView& memory)
    : subject_(subject),
      context_(context),
      memory_(memory),
      trace_(*subject.trace),
      input_(trace_.input()),
      kind_(present_kind(subject.view.vectors)) {
  collect();
}

void VectorsScene::draw(const Rect& plane) {
  ticks_ = draw_plane(context_, memory_.view, axis_name(0), axis_name(1));
  if (memory_.hull) draw_hull();
  if (memory_.lines) draw_lines();
  draw_ghosts();
  draw_arrows();
  draw_rings();
  draw_labels(plane);
}

VectorKind VectorsScene::present_kind(VectorKind kind) const {
  if (kind == VectorKind::output) return VectorKind::x;
  return kind == VectorKind::v && !trace_.has(Stage::v) ? VectorKind::x : kind;
}

std::vector<Stage> VectorsScene::stages() const {
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

bool VectorsScene::shows_rings() const {
  return (kind_ == VectorKind::x || kind_ == VectorKind::v) && trace_.shape(Stage::output).columns >= 2;
}

std::array<std::size_t, 2> VectorsScene::axes(Stage stage) const {
  const std::size_t columns = trace_.shape(stage).columns;
  const auto& wanted = subject_.view.plane_axes;
  if (wanted[0] < columns && wanted[1] < columns) return {wanted[0], wanted[1]};
  return {0, 1};
}

Point VectorsScene::point_of(const Trace& trace, Stage stage, std::size_t row) const {
  const StageShape shape = trace.shape(stage);
  const Read read = trace.read(stage, shown_head(subject_, stage), {row, 0, 1, shape.columns});
  if (!read.ready()) return {};
  const auto [a, b] = axes(stage);
  return {static_cast<double>(read.values(0, a)),
          b < shape.columns ? static_cast<double>(read.values(0, b)) : 0.0};
}

bool VectorsScene::known(Stage stage, std::size_t row) const {
  return subject_.playhead.computed(
      {stage, shown_head(subject_, stage), row, trace_.shape(stage).columns - 1});
}

void VectorsScene::collect() {
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

void VectorsScene::fit(const Rect& plane, bool dragging) {
  const PixelRect pixels = pixels_of(plane);
  const bool moving = dragging || context_.session.pressed().has_value();
  std::vector<Point> points;
  for (const VectorHandle& h : arrows_) points.push_back(h.at);
  for (const VectorHandle& h : rings_) points.push_back(h.at);
  if (moving && memory_.fitted && memory_.kind == kind_) {
    memory_.view = memory_.view.moved_to(pixels);
    const bool all_seen = std::ranges::all_of(
        points, [&](const Point& p) { return pixels.contains(memory_.view.to_pixel(p)); });
    if (dragging || all_seen) return;
    points.push_back(memory_.view.to_plane({pixels.left, pixels.top}));
    points.push_back(memory_.view.to_plane({pixels.right, pixels.bottom}));
  }
  memory_.view = fit_view(points, pixels);
  memory_.fitted = true;
  memory_.kind = kind_;
}

bool VectorsScene::is_selected(const VectorHandle& h) const {
  const CellRef& cell = subject_.view.selection;
  if (h.ring) return cell.row == h.row;
  const bool keys = h.stage == Stage::k || h.stage == Stage::v || h.stage == Stage::source_x;
  return keys && is_score_like(cell.stage) ? cell.column == h.row : cell.row == h.row;
}

bool VectorsScene::is_hovered(const VectorHandle& h) const {
  if (h.ring) return context_.hover.query == h.row;
  const bool keys = h.stage == Stage::k || h.stage == Stage::v || h.stage == Stage::source_x;
  if (keys) return context_.hover.key == h.row;
  return context_.hover.query == h.row ||
         (h.stage == Stage::x && !input_.source && context_.hover.key == h.row);
}

std::string VectorsScene::word(const VectorHandle& h) const {
  return std::string(row_word(input_, h.stage, h.row));
}

Colour VectorsScene::colour(const VectorHandle& h) const {
  const Theme& theme = context_.colours();
  return ink_of(h.stage) == Ink::text ? theme.ink : colour_of(theme, h.stage);
}

float VectorsScene::ring_radius(const VectorHandle& h) const {
  return context_.style.px(is_selected(h) ? 12.0f : 9.0f);
}

std::string VectorsScene::axis_name(std::size_t axis) {
  const Stage stage = stages().front();
  const std::size_t columns = trace_.shape(stage).columns;
  const std::size_t column = axes(stage)[axis];
  const auto& names = subject_.document.scenario().feature_names;
  if (kind_ == VectorKind::x && names && column < names->size()) return (*names)[column];
  if (columns <= 2) return {};
  return context_.say("column {column}", fmt::arg("column", column + 1));
}

void VectorsScene::draw_hull() {
  std::vector<Point> corners;
  for (const VectorHandle& h : arrows_) {
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

void VectorsScene::draw_lines() {
  const Stage stage = trace_.has(Stage::dropped) ? Stage::dropped : Stage::weights;
  const StageShape shape = trace_.shape(stage);
  const std::size_t row = subject_.view.selection.row;
  if (input_.config.attend_over == AttendOver::features || row >= shape.rows || rings_.empty() ||
      !known(stage, row))
    return;
  const Read read = trace_.read(stage, shown_head(subject_, stage), {row, 0, 1, shape.columns});
  if (!read.ready()) return;
  for (const VectorHandle& ring : rings_) {
    if (ring.row != row) continue;
    for (const VectorHandle& h : arrows_) {
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
void VectorsScene::draw_ghosts() {
  if (!context_.session.pressed() || !memory_.calm || memory_.calm.get() == &trace_) return;
  const Trace& before = *memory_.calm;
  if (!(before.dimensions() == trace_.dimensions())) return;
  for (const VectorHandle& h : arrows_) {
    const Point was = point_of(before, h.stage, h.row);
    if (was == h.at) continue;
    draw_arrow(context_, memory_.view, was, {with_alpha(colour(h), 0.3f), context_.style.px(1.75f), true});
  }
  for (const VectorHandle& h : rings_) {
    const Point was = point_of(before, h.stage, h.row);
    if (was == h.at || !is_selected(h)) continue;
    context_.list->AddCircle(pixel(was), ring_radius(h), with_alpha(context_.colours().v, 0.35f), 32,
                             context_.style.px(2));
  }
}

void VectorsScene::draw_arrows() {
  const auto draw_one = [&](const VectorHandle& h, bool strong) {
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
    for (const VectorHandle& h : arrows_) {
      if ((is_selected(h) || is_hovered(h)) == strong) draw_one(h, strong);
    }
  }
}

void VectorsScene::draw_rings() {
  const Theme& theme = context_.colours();
  for (const bool strong : {false, true}) {
    for (const VectorHandle& h : rings_) {
      if (is_selected(h) != strong || (crowded() && !strong)) continue;
      context_.list->AddCircle(pixel(h.at), ring_radius(h), with_alpha(theme.v, strong ? 1.0f : 0.5f), 40,
                               context_.style.px(strong ? 4.0f : 2.0f));
    }
  }
}

void VectorsScene::draw_labels(const Rect& plane) {
  Obstacles obstacles;
  obstacles.boxes = ticks_;
  const Point origin = memory_.view.to_pixel({0, 0});
  const auto half = static_cast<double>(context_.style.px(13));
  const bool few = !crowded();
  for (const VectorHandle& h : arrows_) {
    if (!few && !is_selected(h) && !is_hovered(h)) continue;
    const Point tip = memory_.view.to_pixel(h.at);
    obstacles.boxes.push_back({tip.x - half / 2, tip.y - half / 2, tip.x + half / 2, tip.y + half / 2});
    if (few) obstacles.segments.push_back({origin, tip});
  }
  for (const VectorHandle& h : rings_) {
    const Point p = memory_.view.to_pixel(h.at);
    if (is_selected(h)) obstacles.boxes.push_back({p.x - half, p.y - half, p.x + half, p.y + half});
  }
  std::vector<PlaneLabel> labels;
  const auto add_label = [&](const VectorHandle& h, std::string text, const TextLook& look,
                             double clearance) {
    const Point at = memory_.view.to_pixel(h.at);
    labels.push_back({std::move(text), look, at, {at.x - origin.x, at.y - origin.y}, clearance});
  };
  const auto px8 = static_cast<double>(context_.style.px(8));
  // The words in focus find their place first.
  for (const VectorHandle& h : rings_) {
    if (!is_selected(h)) continue;
    add_label(h, context_.say("output of {word}", fmt::arg("word", word(h))),
              context_.look(TextSize::body, context_.colours().v, Face::sans_bold), px8 * 1.9);
    labels.back().towards = {-1, -1};
  }
  for (const bool strong : {true, false}) {
    for (const VectorHandle& h : arrows_) {
      if ((is_selected(h) || is_hovered(h)) != strong || (crowded() && !strong)) continue;
      const Colour ink = ink_of(h.stage) == Ink::text ? context_.colours().ink : colour(h);
      add_label(h, word(h), context_.look(TextSize::label, ink, Face::sans_bold), px8);
    }
  }
  draw_plane_labels(context_, labels, pixels_of(plane), obstacles);
}

ImVec2 VectorsScene::grip(const VectorHandle& ring) const {
  const ImVec2 centre = pixel(ring.at);
  const float r = ring_radius(ring);
  ImVec2 best = centre;
  float best_distance = -1.0f;
  for (int k = 0; k < 8; ++k) {
    const float angle = static_cast<float>(k) * 0.785398f;
    const ImVec2 p{centre.x + r * std::cos(angle), centre.y + r * std::sin(angle)};
    float nearest = 1e9f;
    for (const VectorHandle& a : arrows_) {
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

const VectorHandle* VectorsScene::handle_at(ImVec2 mouse) const {
  const VectorHandle* best = nullptr;
  float best_cost = 1e9f;
  const Style& style = context_.style;
  for (const VectorHandle& h : arrows_) {
    const ImVec2 tip = pixel(h.at);
    const float distance = std::hypot(tip.x - mouse.x, tip.y - mouse.y);
    if (distance <= style.px(16) && distance < best_cost) {
      best_cost = distance;
      best = &h;
    }
  }
  for (const VectorHandle& h : rings_) {
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

}  // namespace attn::ui
