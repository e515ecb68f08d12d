// What a streamed trace makes later, keeps and forgets.

#include "core/update/cell_store.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/attention/block_values.h"
#include "core/update/tile_cache.h"
#include "tests/core/update/streaming.h"
#include "tests/support/inputs.h"

using namespace attn;

namespace {

Input long_input(std::size_t n, const MaskConfig& mask, std::uint64_t seed = 3) {
  Input input = tests::random_input(n, 16, 2, seed);
  input.config.mask = mask;
  return input;
}

TileKey cells_key(std::size_t row) {
  return {TileKey::Kind::cells, Stage::weights, 0, 0, BlockValue::mean, {row, 0, 1, 1}};
}

std::shared_ptr<const Matrix> matrix_of(float value) { return std::make_shared<const Matrix>(1, 1, value); }

/// `smallest`: magnitudes below it are compared as if they were that large.
bool same_number(float a, float b, double smallest) {
  constexpr double kRelative = 1e-4;
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::abs(static_cast<double>(a) - static_cast<double>(b)) <=
         kRelative * std::max(smallest, std::abs(static_cast<double>(b)));
}

}  // namespace

TEST_CASE("tile cache: what was read longest ago is forgotten first, and the bytes are kept") {
  TileCache cache(100);
  cache.put(cells_key(1), matrix_of(1), 40);
  cache.put(cells_key(2), matrix_of(2), 40);
  CHECK(cache.find<Matrix>(cells_key(1)) != nullptr);  // read just now
  cache.put(cells_key(3), matrix_of(3), 40);
  CHECK(cache.find<Matrix>(cells_key(2)) == nullptr);
  CHECK((*cache.find<Matrix>(cells_key(1)))(0, 0) == 1.0f);
  CHECK((*cache.find<Matrix>(cells_key(3)))(0, 0) == 3.0f);
  CHECK(cache.bytes() == 80);
  cache.put(cells_key(3), matrix_of(4), 10);  // in its place
  CHECK((*cache.find<Matrix>(cells_key(3)))(0, 0) == 4.0f);
  CHECK(cache.bytes() == 50);
  cache.put(cells_key(5), matrix_of(5), 101);  // would never fit
  CHECK(cache.find<Matrix>(cells_key(5)) == nullptr);
  CHECK(cache.bytes() == 50);
  cache.reserve(60);
  CHECK(cache.bytes() == 10);
  CHECK(cache.room() == 40);
  cache.reserve(0);
  CHECK(cache.room() == 100);
}

TEST_CASE("tile cache: a key is all of its parts") {
  TileCache cache(1000);
  const TileKey key{TileKey::Kind::blocks, Stage::weights, 1, 2, BlockValue::mean, {3, 4, 5, 6}};
  cache.put(key, matrix_of(1), 1);
  for (int part = 0; part < 9; ++part) {
    TileKey other = key;
    if (part == 0) other.kind = TileKey::Kind::cells;
    if (part == 1) other.stage = Stage::scores;
    if (part == 2) other.head = 0;
    if (part == 3) other.level = 3;
    if (part == 4) other.value = BlockValue::extreme;
    if (part == 5) other.place.row = 0;
    if (part == 6) other.place.column = 0;
    if (part == 7) other.place.rows = 0;
    if (part == 8) other.place.columns = 0;
    CAPTURE(part);
    CHECK(cache.find<Matrix>(other) == nullptr);
  }
  CHECK(cache.find<Matrix>(key) != nullptr);
}

