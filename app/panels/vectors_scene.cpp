#include "app/panels/vectors_scene.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/widgets/formula_names.h"
#include "app/widgets/lock.h"
#include "app/widgets/pipeline.h"
#include "core/io/scenario.h"

namespace attn::ui {

using session::VectorKind;

namespace {

constexpr std::size_t kMostArrows = 40;
/// Of more words only so many are drawn, evenly spread, and those in focus: tips lie over each other anyway.
constexpr std::size_t kMostTips = 2048;
/// Principal components of so many vectors are those of all, as far as an eye can tell.
constexpr std::size_t kMostMeasured = 4096;
/// Outputs this many times as far from the origin as the words dwarf them.
constexpr double kDwarfs = 3.0;
constexpr float kEdge = 12.0f;  ///< between the plane's edge and what points at something outside

/// How far the farthest of these lies from the origin, along either axis.
double reach_of(const std::vector<VectorHandle>& handles) {
  double reach = 0.0;
  for (const VectorHandle& h : handles) {
    if (std::isfinite(h.at.x) && std::isfinite(h.at.y))
      reach = std::max({reach, std::abs(h.at.x), std::abs(h.at.y)});
  }
  return reach;
}

/// Whether these are the same words, in whatever order.
bool same_words(const Tokens& a, const Tokens& b) {
  if (a == b) return true;
  return a && b && std::ranges::is_permutation(*a, *b);
}

}  // namespace

bool VectorsScene::outputs_dwarf_words() const {
  const double words = reach_of(arrows_);
  return words > 0.0 && reach_of(rings_) > kDwarfs * words;
}

bool VectorsScene::is_outside(const VectorHandle& ring) const {
  return !memory_.view.pixels().contains(memory_.view.to_pixel(ring.at));
}

ImVec2 VectorsScene::ring_pixel(const VectorHandle& ring) const {
  if (!is_outside(ring)) return pixel(ring.at);
  // On the way there from the middle of the view, as far as the view goes.
  const PixelRect& box = memory_.view.pixels();
  const Point middle = box.centre();
  const Point to = memory_.view.to_pixel(ring.at);
  const auto edge = static_cast<double>(context_.style.px(kEdge));
  const double across = std::abs(to.x - middle.x) / std::max(1.0, box.width() / 2 - edge);
  const double down = std::abs(to.y - middle.y) / std::max(1.0, box.height() / 2 - edge);
  const double t = 1.0 / std::max({across, down, 1.0});
  return to_imgui({middle.x + (to.x - middle.x) * t, middle.y + (to.y - middle.y) * t});
}

bool VectorsScene::crowded() const { return arrows_.size() > kMostArrows; }

VectorsScene::VectorsScene(const session::Subject& subject, PanelContext& context, VectorsView& memory)
    : subject_(subject),
      context_(context),
      memory_(memory),
      trace_(*subject.trace),
      input_(trace_.input()),
      kind_(present_kind(subject.view.vectors)) {
  keep_plane();
  collect();
}

VectorKind VectorsScene::present_kind(VectorKind kind) const {
  if (kind == VectorKind::output) return VectorKind::x;
  if (kind == VectorKind::source && !input_.source) return VectorKind::x;
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
    case VectorKind::source:
      return {Stage::source_x};
    default:
      break;
  }
  // Two sequences share a plane where their vectors are of one kind: equally wide.
  const bool together = input_.source && input_.source->x.columns() == input_.x.columns();
  return together ? std::vector<Stage>{Stage::x, Stage::source_x} : std::vector<Stage>{Stage::x};
}

std::optional<Stage> VectorsScene::ring_stage() const {
  if (kind_ != VectorKind::x && kind_ != VectorKind::v) return std::nullopt;
  const Parameters& p = input_.parameters;
  const bool values_alone = trace_.dimensions().n_heads == 1 && !p[ParameterId::w_o] && !p[ParameterId::b_o];
  // What is mixed from values is one head's output; the whole output only where nothing comes after it.
  const Stage stage = kind_ == VectorKind::v && !values_alone ? Stage::head_outputs : Stage::output;
  if (trace_.shape(stage).columns != width()) return std::nullopt;
  return stage;
}

