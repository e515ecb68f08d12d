// Traces whose tables are made when they are read, against the stored ones and against float64.

#include "core/update/streamed_trace.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/attention/backend.h"
#include "core/attention/explain.h"
#include "core/io/scenario.h"
#include "core/kernel/kernels.h"
#include "core/kernel/pool.h"
#include "core/update/streaming.h"
#include "tests/core/attention/within_bound.h"
#include "tests/core/update/streaming.h"
#include "tests/support/inputs.h"

using namespace attn;

namespace {

/// Products that are large enough to be fused, in rows and keys that do not come out even.
constexpr test::RandomShape kShape = {.n_queries = 131,
                                      .n_keys = 300,
                                      .d_model = 12,
                                      .d_source = 10,
                                      .d_k = 18,
                                      .d_v = 7,
                                      .d_additive = 3,
                                      .d_out = 5};

Config two_heads(Score score, const MaskConfig& mask) {
  Config config;
  config.heads = 2;
  config.kv_heads = 1;
  config.score = score;
  config.scale.kind = Scale::Kind::sqrt_dk;
  config.mask = mask;
  return config;
}

std::size_t cells_that_differ(const Arrays<float>& a, const Arrays<float>& b, Stage stage) {
  const auto ours = a.all(stage);
  const auto theirs = b.all(stage);
  REQUIRE(ours.size() == theirs.size());
  std::size_t different = 0;
  for (std::size_t c = 0; c < ours.size(); ++c) different += ours[c] == theirs[c] ? 0 : 1;
  return different;
}

/// Streamed, every cell is within its bound of float64, and scores have the bits of the stored trace.
void check_streamed(const Input& input, const std::string& what) {
  CAPTURE(what);
  REQUIRE(why_not_streamed(input).empty());
  const auto streamed = StreamedTrace::run(input, {});
  for (const Stage stage : stages_of(input)) CHECK(streamed->streams(stage) == is_score_like(stage));
  const Arrays<float> found = test::read_all(*streamed, 50, 90);
  test::check_within_bound(input, found, what);
  if (kernel::table() == nullptr) return;
  Arrays<float> stored;
  forward<float>(input, validate(input), stored);
  for (const Stage stage : stages_of(input)) {
    CAPTURE(name(stage));
    if (stage < Stage::weights) CHECK(cells_that_differ(found, stored, stage) == 0);
  }
}

}  // namespace

TEST_CASE("streamed: every score with every mask, within the bound, scores to the bit") {
  for (const Score score : {Score::dot, Score::cosine, Score::additive, Score::bilinear}) {
    for (const auto& [what, mask] : test::all_masks(kShape.n_queries, kShape.n_queries)) {
      test::Random random(31 + static_cast<std::uint64_t>(score));
      const Input input = test::random_input(two_heads(score, mask), false, random, kShape);
      check_streamed(input, fmt::format("{}, {}", name(score), what));
    }
  }
}

TEST_CASE("streamed: every position, with a source, hidden numbers, dropout, a negative factor or none") {
  std::uint64_t seed = 90;
  test::RandomShape shape = kShape;  // more keys than are looked at at a time
  shape.n_queries = 60;
  for (const Position position : {Position::none, Position::sinusoidal, Position::rope, Position::alibi}) {
    for (const auto& [what, mask] : test::all_masks(shape.n_queries, shape.n_keys)) {
      test::Random random(seed++);
      Config config = two_heads(Score::dot, mask);
      config.position = position;
      if (seed % 3 == 0) config.mask.hidden_value = -1.5;
      if (seed % 2 == 0) config.dropout = Dropout{0.25, seed};
      if (seed % 5 == 0) config.scale = {Scale::Kind::number, -0.2};
      if (seed % 7 == 0) config.scale = {Scale::Kind::number, 0.0};
      const Input input = test::random_input(config, true, random, shape);
      check_streamed(input, fmt::format("{}, {}, {}", name(position), what, seed));
    }
  }
}