TEST_CASE("streamed: many cells are pending, then what the stored trace has, and the trace wakes who waits") {
  const Input input = long_input(700, test::all_masks(700, 700)[1].second);
  std::atomic<int> woken = 0;
  RunOptions options;
  options.wake = [&] { ++woken; };
  const auto trace = StreamedTrace::run(input, options);
  const auto stored = test::stored_trace(input);
  CHECK_FALSE(trace->making().has_value());
  const CellRect rect{33, 100, 555, 411};
  CHECK(trace->read(Stage::masked, 1, rect).state == ReadState::pending);
  const Read made = test::settled([&] { return trace->read(Stage::masked, 1, rect); });
  REQUIRE(made.ready());
  while (trace->making()) std::this_thread::yield();
  while (woken == 0) std::this_thread::yield();
  const Read expected = stored->read(Stage::masked, 1, rect);
  for (std::size_t i = 0; i < rect.rows; ++i)
    CHECK(std::ranges::equal(made.values.row(i), expected.values.row(i)));
  // What lies inside is there at once, and the same.
  const Read part = trace->read(Stage::masked, 1, {300, 300, 200, 211});
  REQUIRE(part.ready());
  CHECK(part.values(199, 210) == expected.values(466, 410));
  // Rows of all keys, more than four of them, are made as they are.
  const Read rows = test::settled([&] { return trace->read(Stage::masked, 0, {17, 0, 100, 700}); });
  CHECK(rows.values(99, 3) == stored->read_cell({Stage::masked, 0, 116, 3}).values(0, 0));
}

TEST_CASE("streamed: squares of every level are those of the stored trace, for every mask and table") {
  for (const auto& [what, mask] : test::all_masks(270, 270)) {
    CAPTURE(what);
    Input input = long_input(270, mask);
    input.config.position = Position::alibi;
    input.config.dropout = Dropout{0.25, 3};
    const auto trace = StreamedTrace::run(input, {});
    const auto stored = test::stored_trace(input);
    for (const Stage stage : stages_of(input)) {
      CAPTURE(name(stage));
      const StageShape shape = trace->shape(stage);
      for (const unsigned level : {0U, 1U, 3U, 4U, 5U, 9U, 11U}) {
        CAPTURE(level);
        for (const BlockValue value : {BlockValue::mean, BlockValue::extreme}) {
          const CellRect blocks{0, 0, blocks_along(shape.rows, level), blocks_along(shape.columns, level)};
          const auto read = [&] { return trace->read_blocks(stage, shape.heads - 1, level, value, blocks); };
          const Read found = test::settled(read);
          REQUIRE_MESSAGE(found.ready(), found.error);
          const Read expected = stored->read_blocks(stage, shape.heads - 1, level, value, blocks);
          std::size_t wrong = 0;
          for (std::size_t i = 0; i < blocks.rows; ++i) {
            for (std::size_t j = 0; j < blocks.columns; ++j)
              wrong +=
                  same_number(found.values(i, j), expected.values(i, j), is_score_like(stage) ? 1e-3 : 1.0)
                      ? 0
                      : 1;
          }
          CHECK(wrong == 0);
        }
      }
    }
  }
}

