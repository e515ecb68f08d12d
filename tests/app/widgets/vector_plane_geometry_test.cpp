#include "app/widgets/vector_plane_geometry.h"

#include <doctest/doctest.h>

#include <array>
#include <limits>

using namespace attn::ui;

namespace {
constexpr PixelRect kSquare = {100, 50, 500, 450};
}

TEST_CASE("the view shows the origin and every point, with a margin, one unit as long on both axes") {
  const std::array points = {Point{1, 2}, Point{3, 4}, Point{-2, 1}};
  const PlaneView view = fit_view(points, kSquare);
  for (const Point p : {points[0], points[1], points[2], Point{0, 0}}) {
    const Point pixel = view.to_pixel(p);
    CHECK(pixel.x > kSquare.left + 20);
    CHECK(pixel.x < kSquare.right - 20);
    CHECK(pixel.y > kSquare.top + 20);
    CHECK(pixel.y < kSquare.bottom - 20);
  }
  const Point origin = view.to_pixel({0, 0});
  CHECK(view.to_pixel({1, 0}).x - origin.x == doctest::Approx(origin.y - view.to_pixel({0, 1}).y));
}

TEST_CASE("pixel and plane are inverse to each other") {
  const std::array points = {Point{1, 2}, Point{3, 4}};
  const PlaneView view = fit_view(points, kSquare);
  const Point back = view.to_plane(view.to_pixel({2.5, -1.25}));
  CHECK(back.x == doctest::Approx(2.5));
  CHECK(back.y == doctest::Approx(-1.25));
}

TEST_CASE("points at the origin, huge points and points that are not finite still give a view") {
  const std::array zero = {Point{0, 0}};
  CHECK(fit_view(zero, kSquare).pixels_per_unit() == doctest::Approx(200.0));
  const std::array odd = {Point{std::numeric_limits<double>::quiet_NaN(), 1},
                          Point{std::numeric_limits<double>::infinity(), 1}, Point{2, 2}};
  CHECK(fit_view(odd, kSquare).pixels_per_unit() == doctest::Approx(400.0 / 2.64));
  const std::array large = {Point{3e30, 0}};
  CHECK(fit_view(large, kSquare).pixels_per_unit() > 0.0);
}

TEST_CASE("tick steps are 1, 2 or 5 times a power of ten") {
  CHECK(tick_step(56.0, 30.0) == doctest::Approx(1.0));
  CHECK(tick_step(20.0, 30.0) == doctest::Approx(2.0));
  CHECK(tick_step(8.0, 30.0) == doctest::Approx(5.0));
  CHECK(tick_step(4.0, 30.0) == doctest::Approx(10.0));
  CHECK(tick_step(800.0, 30.0) == doctest::Approx(0.05));
}

TEST_CASE("the hull leaves out what is inside or on an edge") {
  const auto hull = convex_hull({{0, 0}, {2, 0}, {1, 0}, {2, 2}, {1, 1}, {0, 2}, {0.5, 1.5}});
  CHECK(hull.size() == 4);
  CHECK(convex_hull({{1, 2}, {2, 3}, {3, 4}}).size() == 2);  // three words on one line
}

TEST_CASE("labels of points that lie close together do not cover each other") {
  std::vector<LabelRequest> labels;
  for (int i = 0; i < 5; ++i) labels.push_back({{300.0 + 4 * i, 250.0 + 3 * i}, {1, -1}, 40, 20, 8});
  const auto boxes = place_labels(labels, kSquare, {});
  REQUIRE(boxes.size() == 5);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK(overlap(boxes[i], boxes[j]) < 60.0);
    CHECK(overlap(boxes[i], kSquare) == doctest::Approx(boxes[i].width() * boxes[i].height()));
  }
}

TEST_CASE("a label keeps clear of arrows when there is room beside them") {
  Obstacles obstacles;
  obstacles.segments.push_back({{100, 450}, {500, 50}});
  const std::vector<LabelRequest> one = {{{300, 250}, {1, -1}, 40, 20, 8}};
  const auto boxes = place_labels(one, kSquare, obstacles);
  CHECK(distance_to_segment(boxes[0].centre(), {100, 450}, {500, 50}) > 10.0);
}

TEST_CASE("an optional label that could only stand on an obstacle is left out") {
  const std::vector<LabelRequest> one = {{{300, 250}, {1, -1}, 40, 20, 8, true}};
  CHECK(place_labels(one, kSquare, {})[0].width() == doctest::Approx(40.0));
  Obstacles everywhere;
  everywhere.boxes.push_back(kSquare);
  CHECK(place_labels(one, kSquare, everywhere)[0].width() == 0.0);
}

TEST_CASE("an optional label that finds no room is left out, one that is needed is not") {
  // Three labels as large as the square, on the same spot.
  const PixelRect square{0, 0, 100, 100};
  std::vector<LabelRequest> labels(3);
  for (LabelRequest& label : labels) {
    label.anchor = {50, 50};
    label.width = 300;
    label.height = 300;
  }
  labels[2].optional = true;
  const auto boxes = place_labels(labels, square, {});
  CHECK(boxes[0].width() == 300.0);
  CHECK(boxes[1].width() == 300.0);
  CHECK(boxes[2].width() == 0.0);
}
