#include "core/attention/exact.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include <doctest/doctest.h>

namespace attn {
namespace {

Exact exact(std::int64_t numerator, std::int64_t denominator = 1, std::int64_t radicand = 1) {
  const auto made = Exact::make(numerator, denominator, radicand);
  REQUIRE(made.has_value());
  return *made;
}

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

TEST_CASE("an exact number is kept in lowest terms, so that equal numbers are equal") {
  CHECK(exact(2, 4) == exact(1, 2));
  CHECK(exact(3, -6) == exact(-1, 2));
  CHECK(exact(1, 1, 8) == exact(2, 1, 2));  // √8 = 2√2
  CHECK(exact(1, 2, 8) == exact(1, 1, 2));  // √8 / 2 = √2
  CHECK(exact(5, 7, 0) == Exact(0));
  CHECK(exact(0, 7, 5) == Exact(0));
  CHECK(exact(1, 3, 49) == exact(7, 3));
  CHECK(exact(11, 2, 2).radicand() == 2);
}

TEST_CASE("what does not exist or does not fit is no value") {
  CHECK_FALSE(Exact::make(1, 0).has_value());
  CHECK_FALSE(Exact::make(1, 1, -2).has_value());
  CHECK_FALSE(Exact::make(kLeast, 1).has_value());
  CHECK_FALSE(Exact::make(kMost, 1, 4).has_value());  // 2 · kMost
  CHECK_FALSE(Exact::make(1, 1, 2'000'000'000'000).has_value());
  CHECK_FALSE(add(exact(kMost), exact(1)).has_value());
  CHECK_FALSE(multiply(exact(kMost), exact(2)).has_value());
  CHECK_FALSE(add(exact(1, kMost), exact(1, kMost - 1)).has_value());
  CHECK_FALSE(divide(exact(1), Exact(0)).has_value());
  CHECK_FALSE(square_root(exact(-1)).has_value());
  CHECK_FALSE(square_root(exact(1, 1, 2)).has_value());
  CHECK_FALSE(add(exact(1, 1, 2), exact(1, 1, 3)).has_value());
}

TEST_CASE("the four operations and the root, by hand") {
  CHECK(add(exact(1, 2), exact(1, 3)) == exact(5, 6));
  CHECK(subtract(exact(5, 2, 2), exact(11, 2, 2)) == exact(-3, 1, 2));  // 5/√2 − 11/√2 = −6/√2 = −3√2
  CHECK(multiply(exact(1, 1, 2), exact(1, 1, 2)) == exact(2));
  CHECK(multiply(exact(2, 3, 6), exact(3, 4, 2)) == exact(1, 1, 3));  // (1/2)·√12 = √3
  CHECK(divide(exact(11), exact(1, 1, 2)) == exact(11, 2, 2));        // 11/√2
  CHECK(divide(exact(1), exact(-2, 3)) == exact(-3, 2));
  CHECK(square_root(exact(5, 4)) == exact(1, 2, 5));
  CHECK(square_root(exact(4, 9)) == exact(2, 3));
  CHECK(square_root(Exact(0)) == Exact(0));
  CHECK(add(Exact(0), exact(1, 1, 3)) == exact(1, 1, 3));
  CHECK(exact(11, 2, 2).value() == doctest::Approx(11 / std::sqrt(2.0)).epsilon(1e-15));
}

TEST_CASE("numbers are ordered exactly, other roots included") {
  CHECK(compare(exact(1, 3), exact(1, 2)) == -1);
  CHECK(compare(exact(-1), exact(1, 1000)) == -1);
  CHECK(compare(exact(2, 4), exact(1, 2)) == 0);
  CHECK(compare(exact(1, 1, 3), exact(1, 1, 2)) == 1);
  CHECK(compare(exact(-1, 1, 3), exact(-1, 1, 2)) == -1);
  CHECK(compare(exact(7, 5), exact(1, 1, 2)) == -1);  // 1.4 < √2
  CHECK_FALSE(compare(exact(kMost, 2), exact(1, 1, 2)).has_value());
}

TEST_CASE("a typed number is the decimal that was typed") {
  CHECK(Exact::from_float(0.1F) == exact(1, 10));
  CHECK(Exact::from_float(-2.5F) == exact(-5, 2));
  CHECK(Exact::from_float(1e-3F) == exact(1, 1000));
  CHECK(Exact::from_float(-0.0F) == Exact(0));
  CHECK(Exact::from_double(0.125) == exact(1, 8));
  CHECK(Exact::from_decimal("1e3") == exact(1000));
  CHECK(Exact::from_decimal("-12.50") == exact(-25, 2));
  CHECK_FALSE(Exact::from_float(std::numeric_limits<float>::infinity()).has_value());
  CHECK_FALSE(Exact::from_float(1e30F).has_value());
  for (const char* wrong :
       {"", "-", ".", "1.2.3", "1e", "1e-", "1e9999", "x", "1 ", "99999999999999999999"}) {
    CAPTURE(wrong);
    CHECK_FALSE(Exact::from_decimal(wrong).has_value());
  }
}

}  // namespace
}  // namespace attn
