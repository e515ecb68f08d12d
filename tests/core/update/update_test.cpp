#include "core/update/update.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/attention/attention.h"
#include "core/attention/compare.h"
#include "tests/core/attention/random_input.h"
#include "tests/core/attention/within_bound.h"
#include "tests/support/inputs.h"

using namespace attn;

namespace {

Arrays<float> computed(const Input& input) {
  Arrays<float> arrays;
  forward<float>(input, validate(input), arrays);
  return arrays;
}

/// `count` rows of the matrix, drawn by chance, with other numbers.
SharedMatrix with_some_rows(SharedMatrix x, std::size_t count, test::Random& random) {
  for (std::size_t k = 0; k < count; ++k) {
    std::vector<float> row(x.columns());
    for (float& value : row) value = random.number();
    x = x.with_row(random.below(x.rows()), row);
  }
  return x;
}

Input moved(Input input, test::Random& random) {
  const auto some = [&](const SharedMatrix& x) { return 1 + random.below(x.rows() / 4); };
  const bool queries = !input.source || random.below(3) != 0;
  if (queries) input.x = with_some_rows(input.x, some(input.x), random);
  if (input.source && (!queries || random.coin()))
    input.source->x = with_some_rows(input.source->x, some(input.source->x), random);
  return input;
}

/// Three movements, one after the other, on the same arrays.
void check_drag(Input input, test::Random& random, const std::string& what) {
  Arrays<float> arrays = computed(input);
  for (int step = 0; step < 3; ++step) {
    const Input next = moved(input, random);
    const auto words = moved_words(input, next);
    REQUIRE(words.has_value());
    update<float>(next, *words, arrays);
    test::check_within_bound(next, arrays, fmt::format("{}, step {}", what, step));
    input = next;
  }
}

/// The rows of head 0 in which an update computes at least one cell anew.
std::vector<std::size_t> rows_computed(const Input& input, const MovedWords& words, Stage stage) {
  constexpr float kMark = 77.0f;
  Arrays<float> arrays = computed(input);
  std::ranges::fill(arrays.all(stage), kMark);
  update<float>(input, words, arrays);
  std::vector<std::size_t> rows;
  const MatrixView<float> values = arrays.head(stage, 0);
  for (std::size_t i = 0; i < values.rows; ++i) {
    if (std::ranges::any_of(values.row(i), [](float value) { return value != kMark; })) rows.push_back(i);
  }
  return rows;
}

std::vector<std::size_t> from_to(std::size_t first, std::size_t end) {
  std::vector<std::size_t> rows;
  for (std::size_t i = first; i < end; ++i) rows.push_back(i);
  return rows;
}

using Rows = std::vector<std::size_t>;

}  // namespace

TEST_CASE("update: within the bound of a full pass on hundreds of settings drawn by chance") {
  test::Random random(7);
  for (int k = 0; k < 400; ++k) {
    const bool with_source = random.coin();
    test::RandomShape shape;
    shape.n_queries = 4 + random.below(25);
    shape.n_keys = 4 + random.below(25);
    const Config config =
        test::random_config(random, shape.n_queries, with_source ? shape.n_keys : shape.n_queries);
    check_drag(test::random_input(config, with_source, random, shape), random, fmt::format("case {}", k));
  }
}

TEST_CASE("update: within the bound where products are blocked, for each score and position") {
  test::Random random(8);
  test::RandomShape shape;
  shape.n_queries = 70;
  shape.n_keys = 90;
  shape.d_model = 24;
  shape.d_source = 20;
  shape.d_k = 8;
  shape.d_v = 12;
  for (int score = 0; score < 4; ++score) {
    for (int position = 0; position < 4; ++position) {
      Config config;
      config.heads = 4;
      config.kv_heads = 2;
      config.score = static_cast<Score>(score);
      config.position = static_cast<Position>(position);
      config.mask.causal = position % 2 == 0;
      check_drag(test::random_input(config, score % 2 == 0, random, shape), random,
                 fmt::format("score {}, position {}", score, position));
    }
  }
}

TEST_CASE("update: what the moved words do not reach is left alone") {
  Input input = tests::random_input(40, 8, 2, 3);
  const MovedWords words{{10, 30}, {10, 30}};
  for (const Stage stage : {Stage::x, Stage::q, Stage::k, Stage::v}) {
    CAPTURE(name(stage));
    CHECK(rows_computed(input, words, stage) == Rows{10, 30});
  }
  CHECK(rows_computed(input, words, Stage::scores) == from_to(0, 40));  // their columns
  CHECK(rows_computed(input, words, Stage::output) == from_to(0, 40));
  input.config.mask.causal = true;
  CHECK(rows_computed(input, words, Stage::weights) == from_to(10, 40));
  CHECK(rows_computed(input, words, Stage::output) == from_to(10, 40));
  input.config.mask.window = 2;  // 10 is seen by 10 to 12, 30 by 30 to 32
  CHECK(rows_computed(input, words, Stage::weights) == Rows{10, 11, 12, 30, 31, 32});
  CHECK(rows_computed(input, words, Stage::head_outputs) == Rows{10, 11, 12, 30, 31, 32});
  input.config.mask.hidden_value = -3;  // a hidden weight is a number: every output has a share of the value
  CHECK(rows_computed(input, words, Stage::weights) == Rows{10, 11, 12, 30, 31, 32});
  CHECK(rows_computed(input, words, Stage::head_outputs) == from_to(0, 40));
}