bool VectorsScene::hull_holds() const {
  const Config& config = input_.config;
  const bool means = config.normalise != Normalise::none && config.softmax_axis == SoftmaxAxis::keys &&
                     !trace_.has(Stage::dropped) && config.attend_over == AttendOver::tokens;
  if (!means || !ring_stage()) return false;
  if (kind_ == VectorKind::v) return true;
  const Parameters& p = input_.parameters;
  return trace_.dimensions().n_heads == 1 && config.position != Position::sinusoidal &&
         !p[ParameterId::w_v] && !p[ParameterId::b_v] && !p[ParameterId::w_o] && !p[ParameterId::b_o];
}

std::array<std::size_t, 2> VectorsScene::axes() const {
  const auto& wanted = subject_.view.plane_axes;
  const std::size_t columns = width();
  if (wanted[0] < columns && wanted[1] < columns && wanted[0] != wanted[1]) return wanted;
  return {0, columns > 1 ? std::size_t{1} : std::size_t{0}};
}

void VectorsScene::keep_plane() {
  KeptPlane& kept = memory_.kept;
  const Tokens source_tokens = input_.source ? input_.source->tokens : nullptr;
  const KeptPlane wanted{kind_,
                         shown_head(subject_, stages().front()),
                         principal(),
                         axes(),
                         width(),
                         trace_.revision(),
                         input_.tokens,
                         source_tokens,
                         context_.session.original(),
                         {}};
  const bool same = kept.kind == wanted.kind && kept.head == wanted.head &&
                    kept.principal == wanted.principal && kept.axes == wanted.axes &&
                    kept.width == wanted.width && same_words(kept.tokens, wanted.tokens) &&
                    same_words(kept.source_tokens, wanted.source_tokens) && kept.original == wanted.original;
  if (same) {
    kept.tokens = wanted.tokens;  // moved words are the same ones
    kept.source_tokens = wanted.source_tokens;
    return;
  }
  kept = wanted;
  kept.plane.plane = feature_plane(wanted.width, wanted.axes[0], wanted.axes[1]);
  if (!wanted.principal) return;
  // Vectors that share the plane decide together.
  std::vector<float> numbers;
  std::size_t count = 0;
  for (const Stage stage : stages()) {
    const Read read = trace_.read_head(stage, shown_head(subject_, stage));
    const std::size_t step = (read.values.rows + kMostMeasured - 1) / kMostMeasured;
    for (std::size_t i = 0; read.ready() && i < read.values.rows; i += step, ++count) {
      const auto row = read.values.row(i);
      numbers.insert(numbers.end(), row.begin(), row.end());
    }
  }
  if (count > 0) kept.plane = principal_plane({numbers.data(), count, wanted.width, wanted.width});
}

Point VectorsScene::point_of(const Trace& trace, Stage stage, std::size_t row) const {
  const StageShape shape = trace.shape(stage);
  const Read read = trace.read(stage, shown_head(subject_, stage), {row, 0, 1, shape.columns});
  if (!read.ready() || shape.columns != plane().plane.width()) return {};
  const auto vector = read.values.row(0);
  if (!principal() && vector.size() > 1) {
    // Two of its numbers: no sum over all of them.
    const std::array<std::size_t, 2> shown = axes();
    return {static_cast<double>(vector[shown[0]]), static_cast<double>(vector[shown[1]])};
  }
  const std::array<double, 2> at = project(plane().plane, vector);
  return {at[0], at[1]};
}

bool VectorsScene::known(Stage stage, std::size_t row) const {
  return subject_.playhead.computed(
      {stage, shown_head(subject_, stage), row, trace_.shape(stage).columns - 1});
}

