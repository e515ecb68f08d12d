#include "app/widgets/vector_plane_geometry.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace attn::ui {
namespace {

constexpr double kMargin = 0.16;       // of the data's extent, on every side
constexpr double kMostCovered = 0.06;  // of an optional label, by what it must keep clear of
constexpr double kLeastExtent = 1.0;   // when all points are (nearly) at the origin

double cross(Point o, Point a, Point b) { return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x); }

/// How badly a box stands: what it covers, how far it leaves the bounds, how far it is from its anchor.
double cost_of(const PixelRect& box, const LabelRequest& label, std::span<const PixelRect> placed,
               const PixelRect& bounds, const Obstacles& obstacles) {
  double cost = 0.0;
  const double area = std::max(1.0, box.width() * box.height());
  for (const PixelRect& other : placed) cost += 12.0 * overlap(box, other) / area;
  for (const PixelRect& other : obstacles.boxes) cost += 6.0 * overlap(box, other) / area;
  for (const Obstacles::Segment& s : obstacles.segments) {
    const double reach = std::min(box.width(), box.height()) / 2;
    const double distance = distance_to_segment(box.centre(), s.a, s.b);
    if (distance < reach) cost += 1.5 * (1.0 - distance / reach);
  }
  cost += 80.0 * (1.0 - overlap(box, bounds) / area);
  const double away = std::hypot(box.centre().x - label.anchor.x, box.centre().y - label.anchor.y);
  cost += 0.012 * away;
  const double length = std::hypot(label.towards.x, label.towards.y);
  if (length > 0.0 && away > 0.0) {
    const double along = ((box.centre().x - label.anchor.x) * label.towards.x +
                          (box.centre().y - label.anchor.y) * label.towards.y) /
                         (length * away);
    cost += 0.35 * (1.0 - along);
  }
  return cost;
}

}  // namespace

double overlap(const PixelRect& a, const PixelRect& b) {
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0.0;
}

double distance_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length_squared = dx * dx + dy * dy;
  const double t = length_squared > 0.0
                       ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length_squared, 0.0, 1.0)
                       : 0.0;
  return std::hypot(p.x - (a.x + t * dx), p.y - (a.y + t * dy));
}

Point PlaneView::to_pixel(Point p) const {
  const Point middle = pixels_.centre();
  return {middle.x + (p.x - centre_.x) * scale_, middle.y - (p.y - centre_.y) * scale_};
}

Point PlaneView::to_plane(Point pixel) const {
  const Point middle = pixels_.centre();
  return {centre_.x + (pixel.x - middle.x) / scale_, centre_.y - (pixel.y - middle.y) / scale_};
}

PlaneView fit_view(std::span<const Point> points, const PixelRect& pixels) {
  Point low{0.0, 0.0};
  Point high{0.0, 0.0};
  for (const Point& p : points) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) continue;
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  const double extent = std::max({high.x - low.x, high.y - low.y, 1e-30});
  const double room = kMargin * extent + (extent < 1e-20 ? kLeastExtent : 0.0);
  const double width = high.x - low.x + 2 * room;
  const double height = high.y - low.y + 2 * room;
  const double scale = std::max(
      1e-30, std::min(std::max(pixels.width(), 1.0) / width, std::max(pixels.height(), 1.0) / height));
  return {pixels, {(low.x + high.x) / 2, (low.y + high.y) / 2}, scale};
}

double tick_step(double pixels_per_unit, double least_pixels) {
  const double least = least_pixels / pixels_per_unit;
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

std::vector<Point> convex_hull(std::vector<Point> points) {
  std::erase_if(points, [](Point p) { return !std::isfinite(p.x) || !std::isfinite(p.y); });
  std::sort(points.begin(), points.end(),
            [](Point a, Point b) { return a.x < b.x || (a.x == b.x && a.y < b.y); });
  points.erase(std::unique(points.begin(), points.end()), points.end());
  if (points.size() < 3) return points;
  // Andrew's monotone chain: the lower side from left to right, then the upper side back.
  std::vector<Point> hull(2 * points.size());
  std::size_t n = 0;
  const auto add = [&](Point p, std::size_t keep) {
    while (n >= keep + 2 && cross(hull[n - 2], hull[n - 1], p) <= 0) --n;
    hull[n++] = p;
  };
  for (const Point& p : points) add(p, 0);
  const std::size_t lower = n - 1;
  for (std::size_t i = points.size() - 1; i-- > 0;) add(points[i], lower);
  hull.resize(n - 1);
  return hull;
}

std::vector<PixelRect> place_labels(std::span<const LabelRequest> labels, const PixelRect& bounds,
                                    const Obstacles& obstacles) {
  constexpr int kDirections = 16;
  constexpr std::array kDistances = {1.0, 2.2, 4.0, 6.5};
  std::vector<PixelRect> placed;
  placed.reserve(labels.size());
  for (const LabelRequest& label : labels) {
    PixelRect best;
    double best_cost = std::numeric_limits<double>::infinity();
    for (const double factor : kDistances) {
      for (int k = 0; k < kDirections; ++k) {
        const double angle = 2.0 * std::numbers::pi * k / kDirections;
        const double reach = label.clearance * factor;
        const Point middle = {label.anchor.x + std::cos(angle) * (label.width / 2 + reach),
                              label.anchor.y + std::sin(angle) * (label.height / 2 + reach)};
        const PixelRect box = {middle.x - label.width / 2, middle.y - label.height / 2,
                               middle.x + label.width / 2, middle.y + label.height / 2};
        const double cost = cost_of(box, label, placed, bounds, obstacles);
        if (cost < best_cost) {
          best_cost = cost;
          best = box;
        }
      }
    }
    const double much = kMostCovered * best.width() * best.height();
    const auto covers = [&](const PixelRect& other) { return overlap(best, other) > 0.0; };
    const auto covers_much = [&](const PixelRect& other) { return overlap(best, other) > much; };
    if (label.optional &&
        (std::ranges::any_of(placed, covers) || std::ranges::any_of(obstacles.boxes, covers_much)))
      best = {};
    placed.push_back(best);
  }
  return placed;
}

}  // namespace attn::ui
