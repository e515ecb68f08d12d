#include "core/attention/block_values.h"

#include <cmath>
#include <memory>
#include <utility>

#include <doctest/doctest.h>

#include "core/attention/attention.h"
#include "tests/core/attention/random_input.h"
#include "tests/core/attention/trace_of.h"
#include "tests/support/inputs.h"

using namespace attn;

namespace {

/// Five words whose scores are products of these numbers.
Input products(float a, float b, float c, float d, float e) {
  Input input;
  input.tokens = tests::numbered_tokens(5);
  input.x = SharedMatrix(Matrix{{a}, {b}, {c}, {d}, {e}});
  return input;
}

float block(const Trace& trace, Stage stage, unsigned level, BlockValue value, std::size_t row,
            std::size_t column) {
  const Read read = trace.read_blocks(stage, 0, level, value, {row, column, 1, 1});
  REQUIRE_MESSAGE(read.ready(), read.error);
  return read.values(0, 0);
}

}  // namespace

TEST_CASE("squares of cells: mean and the number farthest from 0, the last ones smaller") {
  const auto trace = test::trace_of(products(1, -3, 2, 0, -1));
  // scores x·xᵀ: the square of rows 0, 1 and columns 0, 1 is 1 −3 −3 9, that of columns 2, 3 is 2 0 −6 0.
  const Read mean = trace->read_blocks(Stage::scores, 0, 1, BlockValue::mean, {0, 0, 3, 3});
  REQUIRE(mean.ready());
  CHECK(mean.values.rows == 3);
  CHECK(mean.values.columns == 3);
  CHECK(mean.values(0, 0) == 1.0f);
  CHECK(mean.values(0, 1) == -1.0f);
  CHECK(mean.values(0, 2) == 1.0f);  // −1 and 3
  CHECK(mean.values(2, 2) == 1.0f);  // one cell
  CHECK(block(*trace, Stage::scores, 1, BlockValue::extreme, 0, 0) == 9.0f);
  CHECK(block(*trace, Stage::scores, 1, BlockValue::extreme, 0, 1) == -6.0f);
  CHECK(block(*trace, Stage::scores, 1, BlockValue::extreme, 2, 1) == -2.0f);
  CHECK(block(*trace, Stage::scores, 3, BlockValue::extreme, 0, 0) == 9.0f);
  CHECK(block(*trace, Stage::scores, 0, BlockValue::extreme, 1, 2) == -6.0f);
}

TEST_CASE("squares of cells: of two equally far from 0 the positive one") {
  const auto trace = test::trace_of(products(2, -2, 0, 0, 0));
  CHECK(block(*trace, Stage::scores, 3, BlockValue::extreme, 0, 0) == 4.0f);
}

TEST_CASE("squares of cells: what the mask hides is left out, and a square of it is no number") {
  Input input = products(0, 0, 0, 0, 0);
  input.config.mask.causal = true;
  const auto trace = test::trace_of(input);
  CHECK(std::isnan(block(*trace, Stage::weights, 1, BlockValue::mean, 0, 1)));
  CHECK(std::isnan(block(*trace, Stage::masked, 1, BlockValue::extreme, 0, 1)));
  // Rows 0 and 1 see 1, and ½ and ½: three cells of the four.
  CHECK(block(*trace, Stage::weights, 1, BlockValue::mean, 0, 0) == doctest::Approx(2.0 / 3));
  CHECK(block(*trace, Stage::weights, 1, BlockValue::extreme, 0, 0) == 1.0f);
  CHECK(block(*trace, Stage::scores, 1, BlockValue::mean, 0, 1) == 0.0f);  // nothing is hidden there
}

