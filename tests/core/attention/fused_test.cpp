// Inputs that are large enough to be computed in blocks of rows, with scores that are derived when read.

#include "core/attention/fused.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/attention/attention.h"
#include "core/attention/compare.h"
#include "core/attention/ops.h"
#include "core/kernel/kernels.h"
#include "core/kernel/pool.h"
#include "core/update/update.h"
#include "tests/core/attention/random_input.h"
#include "tests/core/attention/within_bound.h"
#include "tests/support/inputs.h"

using namespace attn;

namespace {

const std::vector<Stage> kDerived = {Stage::scores, Stage::scaled, Stage::masked};

Arrays<float> computed(const Input& input) {
  Arrays<float> arrays;
  forward<float>(input, validate(input), arrays);
  return arrays;
}

std::size_t different_cells(const Arrays<float>& a, const Arrays<float>& b, Stage stage) {
  std::size_t different = 0;
  const auto ours = a.all(stage);
  const auto theirs = b.all(stage);
  REQUIRE(ours.size() == theirs.size());
  for (std::size_t c = 0; c < ours.size(); ++c) different += ours[c] == theirs[c] ? 0 : 1;
  return different;
}

/// Queries and keys enough for attend(), in blocks of rows and panels of keys that do not come out even.
constexpr test::RandomShape kShape = {
    .n_queries = 131, .n_keys = 155, .d_model = 24, .d_source = 20, .d_k = 18, .d_v = 21, .d_out = 10};

Input with_mask(const MaskConfig& mask, std::uint64_t seed) {
  test::Random random(seed);
  Config config;
  config.heads = 2;
  config.scale.kind = Scale::Kind::sqrt_dk;
  config.mask = mask;
  return test::random_input(config, false, random, kShape);
}

MaskConfig causal() {
  MaskConfig mask;
  mask.causal = true;
  return mask;
}

std::vector<std::pair<std::string, MaskConfig>> masks() {
  const std::size_t n = kShape.n_queries;
  std::vector<std::pair<std::string, MaskConfig>> all(7);
  all[0].first = "none";
  all[1] = {"causal", causal()};
  all[2].first = "window";
  all[2].second.window = 9;
  all[3] = {"causal window", causal()};
  all[3].second.window = 20;
  all[4].first = "only itself";
  all[4].second.window = 0;
  std::vector<std::uint8_t> padding(n, 0);
  std::fill(padding.begin() + 100, padding.end(), std::uint8_t{1});
  padding[0] = 1;  // with the causal mask the first query sees nothing
  all[5] = {"padding", causal()};
  all[5].second.padding = std::make_shared<const std::vector<std::uint8_t>>(padding);
  AllowMatrix allow{n, n, std::vector<std::uint8_t>(n * n)};
  test::Random random(5);
  for (std::size_t c = 0; c < allow.visible.size(); ++c)
    allow.visible[c] = c / n != 50 && random.coin() ? 1 : 0;
  all[6].first = "own";
  all[6].second.window = 60;
  all[6].second.allow = std::make_shared<const AllowMatrix>(allow);
  return all;
}

}  // namespace

TEST_CASE("long input: every stage is within the bound, for every kind of mask") {
  std::uint64_t seed = 1;
  for (const auto& [what, mask] : masks()) {
    const Input input = with_mask(mask, seed++);
    if (kernel::table() != nullptr) REQUIRE(attends_at_once(input, validate(input)));
    test::check_within_bound(input, computed(input), what);
  }
}

