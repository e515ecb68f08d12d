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