TEST_CASE("streamed: softmax with and without its maximum, and no softmax along either axis") {
  std::uint64_t seed = 200;
  for (const Normalise normalise : {Normalise::softmax, Normalise::softmax_without_max, Normalise::none}) {
    for (const auto& [what, mask] : test::all_masks(kShape.n_queries, kShape.n_queries)) {
      test::Random random(seed++);
      Config config = two_heads(Score::dot, mask);
      config.normalise = normalise;
      if (normalise == Normalise::none && seed % 2 == 0) config.softmax_axis = SoftmaxAxis::queries;
      if (seed % 3 == 0) config.dropout = Dropout{0.5, seed};
      config.combine = seed % 2 == 0 ? Combine::mean : Combine::concat;
      Input input = test::random_input(config, false, random, kShape);
      check_streamed(input, fmt::format("{}, {}", name(normalise), what));
    }
  }
}

TEST_CASE("streamed: small inputs of any settings, and without AVX2") {
  test::Random random(77);
  for (int k = 0; k < 120; ++k) {
    const test::RandomShape shape{.n_queries = 1 + random.below(60), .n_keys = 1 + random.below(60)};
    const bool with_source = random.coin();
    const Config config =
        test::random_config(random, shape.n_queries, with_source ? shape.n_keys : shape.n_queries);
    const Input input = test::random_input(config, with_source, random, shape);
    if (!why_not_streamed(input).empty()) continue;
    check_streamed(input, fmt::format("small {}", k));
    const kernel::WithoutTable without;
    check_streamed(input, fmt::format("small {} without AVX2", k));
  }
  const kernel::WithoutTable without;
  test::Random more(78);
  for (const auto& [what, mask] : test::all_masks(kShape.n_queries, kShape.n_queries)) {
    check_streamed(test::random_input(two_heads(Score::dot, mask), false, more, kShape), what);
  }
}

TEST_CASE("streamed: any part of a table has the cells of the whole") {
  test::Random random(3);
  const Input input =
      test::random_input(two_heads(Score::dot, test::all_masks(131, 131)[1].second), false, random, kShape);
  const auto trace = StreamedTrace::run(input, {});
  const Arrays<float> all = test::read_all(*trace, 131, 131);
  for (int k = 0; k < 300; ++k) {
    const std::size_t row = random.below(131);
    const std::size_t column = random.below(131);
    const CellRect rect{row, column, random.below(132 - row), random.below(132 - column)};
    for (const Stage stage : {Stage::scores, Stage::masked, Stage::weights}) {
      const Read read = trace->read(stage, 1, rect);
      REQUIRE(read.ready());
      CHECK(read.values.rows == rect.rows);
      CHECK(read.values.columns == rect.columns);
      for (std::size_t i = 0; i < rect.rows; ++i) {
        for (std::size_t j = 0; j < rect.columns; ++j)
          CHECK(read.values(i, j) == all.at({stage, 1, row + i, column + j}));
      }
    }
  }
}

TEST_CASE("streamed: how far the numbers reach is known, and is what the visible cells say") {
  for (const auto& [what, mask] : test::all_masks(kShape.n_queries, kShape.n_queries)) {
    for (const Normalise normalise : {Normalise::softmax, Normalise::none}) {
      CAPTURE(what);
      test::Random random(12);
      Config config = two_heads(Score::dot, mask);
      config.normalise = normalise;
      config.scale = {Scale::Kind::number, -0.3};
      config.position = normalise == Normalise::none ? Position::alibi : Position::none;
      config.dropout = Dropout{0.4, 4};
      const Input input = test::random_input(config, false, random, kShape);
      const auto trace = StreamedTrace::run(input, {});
      const Arrays<float> all = test::read_all(*trace, 50, 131);
      for (const Stage stage : stages_of(input)) {
        if (!is_score_like(stage)) continue;
        CAPTURE(name(stage));
        double largest = 0;
        for (std::size_t h = 0; h < 2; ++h) {
          for (std::size_t i = 0; i < 131; ++i) {
            for (std::size_t j = 0; j < 131; ++j) {
              if (!visible(mask, i, j)) continue;
              largest = std::max(largest, std::abs(static_cast<double>(all.at({stage, h, i, j}))));
            }
          }
        }
        CHECK(trace->largest(stage) == doctest::Approx(largest).epsilon(1e-6));
      }
    }
  }
}