TEST_CASE(
    "long input: within the bound with a source, rotary positions, grouped heads and a negative scale") {
  test::Random random(3);
  for (int k = 0; k < 4; ++k) {
    Config config;
    config.heads = 4;
    config.kv_heads = 2;
    config.position = k % 2 == 0 ? Position::rope : Position::sinusoidal;
    config.scale = {Scale::Kind::number, k < 2 ? 0.3 : -0.3};
    config.mask.causal = k == 1;
    if (k == 2) {
      std::vector<std::uint8_t> padding(kShape.n_keys, 0);
      padding[3] = padding[77] = 1;
      config.mask.padding = std::make_shared<const std::vector<std::uint8_t>>(padding);
    }
    const Input input = test::random_input(config, k % 2 == 0, random, kShape);
    test::check_within_bound(input, computed(input), fmt::format("case {}", k));
  }
}

TEST_CASE("long input: scores that are derived when read have the bits of those computed stage by stage") {
  for (const auto& [what, mask] : masks()) {
    CAPTURE(what);
    const Input input = with_mask(mask, 40);
    const Arrays<float> found = computed(input);
    if (kernel::table() != nullptr) CHECK(found.derives(Stage::masked));
    Arrays<float> stored;
    stored.assign(found);
    for (const Stage stage : kDerived) {
      compute_stage<float>(stage, input, stored);  // writes over what assign() would derive
      CHECK(different_cells(found, stored, stage) == 0);
    }
  }
}

TEST_CASE(
    "long input: reading one head of the masked scores makes the others wait, and a copy derives its own") {
  if (kernel::table() == nullptr) return;
  const Input input = with_mask(causal(), 41);
  const Arrays<float> first = computed(input);
  const float corner = std::as_const(first).head(Stage::masked, 1)(130, 0);
  CHECK(std::isinf(std::as_const(first).head(Stage::masked, 1)(0, 130)));
  Arrays<float> copy;
  copy.assign(first);
  CHECK(copy.at({Stage::masked, 1, 130, 0}) == corner);
  CHECK(different_cells(first, copy, Stage::scaled) == 0);
}

TEST_CASE("long input: how far its scores reach is known without storing them, and is what the cells say") {
  std::vector<std::pair<std::string, Input>> inputs;
  for (const auto& [what, mask] : masks()) inputs.emplace_back(what, with_mask(mask, 50));
  test::Random random(51);
  test::RandomShape longer = kShape;  // enough queries for several blocks
  longer.n_queries = 300;
  Config config;
  config.mask.window = 5;
  inputs.emplace_back("several blocks", test::random_input(config, false, random, longer));
  for (auto& [what, input] : inputs) {
    CAPTURE(what);
    input.config.scale = {Scale::Kind::number, -0.37};
    std::vector<float> far(kShape.d_model);
    for (std::size_t c = 0; c < far.size(); ++c) far[c] = 9 * input.x(90, c);
    input.x = input.x.with_row(90, far);  // the largest scores are this word's with itself
    const auto arrays = std::make_shared<Arrays<float>>(computed(input));
    const auto trace = std::make_shared<StoredTrace>(input, arrays, 1);
    for (const Stage stage : kDerived) {
      CAPTURE(name(stage));
      const double known = trace->largest(stage);
      double largest = 0;
      const StageShape shape = arrays->shape(stage);
      for (std::size_t h = 0; h < shape.heads; ++h) {
        for (std::size_t i = 0; i < shape.rows; ++i) {
          for (std::size_t j = 0; j < shape.columns; ++j) {
            if (stage != Stage::masked || visible(input.config.mask, i, j))
              largest = std::max(largest, std::abs(static_cast<double>(arrays->at({stage, h, i, j}))));
          }
        }
      }
      CHECK(known == largest);
    }
  }
}

TEST_CASE("long input: the same bits on one thread and on four") {
  const Input input = tests::random_input(1030, 512, 4, 8);  // large enough to be shared
  REQUIRE(std::size_t{1030} * 512 * 512 >= kernel::kWorthSharing);
  Arrays<float> one;
  {
    const kernel::ThreadLimit limit(1);
    one = computed(input);
  }
  const kernel::ThreadLimit limit(4);
  const Arrays<float> four = computed(input);
  for (const Stage stage : stages_of(input)) {
    CAPTURE(name(stage));
    CHECK(different_cells(one, four, stage) == 0);
  }
}

