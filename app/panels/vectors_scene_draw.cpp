// How the scene of the vectors panel is drawn.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/panels/vectors_scene.h"
#include "app/widgets/number_format.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/row_reads.h"
#include "core/io/scenario.h"

namespace attn::ui {

using session::VectorKind;

namespace {

/// Among more words than these only names in focus are written.
constexpr std::size_t kMostLabels = 80;
/// Names of more words than these are written smaller: more of them find room.
constexpr std::size_t kMostLarge = 8;
/// Whether a share makes a line that can be seen.
bool draws_line(float share) { return share >= 0.002f; }

/// The part of the plane's width that one name may take.
constexpr float kWidestName = 0.42f;

}  // namespace

void VectorsScene::draw(const Rect& plane) {
  std::vector<Point> tips;
  if (!crowded())
    for (const VectorHandle& h : arrows_) tips.push_back(memory_.view.to_pixel(h.at));
  ticks_ = draw_plane(context_, memory_.view, axis_name(0), axis_name(1), tips);
  if (subject_.view.hull) draw_hull();
  if (subject_.view.attention_lines) draw_lines();
  draw_ghosts();
  draw_arrows();
  draw_rings();
  draw_tips_in_rings();
  draw_labels(plane);
}

std::string VectorsScene::axis_name(std::size_t axis) const {
  if (principal()) {
    return context_.say("PC {number} · {share}", fmt::arg("number", axis + 1),
                        fmt::arg("share", format_number(100.0 * plane().share[axis], 0) + " %"));
  }
  const std::size_t component = axes()[axis];
  const bool named = kind_ == VectorKind::x && subject_.document.scenario().feature_names;
  if (axis > 0 && width() < 2) return {};
  return named || width() > 2 ? component_name(component) : std::string();
}

void VectorsScene::draw_hull() {
  std::vector<Point> corners;
  for (const VectorHandle& h : arrows_) {
    // The values are those of the side that answers.
    if (stages().size() < 2 || h.stage != Stage::x) corners.push_back(h.at);
  }
  corners = convex_hull(std::move(corners));
  std::vector<ImVec2> pixels;
  pixels.reserve(corners.size());
  for (const Point& p : corners) pixels.push_back(pixel(p));
  const Theme& theme = context_.colours();
  const Colour ink = kind_ == VectorKind::q ? theme.q : kind_ == VectorKind::k ? theme.k : theme.v;
  if (pixels.size() >= 3) {
    context_.list->AddConvexPolyFilled(pixels.data(), static_cast<int>(pixels.size()),
                                       with_alpha(ink, 0.14f));
  }
  context_.list->AddPolyline(pixels.data(), static_cast<int>(pixels.size()), with_alpha(ink, 0.8f),
                             ImDrawFlags_Closed, context_.style.px(1.5f));
}

void VectorsScene::draw_line_to(const Point& from, const VectorHandle& key, float share) {
  if (!draws_line(share)) return;
  const Theme& theme = context_.colours();
  const Colour ink = kind_ == VectorKind::q || kind_ == VectorKind::k ? theme.k : theme.v;
  context_.list->AddLine(pixel(from), pixel(key.at), with_alpha(ink, 0.25f + 0.6f * share),
                         context_.style.px(1.0f + 7.0f * share));
}

/// From the asking side of the selected row to every word that answers, as thick as its share. In the plane
/// of Q and of K, which is one, the asking side is the query; elsewhere it is the output.
void VectorsScene::draw_lines() {
  const Stage stage = trace_.has(Stage::dropped) ? Stage::dropped : Stage::weights;
  const StageShape shape = trace_.shape(stage);
  const std::size_t row = subject_.view.selection.row;
  if (input_.config.attend_over == AttendOver::features || row >= shape.rows || !known(stage, row)) return;
  const Read& read = context_.memory.get<RowReads>().row(trace_, stage, shown_head(subject_, stage), row);
  if (!read.ready()) return;
  const auto share = [&](std::size_t key) { return std::clamp(std::abs(read.values(0, key)), 0.0f, 1.0f); };
  if (kind_ == VectorKind::q || kind_ == VectorKind::k) {
    const Point query = point_of(trace_, Stage::q, row);
    const std::size_t step = words_a_tip();
    for (std::size_t key = 0; key < shape.columns; ++key) {
      if (!draws_line(share(key)) && (kind_ != VectorKind::q || key % step != 0)) continue;
      const VectorHandle at{false, Stage::k, key, point_of(trace_, Stage::k, key)};
      draw_line_to(query, at, share(key));
      if (kind_ == VectorKind::q)
        context_.list->AddCircleFilled(pixel(at.at), context_.style.px(4), context_.colours().k, 12);
    }
    if (kind_ == VectorKind::k)
      draw_arrow(context_, memory_.view, query, {context_.colours().q, context_.style.px(2.5f), false});
    return;
  }
  for (const VectorHandle& ring : rings_) {
    if (ring.row != row) continue;
    if (words_a_tip() > 1 && stages().size() < 2) {
      // Most words have no tip of their own here; those that answer with much have a line.
      for (std::size_t key = 0; key < shape.columns; ++key) {
        if (!draws_line(share(key))) continue;
        draw_line_to(ring.at, {false, stages().front(), key, point_of(trace_, stages().front(), key)},
                     share(key));
      }
      continue;
    }
    for (const VectorHandle& h : arrows_) {
      if (h.row < shape.columns && (stages().size() < 2 || h.stage != Stage::x))
        draw_line_to(ring.at, h, share(h.row));
    }
  }
}

/// Where everything was at the press.
void VectorsScene::draw_ghosts() {
  if (!context_.session.pressed() || subject_.calm == nullptr || subject_.calm == &trace_) return;
  const Trace& before = *subject_.calm;
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
      if (is_outside(h)) {
        draw_ring_outside(h, strong);
        continue;
      }
      context_.list->AddCircle(pixel(h.at), ring_radius(h), with_alpha(theme.v, strong ? 1.0f : 0.5f), 40,
                               context_.style.px(strong ? 4.0f : 2.0f));
    }
  }
}

