#include "app/session/what_if.h"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

using namespace attn;
using namespace attn::session;

namespace {
constexpr double kHidden = -std::numeric_limits<double>::infinity();
}

TEST_CASE("a line of scores becomes shares as softmax does it by hand") {
  // ln 3 above 0: exponentials 1 and ⅓, sum 4/3, shares ¾ and ¼.
  const SoftmaxLine line = softmax_line({std::log(3.0), 0.0, kHidden}, Normalise::softmax);
  CHECK(line.maximum == doctest::Approx(std::log(3.0)));
  CHECK(line.exponentials[0] == doctest::Approx(1.0));
  CHECK(line.exponentials[1] == doctest::Approx(1.0 / 3.0));
  CHECK(line.exponentials[2] == 0.0);
  CHECK(line.sum == doctest::Approx(4.0 / 3.0));
  CHECK(line.shares[0] == doctest::Approx(0.75));
  CHECK(line.shares[1] == doctest::Approx(0.25));
  CHECK(line.shares[2] == 0.0);
}

TEST_CASE("without its maximum removed a line has the exponentials of the scores themselves") {
  const SoftmaxLine line = softmax_line({std::log(3.0), 0.0}, Normalise::softmax_without_max);
  CHECK(line.maximum == 0.0);
  CHECK(line.exponentials[0] == doctest::Approx(3.0));
  CHECK(line.shares[0] == doctest::Approx(0.75));
}

TEST_CASE("a line that sees nothing shares nothing, and raw scores are their own shares") {
  const SoftmaxLine nothing = softmax_line({kHidden, kHidden}, Normalise::softmax);
  CHECK(nothing.sum == 0.0);
  CHECK(nothing.shares == std::vector<double>{0.0, 0.0});
  const SoftmaxLine raw = softmax_line({2.0, kHidden}, Normalise::none);
  CHECK(raw.shares == std::vector<double>{2.0, 0.0});
  CHECK(raw.exponentials.empty());
}

TEST_CASE("a what-if replaces scores by their place and leaves the others") {
  WhatIf what_if;
  what_if.scores[1] = 5.0;
  what_if.scores[7] = 1.0;
  CHECK(what_if.applied_to({1.0, 2.0}) == std::vector<double>{1.0, 5.0});
  CHECK(what_if.asks(1));
  CHECK_FALSE(what_if.asks(0));
}