TEST_CASE("streamed: some squares of a level are those of all of them") {
  const Input input = long_input(1500, test::all_masks(1500, 1500)[3].second);
  const auto trace = StreamedTrace::run(input, {});
  const auto stored = test::stored_trace(input);
  for (const unsigned level : {0U, 1U, 2U, 3U, 4U, 5U}) {
    CAPTURE(level);
    const std::size_t all = blocks_along(1500, level);
    const CellRect some{all / 3, all / 4, all / 2, all - all / 4};
    const Read found = test::settled(
        [&] { return trace->read_blocks(Stage::weights, 1, level, BlockValue::extreme, some); });
    REQUIRE(found.ready());
    const Read expected = stored->read_blocks(Stage::weights, 1, level, BlockValue::extreme, some);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < some.rows; ++i) {
      for (std::size_t j = 0; j < some.columns; ++j)
        wrong += same_number(found.values(i, j), expected.values(i, j), 1e-3) ? 0 : 1;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("streamed: no more bytes are kept than the budget, and what was forgotten is made again") {
  const Input input = long_input(1500, {});
  const auto arrays = std::make_shared<Arrays<float>>();
  forward<float>(input, validate(input), *arrays);
  const auto cells = std::make_shared<const ScoreCells>(input, arrays);
  constexpr std::uint64_t kBudget = 3 << 20;
  CellStore store(cells, kBudget, {});
  test::Random random(9);
  for (int k = 0; k < 60; ++k) {
    const CellRect rect{random.below(1100), random.below(1100), 300 + random.below(100),
                        250 + random.below(100)};
    const Stage stage = random.coin() ? Stage::scores : Stage::scaled;
    const Read found = test::settled([&] { return store.read(stage, 0, rect); });
    REQUIRE(found.ready());
    CHECK(found.values(rect.rows - 1, 0) == arrays->at({stage, 0, rect.row + rect.rows - 1, rect.column}));
    CHECK(store.bytes() <= kBudget);
    if (k % 10 == 0) {
      test::settled([&] { return store.read_blocks(stage, 0, 4, BlockValue::mean, {0, 0, 90, 90}); });
      CHECK(store.bytes() <= kBudget);
    }
  }
}

TEST_CASE("streamed: with hardly any budget every read is still answered") {
  const Input input = long_input(700, {});
  const auto arrays = std::make_shared<Arrays<float>>();
  forward<float>(input, validate(input), *arrays);
  CellStore store(std::make_shared<const ScoreCells>(input, arrays), 1000, {});
  const Read found = store.read(Stage::scores, 0, {0, 0, 700, 700});
  REQUIRE(found.ready());
  CHECK(found.values(699, 3) == arrays->at({Stage::scores, 0, 699, 3}));
  const Read afar = store.read_blocks(Stage::scores, 0, 4, BlockValue::mean, {0, 0, 1, 1});
  CHECK(afar.error == "scores[0] seen from afar needs 30408 bytes, 1000 of 1000 are free");
  CHECK(store.bytes() <= 1000);
}

TEST_CASE("streamed: two readers of pyramids of which one has room do not take it from each other for ever") {
  const Input input = long_input(700, {});
  const auto arrays = std::make_shared<Arrays<float>>();
  forward<float>(input, validate(input), *arrays);
  CellStore store(std::make_shared<const ScoreCells>(input, arrays), 40000, {});
  const auto read = [&](std::size_t head) {
    return store.read_blocks(Stage::scores, head, 4, BlockValue::mean, {0, 0, 1, 1});
  };
  CHECK(test::settled([&] { return read(0); }).ready());
  CHECK(read(1).state == ReadState::failed);
  CHECK(read(0).ready());
}

TEST_CASE("streamed: a trace that is dropped while it makes a pyramid stops making it") {
  Input input = tests::random_input(5000, 16, 1, 4);
  input.config.score = Score::additive;  // a minute of it
  input = tests::with_parameter(input, ParameterId::additive_w_q, Matrix(16, 16, 0.1f));
  input = tests::with_parameter(input, ParameterId::additive_w_k, Matrix(16, 16, 0.1f));
  input = tests::with_parameter(input, ParameterId::additive_v, Matrix(1, 16, 0.1f));
  auto arrays = std::make_shared<Arrays<float>>();
  arrays->reshape_without_scores(input, validate(input));
  for (const Stage stage : {Stage::x, Stage::q, Stage::k}) compute_stage<float>(stage, input, *arrays);
  std::atomic<int> woken = 0;
  auto store = std::make_unique<CellStore>(std::make_shared<const ScoreCells>(input, arrays), 64 << 20,
                                           [&] { ++woken; });
  CHECK(store->read_blocks(Stage::scores, 0, 4, BlockValue::mean, {0, 0, 9, 9}).state == ReadState::pending);
  while (!store->making() || *store->making() == 0.0f)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  CHECK(*store->making() < 0.5f);
  const auto start = std::chrono::steady_clock::now();
  store.reset();
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
  CHECK(woken > 0);
}