/// At the edge of the view, an arrowhead that points at a ring outside.
void VectorsScene::draw_ring_outside(const VectorHandle& ring, bool strong) {
  const ImVec2 tip = ring_pixel(ring);
  const ImVec2 to = pixel(ring.at);
  const float length = std::hypot(to.x - tip.x, to.y - tip.y);
  if (!(length > 0.0f) || !std::isfinite(length)) return;
  const ImVec2 unit{(to.x - tip.x) / length, (to.y - tip.y) / length};
  const float size = context_.style.px(strong ? 9.0f : 6.0f);
  const ImVec2 front{tip.x + unit.x * size, tip.y + unit.y * size};
  const ImVec2 back{tip.x - unit.x * size, tip.y - unit.y * size};
  const ImVec2 side{-unit.y * size, unit.x * size};
  context_.list->AddTriangleFilled(front, {back.x + side.x, back.y + side.y},
                                   {back.x - side.x, back.y - side.y},
                                   with_alpha(context_.colours().v, strong ? 1.0f : 0.5f));
}

/// A ring lies over the arrows, but not over the tip that it stands around.
void VectorsScene::draw_tips_in_rings() {
  if (crowded()) return;
  for (const bool strong : {false, true}) {
    for (const VectorHandle& h : arrows_) {
      if ((is_selected(h) || is_hovered(h)) != strong) continue;
      const ImVec2 tip = pixel(h.at);
      const bool ringed = std::ranges::any_of(rings_, [&](const VectorHandle& ring) {
        const ImVec2 centre = pixel(ring.at);
        return std::hypot(centre.x - tip.x, centre.y - tip.y) < ring_radius(ring) + context_.style.px(13);
      });
      if (ringed) draw_arrow_head(context_, memory_.view, h.at, with_alpha(colour(h), strong ? 1.0f : 0.7f));
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
    const ImVec2 at = ring_pixel(h);
    const Point p{static_cast<double>(at.x), static_cast<double>(at.y)};
    if (!few && !is_selected(h)) continue;
    const double side = is_selected(h) ? half : half * 0.7;
    obstacles.boxes.push_back({p.x - side, p.y - side, p.x + side, p.y + side});
  }
  std::vector<PlaneLabel> labels;
  const auto add_label = [&](const VectorHandle& h, std::string text, const TextLook& look,
                             double clearance) {
    const ImVec2 pixel_at = h.ring ? ring_pixel(h) : pixel(h.at);
    const Point at{static_cast<double>(pixel_at.x), static_cast<double>(pixel_at.y)};
    labels.push_back({std::move(text), look, at, {at.x - origin.x, at.y - origin.y}, clearance});
  };
  const auto px8 = static_cast<double>(context_.style.px(8));
  const float widest = std::max(context_.style.px(110), kWidestName * plane.width());
  // The words in focus find their place first.
  for (const VectorHandle& h : rings_) {
    if (!is_selected(h)) continue;
    const TextLook look = context_.look(TextSize::body, context_.colours().v, Face::sans_bold);
    const float rest = context_.text.measure(look, context_.say("output of {word}", fmt::arg("word", ""))).x;
    const std::string name =
        context_.text.ellipsis(look, word(h), std::max(widest - rest, context_.style.px(60)));
    add_label(h, context_.say("output of {word}", fmt::arg("word", name)), look, px8 * 1.9);
    labels.back().towards = {-1, -1};
  }
  for (const bool strong : {true, false}) {
    for (const VectorHandle& h : arrows_) {
      if ((is_selected(h) || is_hovered(h)) != strong || (arrows_.size() > kMostLabels && !strong)) continue;
      const TextLook look = context_.look(arrows_.size() <= kMostLarge ? TextSize::label : TextSize::body,
                                          label_colour(h), Face::sans_bold);
      add_label(h, context_.text.ellipsis(look, word(h), widest), look, px8);
      labels.back().optional = !strong;
    }
  }
  draw_plane_labels(context_, labels, pixels_of(plane), obstacles);
}

}  // namespace attn::ui