TEST_CASE("long input: an update gives the weights and outputs of a full pass") {
  for (const auto& [what, mask] : masks()) {
    CAPTURE(what);
    Input input = with_mask(mask, 60);
    Arrays<float> arrays = computed(input);
    arrays.head(Stage::masked, 0);  // somebody looks at one head before the word is moved
    Input moved = input;
    std::vector<float> row(kShape.d_model, 0.5f);
    moved.x = input.x.with_row(30, row).with_row(101, row);
    const auto words = moved_words(input, moved);
    REQUIRE(words.has_value());
    update<float>(moved, *words, arrays);
    test::check_within_bound(moved, arrays, what);
    if (kernel::table() == nullptr) continue;
    const Arrays<float> whole = computed(moved);
    for (const Stage stage : stages_of(moved)) {
      CAPTURE(name(stage));
      CHECK(different_cells(arrays, whole, stage) == 0);
    }
  }
}

TEST_CASE("long input: a score past float32 ends the run with its cell, hidden or not") {
  Input input = with_mask(causal(), 70);
  std::vector<float> huge(kShape.d_model, 0.0f);
  huge[0] = 3e37f;
  Matrix w_q(kShape.d_model, 2 * kShape.d_k);
  Matrix w_k = w_q;
  w_q(0, 0) = 3;
  w_k(0, 0) = 1;
  input.parameters[ParameterId::w_q] = SharedMatrix(w_q);
  input.parameters[ParameterId::w_k] = SharedMatrix(w_k);
  input.x = input.x.with_row(90, huge);
  Arrays<float> arrays;
  std::string message;
  try {
    forward<float>(input, validate(input), arrays);
  } catch (const RunError& error) {
    message = error.what();
  }
  CHECK(message.starts_with("scores[0]["));
  CHECK(message.ends_with("past the range of float32 (3.4e38)"));
}

TEST_CASE("long input: cancelled while it computes, it says so, and without its progress ends at 1") {
  const Input input = with_mask({}, 71);
  Arrays<float> arrays;
  Progress progress;
  forward<float>(input, validate(input), arrays, &progress);
  CHECK(progress.fraction == 1.0f);
  progress.cancel = true;
  const CellRect all{0, 0, kShape.n_queries, kShape.n_queries};
  if (kernel::table() != nullptr) CHECK_THROWS_AS(attend(input, {&all, 1}, arrays, &progress), Cancelled);
  CHECK_THROWS_AS(forward<float>(input, validate(input), arrays, &progress), Cancelled);
}

TEST_CASE("long input: what attend() does not cover is computed stage by stage") {
  const Input covered = with_mask({}, 72);
  const Dimensions d = validate(covered);
  CHECK(attends_at_once(covered, d) == (kernel::table() != nullptr));
  std::vector<Input> others(8, covered);
  others[0].config.score = Score::cosine;
  others[1].config.position = Position::alibi;
  others[2].config.normalise = Normalise::softmax_without_max;
  others[3].config.softmax_axis = SoftmaxAxis::queries;
  others[4].config.dropout = Dropout{0.25, 3};
  others[5].config.mask.hidden_value = -3;
  others[6].config.scale = {Scale::Kind::number, 0.0};
  others[7].config.normalise = Normalise::none;
  for (const Input& other : others) {
    CHECK_FALSE(attends_at_once(other, validate(other)));
    const Arrays<float> arrays = computed(other);
    CHECK_FALSE(arrays.derives(Stage::scores));
    test::check_within_bound(other, arrays, "not covered");
  }
  const Input small = tests::random_input(64, 64, 1, 2);
  CHECK_FALSE(attends_at_once(small, validate(small)));
  const kernel::WithoutTable without;
  CHECK_FALSE(attends_at_once(covered, d));
  test::check_within_bound(covered, computed(covered), "without AVX2");
}
