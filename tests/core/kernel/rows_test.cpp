// Rows of long inputs, some keys at a time. Where the processor has no AVX2 there is nothing to test.

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "core/kernel/kernels.h"
#include "tests/core/attention/random_input.h"

using namespace attn;

namespace {

constexpr float kNone = -std::numeric_limits<float>::infinity();
constexpr float kGuard = 12345.0f;

std::vector<float> some_scores(std::size_t count, test::Random& random, float unseen = kNone) {
  std::vector<float> row((count + 15) / 16 * 16, unseen);
  for (std::size_t j = 0; j < count; ++j) row[j] = 9 * random.number();
  return row;
}

double power(float score, float factor, float maximum) {
  return std::exp2(static_cast<double>(score) * static_cast<double>(factor) - static_cast<double>(maximum));
}

}  // namespace

TEST_CASE("kernel: exponentials of some keys, their sum and the sums of groups, as float64 has them") {
  if (kernel::table() == nullptr) return;
  test::Random random(3);
  for (const std::size_t count : {1U, 15U, 16U, 17U, 33U, 127U, 128U, 129U, 256U}) {
    for (const bool groups : {false, true}) {
      CAPTURE(count);
      CAPTURE(groups);
      const float factor = count % 3 == 0 ? -0.37f : 0.37f;
      const std::vector<float> scores = some_scores(count, random, factor < 0 ? -kNone : kNone);
      const std::size_t n_groups = scores.size() / 16;
      const float before = count % 2 == 0 ? 4.0f : kNone;
      std::vector<float> row = scores;
      row.push_back(kGuard);
      std::vector<float> most(n_groups + 1, kGuard);
      std::vector<float> sums(n_groups + 1, kGuard);
      kernel::ExponentialRun run{row.data(), count, factor, before, nullptr, nullptr};
      if (groups) run.group_most = most.data(), run.group_sums = sums.data();
      const kernel::ExponentialSum found = kernel::table()->running_exponentials(run);
      float largest = before;
      const float by = factor * kernel::kLog2E;
      for (std::size_t j = 0; j < count; ++j) largest = std::max(largest, scores[j] * by);
      CHECK(found.maximum == largest);
      CHECK(row.back() == kGuard);
      double sum = 0;
      for (std::size_t g = 0; g < n_groups; ++g) {
        double group = 0;
        float group_most = kNone;
        for (std::size_t j = 16 * g; j < 16 * (g + 1); ++j) {
          const double exact = j < count ? power(scores[j], by, largest) : 0.0;
          CHECK(static_cast<double>(row[j]) == doctest::Approx(exact).epsilon(1e-6));
          group += exact;
          if (j < count) group_most = std::max(group_most, scores[j] * by);
        }
        sum += group;
        if (!groups) continue;
        CHECK(most[g] * by == group_most);
        CHECK(static_cast<double>(sums[g]) == doctest::Approx(group).epsilon(1e-6));
      }
      CHECK(static_cast<double>(found.sum) == doctest::Approx(sum).epsilon(1e-6));
      CHECK(most.back() == kGuard);
      CHECK(sums.back() == kGuard);
    }
  }
}

TEST_CASE("kernel: keys of which none is seen add nothing, and no NaN") {
  if (kernel::table() == nullptr) return;
  std::vector<float> row(32, kNone);
  std::vector<float> most(2, kGuard);
  std::vector<float> sums(2, kGuard);
  const kernel::ExponentialSum found =
      kernel::table()->running_exponentials({row.data(), 20, 0.5f, kNone, most.data(), sums.data()});
  CHECK(found.maximum == kNone);
  CHECK(found.sum == 0.0f);
  CHECK(row == std::vector<float>(32, 0.0f));
  CHECK(sums == std::vector<float>(2, 0.0f));
  CHECK(most == std::vector<float>(2, kNone));
  std::vector<float> later(16, kNone);
  const kernel::ExponentialSum after =
      kernel::table()->running_exponentials({later.data(), 16, 0.5f, 3.0f, nullptr, nullptr});
  CHECK(after.maximum == 3.0f);
  CHECK(after.sum == 0.0f);
}

TEST_CASE("kernel: shares of some keys of a row whose sum is known") {
  if (kernel::table() == nullptr) return;
  test::Random random(4);
  for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 31U}) {
    CAPTURE(count);
    const std::vector<float> scores = some_scores(count, random);
    std::vector<float> row = scores;
    kernel::table()->shares(row.data(), count, -0.4f, 4.0f, 0.25f);
    for (std::size_t j = 0; j < row.size(); ++j) {
      if (j >= count) {
        CHECK(row[j] == scores[j]);
      } else {
        const double exact = 0.25 * power(scores[j], -0.4f * kernel::kLog2E, 4.0f);
        CHECK(static_cast<double>(row[j]) == doctest::Approx(exact).epsilon(1e-6));
      }
    }
  }
}

TEST_CASE("kernel: sum, largest and least of groups of cells over several rows") {
  if (kernel::table() == nullptr) return;
  test::Random random(5);
  for (const std::size_t groups : {1U, 7U, 8U, 9U, 17U}) {
    CAPTURE(groups);
    std::vector<float> sums(groups + 1, 0.0f);
    std::vector<float> most(groups + 1, kNone);
    std::vector<float> least(groups + 1, -kNone);
    sums.back() = most.back() = least.back() = kGuard;
    std::vector<double> exact(groups, 0.0);
    std::vector<float> exact_most(groups, kNone);
    std::vector<float> exact_least(groups, -kNone);
    for (int r = 0; r < 3; ++r) {
      const std::vector<float> row = some_scores(groups * 16, random);
      kernel::table()->add_groups(row.data(), groups, {sums.data(), most.data(), least.data()});
      for (std::size_t j = 0; j < row.size(); ++j) {
        exact[j / 16] += static_cast<double>(row[j]);
        exact_most[j / 16] = std::max(exact_most[j / 16], row[j]);
        exact_least[j / 16] = std::min(exact_least[j / 16], row[j]);
      }
    }
    for (std::size_t g = 0; g < groups; ++g) {
      CHECK(static_cast<double>(sums[g]) == doctest::Approx(exact[g]).epsilon(1e-5));
      CHECK(most[g] == exact_most[g]);
      CHECK(least[g] == exact_least[g]);
    }
    CHECK(sums.back() == kGuard);
    CHECK(most.back() == kGuard);
    CHECK(least.back() == kGuard);
  }
}