TEST_CASE("squares of cells: as a look at every cell says, for any mask, level and part of the map") {
  test::Random random(11);
  for (int k = 0; k < 60; ++k) {
    CAPTURE(k);
    const bool with_source = random.coin();
    const test::RandomShape shape{.n_queries = 1 + random.below(40), .n_keys = 1 + random.below(40)};
    const std::size_t keys = with_source ? shape.n_keys : shape.n_queries;
    const Config config = test::random_config(random, shape.n_queries, keys);
    test::RandomShape even = shape;
    even.d_k = 2;
    const Input input = test::random_input(config, with_source, random, even);
    const auto trace = test::trace_of(input);
    const unsigned level = static_cast<unsigned>(random.below(5));
    const std::size_t side = std::size_t{1} << level;
    for (const Stage stage : stages_of(input)) {
      CAPTURE(name(stage));
      const StageShape all = trace->shape(stage);
      const std::size_t head = random.below(all.heads);
      const CellRect blocks{random.below(blocks_along(all.rows, level)),
                            random.below(blocks_along(all.columns, level)), 1, 1};
      const CellRect rest{blocks.row, blocks.column, blocks_along(all.rows, level) - blocks.row,
                          blocks_along(all.columns, level) - blocks.column};
      const Read mean = trace->read_blocks(stage, head, level, BlockValue::mean, rest);
      const Read extreme = trace->read_blocks(stage, head, level, BlockValue::extreme, rest);
      REQUIRE(mean.ready());
      REQUIRE(extreme.ready());
      const Read cells = trace->read_head(stage, head);
      for (std::size_t b = 0; b < rest.rows; ++b) {
        for (std::size_t c = 0; c < rest.columns; ++c) {
          double sum = 0;
          double farthest = 0;
          std::size_t count = 0;
          bool finite = true;
          for (std::size_t i = (rest.row + b) * side; i < std::min(all.rows, (rest.row + b + 1) * side);
               ++i) {
            for (std::size_t j = (rest.column + c) * side;
                 j < std::min(all.columns, (rest.column + c + 1) * side); ++j) {
              if (may_hide(input, stage) && !visible(input.config.mask, i, j)) continue;
              const auto cell = static_cast<double>(cells.values(i, j));
              finite = finite && std::isfinite(cell);
              sum += cell;
              if (count == 0 || std::abs(cell) > std::abs(farthest) ||
                  (std::abs(cell) == std::abs(farthest) && cell > farthest))
                farthest = cell;
              ++count;
            }
          }
          if (!finite) continue;
          CHECK(std::isnan(mean.values(b, c)) == (count == 0));
          CHECK(std::isnan(extreme.values(b, c)) == (count == 0));
          if (count == 0) continue;
          CHECK(static_cast<double>(mean.values(b, c)) ==
                doctest::Approx(sum / static_cast<double>(count)).epsilon(1e-6));
          CHECK(static_cast<double>(extreme.values(b, c)) == farthest);
        }
      }
    }
  }
}

TEST_CASE("squares of cells: a place outside the map, or no such stage, is an error in one line") {
  const auto trace = test::trace_of(products(1, 2, 3, 4, 5));
  const auto error = [&](Stage stage, std::size_t head, unsigned level, const CellRect& blocks) {
    const Read read = trace->read_blocks(stage, head, level, BlockValue::mean, blocks);
    CHECK(read.state == ReadState::failed);
    return read.error;
  };
  CHECK(error(Stage::scores, 0, 1, {2, 0, 2, 1}) ==
        "scores[0]: no such squares of 2^1 cells: 2 + 2 of 3 rows, 0 + 1 of 3 columns");
  CHECK_FALSE(error(Stage::scores, 1, 1, {0, 0, 1, 1}).empty());
  CHECK_FALSE(error(Stage::biased, 0, 1, {0, 0, 1, 1}).empty());
  CHECK_FALSE(error(Stage::scores, 0, 64, {0, 0, 1, 1}).empty());
  CHECK_FALSE(error(Stage::scores, 0, 1, {static_cast<std::size_t>(-1), 0, 2, 1}).empty());
}