TEST_CASE("update: a word of the source moves keys and values alone") {
  test::Random random(9);
  test::RandomShape shape;
  shape.n_queries = 12;
  shape.n_keys = 20;
  const Input input = test::random_input({}, true, random, shape);
  const MovedWords words{{}, {7}};
  CHECK(rows_computed(input, words, Stage::x).empty());
  CHECK(rows_computed(input, words, Stage::q).empty());
  CHECK(rows_computed(input, words, Stage::k) == Rows{7});
  CHECK(rows_computed(input, words, Stage::weights) == from_to(0, 12));
}

TEST_CASE("update: nothing moved, nothing is computed") {
  const Input input = tests::random_input(40, 8, 2, 3);
  const auto words = moved_words(input, input);
  REQUIRE(words.has_value());
  for (const Stage stage : stages_of(input)) CHECK(rows_computed(input, *words, stage).empty());
}

TEST_CASE("update: which words have moved, and when everything is computed instead") {
  test::Random random(10);
  test::RandomShape shape;
  shape.n_queries = 8;
  shape.n_keys = 8;
  const Input input = test::random_input({}, true, random, shape);
  Input other = input;
  other.x = other.x.with_cell(5, 0, 9).with_cell(2, 1, 9);
  other.source->x = other.source->x.with_cell(7, 0, 9);
  auto words = moved_words(input, other);
  REQUIRE(words.has_value());
  CHECK(words->queries == Rows{2, 5});
  CHECK(words->keys == Rows{7});

  Input one_more = other;
  one_more.x = one_more.x.with_cell(6, 0, 9);
  CHECK_FALSE(moved_words(input, one_more).has_value());  // three of eight
  Input parameter = other;
  parameter.parameters[ParameterId::b_o] = SharedMatrix(Matrix{{1, 2}});
  CHECK_FALSE(moved_words(input, parameter).has_value());
  Input setting = other;
  setting.config.temperature = 2;
  CHECK_FALSE(moved_words(input, setting).has_value());
  Input alone = other;
  alone.source.reset();
  CHECK_FALSE(moved_words(input, alone).has_value());
  CHECK_FALSE(moved_words(tests::random_input(8, 4, 1, 1), tests::random_input(9, 4, 1, 1)).has_value());
  Input features = tests::random_input(8, 4, 1, 1);
  features.config.attend_over = AttendOver::features;
  CHECK_FALSE(moved_words(features, features).has_value());
}

TEST_CASE("update: a score past float32 ends it with the cell, as in a full pass") {
  Input input = tests::random_input(8, 4, 1, 1);
  Arrays<float> arrays = computed(input);
  const Input before = input;
  input.x = input.x.with_row(3, std::vector<float>(4, 3e30f));
  CHECK_THROWS_WITH_AS(update<float>(input, *moved_words(before, input), arrays),
                       "scores[0][3,3]: past the range of float32 (3.4e38)", RunError);
  Progress progress;
  progress.cancel = true;
  CHECK_THROWS_AS(update<float>(before, {{3}, {3}}, arrays, &progress), Cancelled);
}

TEST_CASE("CPU backend: a drag updates what an earlier run left, and leaves what is read alone") {
  test::Random random(11);
  const auto backend = make_cpu_backend();
  RunOptions options;
  options.may_update = true;
  Input input = tests::random_input(40, 8, 2, 5);
  RunResult shown = backend->run(input, options);
  CHECK_FALSE(shown.updated);  // there is nothing yet
  for (int step = 0; step < 5; ++step) {
    const Input before = input;
    input.x = input.x.with_row(random.below(40), random.matrix(1, 8).row(0));
    RunResult next = backend->run(input, options);
    CHECK(next.updated);
    test::check_within_bound(input, dynamic_cast<const StoredTrace&>(*next.trace).arrays(), "new");
    test::check_within_bound(before, dynamic_cast<const StoredTrace&>(*shown.trace).arrays(), "shown");
    shown = std::move(next);
  }
  options.may_update = false;
  const RunResult whole = backend->run(input, options);
  CHECK_FALSE(whole.updated);
  CHECK(std::ranges::equal(dynamic_cast<const StoredTrace&>(*whole.trace).arrays().all(Stage::output),
                           computed(input).all(Stage::output)));
}

TEST_CASE("CPU backend: arrays of a run that broke off are not built upon") {
  const auto backend = make_cpu_backend();
  RunOptions options;
  options.may_update = true;
  const Input input = tests::random_input(40, 8, 2, 6);
  backend->run(input, options);
  Input broken = input;
  broken.x = broken.x.with_row(3, std::vector<float>(8, 3e30f));
  CHECK_THROWS_AS(backend->run(broken, options), RunError);
  const RunResult after = backend->run(input, options);
  CHECK_FALSE(after.updated);
  test::check_within_bound(input, dynamic_cast<const StoredTrace&>(*after.trace).arrays(), "after");
}
