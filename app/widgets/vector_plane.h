#pragma once
// The plane with its axes, grid, arrows and rings: drawing only. What is dragged is the panel's business.

#include <span>
#include <string>
#include <vector>

#include "app/widgets/panel_context.h"
#include "app/widgets/vector_plane_geometry.h"

namespace attn::ui {

inline ImVec2 to_imgui(Point p) { return {static_cast<float>(p.x), static_cast<float>(p.y)}; }
inline Point from_imgui(ImVec2 p) { return {static_cast<double>(p.x), static_cast<double>(p.y)}; }
inline PixelRect pixels_of(const Rect& r) {
  return {static_cast<double>(r.min.x), static_cast<double>(r.min.y), static_cast<double>(r.max.x),
          static_cast<double>(r.max.y)};
}

/// Grid, axes and the numbers at the ticks; names, where given, at the ends of the axes, and beside `tips` of
/// arrows (in pixels) that lie there. Returns where the numbers and names stand.
std::vector<PixelRect> draw_plane(PanelContext& context, const PlaneView& view, std::string_view horizontal,
                                  std::string_view vertical, std::span<const Point> tips = {});

struct ArrowLook {
  Colour colour = 0;
  float thickness = 2.0f;
  bool dashed = false;
};
/// From the origin to `tip` (both in the plane), with an arrowhead.
void draw_arrow(PanelContext& context, const PlaneView& view, Point tip, const ArrowLook& look);

/// Its head once more, apart from what lies under it by a line of the card's colour.
void draw_arrow_head(PanelContext& context, const PlaneView& view, Point tip, Colour colour);

void draw_dashes(ImDrawList& list, ImVec2 from, ImVec2 to, Colour colour, float thickness, float dash);

/// A name beside what it names.
struct PlaneLabel {
  std::string text;
  TextLook look;
  Point anchor;  ///< in pixels
  Point towards;
  double clearance = 8.0;
  bool optional = false;  ///< left out where it would cover another one
};
/// Finds room for every label, first come first served, and draws them.
void draw_plane_labels(PanelContext& context, std::span<const PlaneLabel> labels, const PixelRect& bounds,
                       const Obstacles& obstacles);

}  // namespace attn::ui