TEST_CASE("streamed: the same bits on one thread and on four") {
  const Input input = tests::random_input(1500, 64, 2, 8);
  const auto run = [&](std::size_t threads) {
    const kernel::ThreadLimit limit(threads);
    return StreamedTrace::run(input, {});
  };
  const auto one = run(1);
  const auto four = run(4);
  REQUIRE(std::size_t{2} * 1500 * 1500 * 64 >= kernel::kWorthSharing);
  for (const Stage stage : {Stage::weights, Stage::head_outputs, Stage::output}) {
    const Read a = one->read(stage, 0, {700, 0, 4, one->shape(stage).columns});
    const Read b = four->read(stage, 0, {700, 0, 4, one->shape(stage).columns});
    for (std::size_t i = 0; i < 4; ++i) CHECK(std::ranges::equal(a.values.row(i), b.values.row(i)));
  }
}

TEST_CASE("streamed: a score past float32 ends the run with its cell") {
  test::Random random(70);
  Input input = test::random_input(two_heads(Score::dot, {}), false, random, kShape);
  std::vector<float> huge(kShape.d_model, 0.0f);
  huge[0] = 3e37f;
  input.x = input.x.with_row(90, huge);
  Matrix w(kShape.d_model, 2 * kShape.d_k);
  w(0, 0) = 3;
  input.parameters[ParameterId::w_q] = SharedMatrix(w);
  Matrix w_k(kShape.d_model, kShape.d_k);
  w_k(0, 0) = 1;
  input.parameters[ParameterId::w_k] = SharedMatrix(w_k);
  std::string stored;
  std::string streamed;
  try {
    test::stored_trace(input);
  } catch (const RunError& error) {
    stored = error.what();
  }
  try {
    StreamedTrace::run(input, {});
  } catch (const RunError& error) {
    streamed = error.what();
  }
  CHECK(streamed.starts_with("scores[0]["));
  CHECK(streamed == stored);
}

TEST_CASE("streamed: outside the stage, an absent stage and too many cells are errors in one line") {
  const auto trace = StreamedTrace::run(tests::random_input(1100, 8, 1, 3), {});
  CHECK(trace->read(Stage::scores, 0, {1099, 0, 2, 1}).error == "scores[0][1099,0]: outside 1 × 1100 × 1100");
  CHECK(trace->read(Stage::biased, 0, {0, 0, 1, 1}).error == "biased: this scenario has no such stage");
  CHECK(trace->read_head(Stage::weights, 0).error ==
        "weights[0]: 1100 × 1100 cells are too many to make at once, at most 1048576");
  CHECK(trace->read_blocks(Stage::weights, 0, 4, BlockValue::mean, {0, 0, 70, 1}).error ==
        "weights[0]: no such squares of 2^4 cells: 0 + 70 of 69 rows, 0 + 1 of 69 columns");
  CHECK(trace->read_head(Stage::q, 0).ready());
}

TEST_CASE("streamed: a run is cancelled soon") {
  const Input input = tests::random_input(6000, 64, 1, 3);
  Progress progress;
  std::thread canceller([&] {
    while (progress.fraction < 0.6f) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    progress.cancel = true;
  });
  RunOptions options;
  options.progress = &progress;
  CHECK_THROWS_AS(StreamedTrace::run(input, options), Cancelled);
  canceller.join();
  CHECK(progress.fraction < 0.85f);
}

