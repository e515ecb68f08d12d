#pragma once
// The geometry of the vector plane, without drawing: what range of the plane is shown, where ticks stand,
// which points make the hull, and where labels find room.

#include <cstddef>
#include <span>
#include <vector>

namespace attn::ui {

struct Point {
  double x = 0.0;
  double y = 0.0;
  bool operator==(const Point&) const = default;
};

/// A rectangle in pixels (y down).
struct PixelRect {
  double left = 0.0;
  double top = 0.0;
  double right = 0.0;
  double bottom = 0.0;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
  Point centre() const { return {(left + right) / 2, (top + bottom) / 2}; }
  bool contains(Point p) const { return p.x >= left && p.x <= right && p.y >= top && p.y <= bottom; }
};

/// Overlapping area of two rectangles.
double overlap(const PixelRect& a, const PixelRect& b);
/// Distance from a point to the segment a–b.
double distance_to_segment(Point p, Point a, Point b);

/// The part of the plane that is shown; one unit is as long on both axes.
class PlaneView {
 public:
  PlaneView() = default;
  PlaneView(PixelRect pixels, Point centre, double pixels_per_unit)
      : pixels_(pixels), centre_(centre), scale_(pixels_per_unit) {}

  Point to_pixel(Point p) const;
  Point to_plane(Point pixel) const;
  const PixelRect& pixels() const { return pixels_; }
  double pixels_per_unit() const { return scale_; }
  /// The same part of the plane in another rectangle of pixels: the centre stays, the scale too.
  PlaneView moved_to(PixelRect pixels) const { return {pixels, centre_, scale_}; }

 private:
  PixelRect pixels_;
  Point centre_;
  double scale_ = 1.0;
};

/// A view that shows the origin and every point, with room around for labels and for dragging outwards.
/// Points that are not finite are left out.
PlaneView fit_view(std::span<const Point> points, const PixelRect& pixels);

/// The step of 1, 2 or 5 times a power of ten that makes ticks at least `least_pixels` apart.
double tick_step(double pixels_per_unit, double least_pixels);

/// Corners of the convex hull, in order; fewer than three points are returned as they are.
std::vector<Point> convex_hull(std::vector<Point> points);

/// What labels must keep clear of.
struct Obstacles {
  std::vector<PixelRect> boxes;
  struct Segment {
    Point a;
    Point b;
  };
  std::vector<Segment> segments;
};

struct LabelRequest {
  Point anchor;   ///< what it names, in pixels
  Point towards;  ///< direction in which it prefers to stand, any length; (0, 0): none
  double width = 0.0;
  double height = 0.0;
  double clearance = 8.0;  ///< from the anchor to the nearest edge of the label
  bool optional = false;   ///< left out where it would cover another label, or much of an obstacle
};

/// A box for every label, first come first served: the nearest place that covers the least. The box of an
/// optional label that found no room is empty.
std::vector<PixelRect> place_labels(std::span<const LabelRequest> labels, const PixelRect& bounds,
                                    const Obstacles& obstacles);

}  // namespace attn::ui