std::vector<std::size_t> VectorsScene::drawn_rows(Stage stage) const {
  const std::size_t count = trace_.shape(stage).rows;
  const std::size_t step = (count + kMostTips - 1) / kMostTips;
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < count; row += step) rows.push_back(row);
  if (step == 1) return rows;
  const CellRef& selected = subject_.view.selection;
  for (const std::optional<std::size_t> focus : {std::optional(selected.row), std::optional(selected.column),
                                                 context_.hover.query, context_.hover.key}) {
    if (focus && *focus < count) rows.push_back(*focus);
  }
  std::ranges::sort(rows);
  rows.erase(std::ranges::unique(rows).begin(), rows.end());
  return rows;
}

std::size_t VectorsScene::words_a_tip() const {
  return (trace_.shape(stages().front()).rows + kMostTips - 1) / kMostTips;
}

void VectorsScene::collect() {
  for (const Stage stage : stages()) {
    for (const std::size_t row : drawn_rows(stage)) {
      if (known(stage, row)) arrows_.push_back({false, stage, row, point_of(trace_, stage, row)});
    }
  }
  const std::optional<Stage> ring = ring_stage();
  if (!ring) return;
  for (const std::size_t row : drawn_rows(*ring)) {
    if (known(*ring, row)) rings_.push_back({true, *ring, row, point_of(trace_, *ring, row)});
  }
}

void VectorsScene::fit(const Rect& plane, bool dragging) {
  const PixelRect pixels = pixels_of(plane);
  const bool moving = dragging || context_.session.pressed().has_value();
  std::vector<Point> points;
  for (const VectorHandle& h : arrows_) points.push_back(h.at);
  // Words are what one looks for: outputs far outside are pointed at, unless they are asked for.
  const bool all = subject_.view.fit_outputs || moving || !outputs_dwarf_words();
  for (const VectorHandle& h : rings_)
    if (all) points.push_back(h.at);
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
  const bool keys = rows_are_keys(h.stage);
  return keys && is_score_like(cell.stage) ? cell.column == h.row : cell.row == h.row;
}

bool VectorsScene::is_hovered(const VectorHandle& h) const {
  if (h.ring) return context_.hover.query == h.row;
  const bool keys = rows_are_keys(h.stage);
  if (keys) return context_.hover.key == h.row;
  return context_.hover.query == h.row ||
         (h.stage == Stage::x && !input_.source && context_.hover.key == h.row);
}

std::string VectorsScene::word(const VectorHandle& h) const {
  return std::string(row_word(input_, h.stage, h.row));
}

/// An arrow of Q, K or V moves its word.
bool VectorsScene::is_locked(const VectorHandle& h) const {
  if (h.ring) return locks_pull(context_.session, h.row);
  const bool source = input_.source && rows_are_keys(h.stage);
  return locks(context_.session, fmt::format("{}[{}]", source ? "source" : "x", h.row));
}

Colour VectorsScene::colour(const VectorHandle& h) const {
  const Theme& theme = context_.colours();
  return ink_of(h.stage) == Ink::text ? theme.ink : colour_of(theme, h.stage);
}

Colour VectorsScene::label_colour(const VectorHandle& h) const {
  // Two sequences in one plane are told apart as in the table: who asks and who answers.
  if (stages().size() < 2) return colour(h);
  return h.stage == Stage::x ? context_.colours().q : context_.colours().k;
}

float VectorsScene::ring_radius(const VectorHandle& h) const {
  return context_.style.px(is_selected(h) ? 12.0f : 9.0f);
}

std::string VectorsScene::component_name(std::size_t component) const {
  const auto& names = subject_.document.scenario().feature_names;
  if (kind_ == VectorKind::x && names && component < names->size()) return (*names)[component];
  return context_.say("column {column}", fmt::arg("column", component + 1));
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
    if ((crowded() && !is_selected(h)) || is_outside(h)) continue;
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