TEST_CASE("memory: what has no room is streamed, and refused with the figures where that has none either") {
  const Input input = tests::random_input(6000, 16, 2, 3);
  const Dimensions d = validate(input);
  const std::uint64_t stored = trace_bytes(input, d, 4);
  const std::uint64_t streamed = streamed_peak_bytes(input, d);
  REQUIRE(streamed < stored);
  CHECK_FALSE(needs_streaming(input, d, stored));
  CHECK(needs_streaming(input, d, stored - 1));
  CHECK(needs_streaming(input, d, streamed));
  CHECK_THROWS_WITH_AS(
      needs_streaming(input, d, streamed - 1),
      fmt::format("the trace of 6000 queries × 6000 keys × 2 heads needs {} bytes, allowed are "
                  "{}; made a part at a time it needs {}",
                  stored, streamed - 1, streamed)
          .c_str(),
      RunError);
  Input columns = input;
  columns.config.softmax_axis = SoftmaxAxis::queries;
  CHECK_THROWS_WITH_AS(
      needs_streaming(columns, d, stored - 1),
      fmt::format("the trace of 6000 queries × 6000 keys × 2 heads needs {} bytes, allowed are "
                  "{}; it cannot be made a part at a time: softmax over the queries needs whole "
                  "columns",
                  stored, stored - 1)
          .c_str(),
      RunError);
  Input features = columns;
  features.config.attend_over = AttendOver::features;
  CHECK_FALSE(why_not_streamed(features).empty());
  columns.config.normalise = Normalise::none;
  CHECK(why_not_streamed(columns).empty());
}

TEST_CASE("the backend streams what has no room, with the numbers of the stored trace") {
  const Input input = tests::random_input(3000, 16, 1, 3);
  RunOptions options;
  options.revision = 7;
  const RunResult whole = make_cpu_backend()->run(input, options);
  CHECK_FALSE(whole.trace->streams(Stage::weights));
  options.memory_limit = streamed_peak_bytes(input, validate(input));
  const RunResult result = make_cpu_backend()->run(input, options);
  REQUIRE(result.trace->streams(Stage::weights));
  CHECK_FALSE(result.updated);
  CHECK(result.trace->revision() == 7);
  for (const Stage stage : {Stage::weights, Stage::output}) {
    const CellRect row{1234, 0, 1, whole.trace->shape(stage).columns};
    const Read a = whole.trace->read(stage, 0, row);
    const Read b = result.trace->read(stage, 0, row);
    for (std::size_t j = 0; j < row.columns; ++j)
      CHECK(a.values(0, j) == doctest::Approx(static_cast<double>(b.values(0, j))).epsilon(1e-4));
  }
}

TEST_CASE(
    "explain: a weight of 16,384 words is that of the streamed trace, and the row's terms sum to its sum") {
  Input input = tests::random_input(16384, 8, 1, 5);
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  const auto trace = StreamedTrace::run(input, {});
  Explainer explainer(input);
  for (const CellRef& cell : {CellRef{Stage::weights, 0, 16383, 4000}, CellRef{Stage::weights, 0, 12, 9}}) {
    const ExplainNode weight = explainer.cell(cell);
    CHECK(static_cast<double>(trace->read_cell(cell).values(0, 0)) ==
          doctest::Approx(weight.value).epsilon(1e-5));
    const ExplainNode sum = explainer.child(weight, 1);
    REQUIRE(sum.n_children == 16384);
    double terms = 0;
    for (std::size_t j = 0; j < sum.n_children; ++j) terms += explainer.child(sum, j).value;
    CHECK(terms == doctest::Approx(sum.value).epsilon(1e-12));
  }
}

TEST_CASE("the large scenario: its last word finds the needle, though the whole trace has no room") {
  const io::Scenario scenario = io::load_scenario(ATTN_SOURCE_DIR "/assets/large/needle.json");
  const Input& input = scenario.input;
  const Dimensions d = validate(input);
  REQUIRE(d.n_queries == 65536);
  CHECK(needs_streaming(input, d, std::uint64_t{4} << 30));
  CHECK(streamed_peak_bytes(input, d) < std::uint64_t{300} << 20);
  Explainer explainer(input);
  const double needle = explainer.cell({Stage::weights, 0, 65535, 40000}).value;
  CHECK(needle > 0.03);
  CHECK(needle > 50 * explainer.cell({Stage::weights, 0, 65535, 39999}).value);
}
