#include "app/session/pull_runner.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <thread>

#include <doctest/doctest.h>

#include "core/attention/error.h"
#include "tests/support/inputs.h"

using namespace attn;
using namespace attn::session;
using attn::tests::three_words;

namespace {

PullRunner::Options on_worker(std::function<void()> wake = {}) {
  PullRunner::Options options;
  options.direct_operations = 0.0;
  options.wake = std::move(wake);
  return options;
}

/// Everything there is to hand out until the pull stands still.
std::optional<PullProgress> settle(PullRunner& runner) {
  std::optional<PullProgress> newest;
  while (true) {
    const bool moving = runner.moving();
    if (auto progress = runner.advance()) newest = std::move(progress);
    if (!moving) return newest;
    std::this_thread::yield();
  }
}

}  // namespace

TEST_CASE("pull runner: calling thread and worker come to the same input") {
  PullRunner here(three_words(), PullTarget::weight(0, 0, 0), PullFreedom::this_word, {});
  std::atomic<int> woken{0};
  PullRunner there(three_words(), PullTarget::weight(0, 0, 0), PullFreedom::this_word,
                   on_worker([&] { ++woken; }));
  const auto pressed_here = settle(here);
  const auto pressed_there = settle(there);
  REQUIRE(pressed_here.has_value());
  REQUIRE(pressed_there.has_value());
  CHECK(pressed_here->report.start == pressed_there->report.start);
  CHECK(same_input(pressed_here->input, pressed_there->input) == false);  // two inputs of the same values
  CHECK(equal_values(pressed_here->input.x, pressed_there->input.x));
  here.set_goal({0.7});
  there.set_goal({0.7});
  const auto a = settle(here);
  const auto b = settle(there);
  REQUIRE(a.has_value());
  REQUIRE(b.has_value());
  CHECK(a->report.end == PullEnd::arrived);
  CHECK(b->report.end == PullEnd::arrived);
  CHECK(equal_values(a->input.x, b->input.x));
  CHECK_FALSE(here.moving());
  CHECK_FALSE(there.moving());
  CHECK_FALSE(here.advance().has_value());
}

TEST_CASE("pull runner: a budget of nothing leaves the rest to the next frames") {
  PullRunner::Options options;
  options.budget = std::chrono::microseconds(0);
  PullRunner runner(three_words(), PullTarget::weight(0, 0, 0), PullFreedom::this_word, options);
  runner.set_goal({0.7});
  const auto first = runner.advance();
  REQUIRE(first.has_value());
  CHECK(first->report.end == PullEnd::moving);
  CHECK(runner.moving());
}

TEST_CASE("pull runner: the newest goal counts") {
  PullRunner runner(three_words(), PullTarget::weight(0, 0, 0), PullFreedom::this_word, on_worker());
  for (int i = 1; i <= 20; ++i) runner.set_goal({0.03 * i});
  const auto progress = settle(runner);
  REQUIRE(progress.has_value());
  CHECK(progress->report.goal[0] == doctest::Approx(0.6));
  CHECK(progress->report.reached[0] == doctest::Approx(0.6).epsilon(1e-4));
}

TEST_CASE("pull runner: a wrong goal is refused at once, wherever it would be solved") {
  for (const PullRunner::Options& options : {PullRunner::Options{}, on_worker()}) {
    PullRunner runner(three_words(), PullTarget::weight(0, 0, 0), PullFreedom::this_word, options);
    CHECK_THROWS_AS(runner.set_goal({0.1, 0.2}), std::invalid_argument);
  }
  CHECK_THROWS_AS(PullRunner(three_words(), PullTarget::weight(9, 0, 0), PullFreedom::this_word, {}),
                  std::invalid_argument);
}

TEST_CASE("pull runner: stopping does not wait, ending does") {
  PullRunner runner(tests::random_input(48, 32, 2, 1), PullTarget::weight(0, 3, 5), PullFreedom::all_words,
                    on_worker());
  runner.set_goal({0.9});
  CHECK(runner.moving());
  runner.stop();
  while (!runner.stopped()) std::this_thread::yield();
  CHECK_FALSE(runner.moving());
  PullRunner here(three_words(), PullTarget::weight(0, 0, 0), PullFreedom::this_word, {});
  here.stop();
  CHECK(here.stopped());
}

TEST_CASE("pull runner: an input that cannot be computed is an error, on either thread") {
  Input input = three_words();
  input.x = SharedMatrix(Matrix(3, 2, 3e30f));
  CHECK_THROWS_AS(PullRunner(input, PullTarget::weight(0, 0, 0), PullFreedom::this_word, {}), RunError);
  PullRunner there(input, PullTarget::weight(0, 0, 0), PullFreedom::this_word, on_worker());
  CHECK_THROWS_AS(settle(there), RunError);
  CHECK_FALSE(there.moving());
}

TEST_CASE("pull runner: memory that is not allowed is refused with the figures") {
  PullRunner::Options options;
  // x 6, q k v 18, scores to weights 36, head outputs to output 18: 78 numbers of 8 bytes, three times.
  options.memory_limit = 1000;
  CHECK_THROWS_WITH_AS(
      PullRunner(three_words(), PullTarget::weight(0, 0, 0), PullFreedom::this_word, options),
      "a pull on 3 queries × 3 keys × 1 heads needs 3 traces of 624 bytes, allowed are 1000 bytes", RunError);
}
