#include "app/widgets/pipeline_layout.h"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using namespace attn;
using namespace attn::ui;

namespace {

const Rect kStrip{{20, 10}, {1400, 190}};

PipelineStage stage_of(Stage stage, std::size_t rows, std::size_t columns, double value = 0.5678) {
  PipelineStage s;
  s.stage = stage;
  s.rows = rows;
  s.columns = columns;
  s.widths.add(value);
  const bool letter = stage == Stage::q || stage == Stage::k || stage == Stage::v;
  s.title_width = letter ? 14.0f : 90.0f;
  return s;
}

std::vector<PipelineStage> stages(std::size_t n, std::size_t d) {
  return {stage_of(Stage::x, n, d, 3),         stage_of(Stage::q, n, d, 3),
          stage_of(Stage::k, n, d, 3),         stage_of(Stage::v, n, d, 3),
          stage_of(Stage::scores, n, n, 25),   stage_of(Stage::scaled, n, n, 25),
          stage_of(Stage::masked, n, n, 25),   stage_of(Stage::weights, n, n),
          stage_of(Stage::head_outputs, n, d), stage_of(Stage::concat, n, d),
          stage_of(Stage::output, n, d)};
}

void check_apart(const PipelineLayout& layout) {
  for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Rect both = layout.boxes[i].matrix.intersection(layout.boxes[j].matrix);
      CAPTURE(name(layout.boxes[i].stage));
      CAPTURE(name(layout.boxes[j].stage));
      CHECK(both.empty());
    }
  }
}

}  // namespace

TEST_CASE("three words: every stage with its numbers, side by side, Q, K and V above one another") {
  const auto three = stages(3, 2);
  const PipelineLayout layout = lay_out_pipeline(three, kStrip, {});
  REQUIRE(layout.boxes.size() == three.size());
  CHECK(layout.width <= kStrip.width() + 1);
  check_apart(layout);
  for (const PipelineBox& box : layout.boxes) {
    CAPTURE(name(box.stage));
    CHECK(box.numbers);
    CHECK(box.frame.min.y >= kStrip.min.y - 6);
    CHECK(box.frame.max.y <= kStrip.max.y + 6);
  }
  CHECK(layout.find(Stage::q)->column == layout.find(Stage::v)->column);
  CHECK(layout.find(Stage::q)->matrix.max.y < layout.find(Stage::k)->matrix.min.y);
  CHECK(layout.find(Stage::weights)->matrix.max.x < layout.find(Stage::head_outputs)->matrix.min.x);
  CHECK(layout.find(Stage::q_rotated) == nullptr);
}

TEST_CASE("half the width: smaller letters before anything scrolls") {
  const auto three = stages(3, 2);
  const Rect narrow{{0, 0}, {1050, 180}};
  const PipelineLayout layout = lay_out_pipeline(three, narrow, {});
  CHECK(layout.width <= narrow.width() + 1);
  CHECK(layout.find(Stage::weights)->number_px <
        lay_out_pipeline(three, kStrip, {}).find(Stage::weights)->number_px);
  check_apart(layout);
}

TEST_CASE("512 tokens are pictures without numbers, and fit") {
  const PipelineLayout layout = lay_out_pipeline(stages(512, 64), kStrip, {});
  CHECK(layout.width <= kStrip.width() + 1);
  check_apart(layout);
  for (const PipelineBox& box : layout.boxes) CHECK_FALSE(box.numbers);
}

TEST_CASE("where not even pictures fit, the strip is wider than its area: it scrolls") {
  const PipelineLayout layout = lay_out_pipeline(stages(12, 8), {{0, 0}, {500, 180}}, {});
  CHECK(layout.width > 500.0f);
  check_apart(layout);
}

TEST_CASE("other numbers fill the same boxes, with fewer decimals where they have outgrown their cells") {
  const PipelineMetrics metrics;
  const std::vector<PipelineStage> before = stages(3, 2);
  const PipelineLayout layout = lay_out_pipeline(before, kStrip, metrics);
  // Every number as wide as before: nothing changes.
  const auto same = refill_pipeline(layout, before, before, metrics);
  REQUIRE(same.has_value());
  CHECK(same->find(Stage::weights)->style == layout.find(Stage::weights)->style);
  // The weights grow from 0.57 to 12.35: the box stays, the decimals give way.
  std::vector<PipelineStage> grown = before;
  for (PipelineStage& s : grown) {
    if (s.stage == Stage::weights) s.widths.add(12.3456);
  }
  const auto refilled = refill_pipeline(layout, before, grown, metrics);
  REQUIRE(refilled.has_value());
  for (const PipelineBox& box : layout.boxes) {
    CAPTURE(name(box.stage));
    CHECK(refilled->find(box.stage)->matrix.min.x == box.matrix.min.x);
    CHECK(refilled->find(box.stage)->matrix.max.x == box.matrix.max.x);
  }
  CHECK(refilled->find(Stage::weights)->style.decimals < layout.find(Stage::weights)->style.decimals);
  // Back at narrow numbers the decimals would come back: what has been wide must be kept by the caller.
  NumberWidths both = before.front().widths;
  both.add(grown[7].widths);
  CHECK(both.widest({2}) == grown[7].widths.widest({2}));
}

TEST_CASE("numbers that cannot fit any more, and other matrices, need a new layout") {
  const PipelineMetrics metrics;
  const std::vector<PipelineStage> before = stages(3, 2);
  const PipelineLayout layout = lay_out_pipeline(before, kStrip, metrics);
  std::vector<PipelineStage> grown = before;
  grown[7].widths.add(-1234567.5);
  CHECK_FALSE(refill_pipeline(layout, before, grown, metrics).has_value());
  CHECK_FALSE(refill_pipeline(layout, before, stages(4, 2), metrics).has_value());
}
