#include "app/widgets/exact_format.h"

#include <doctest/doctest.h>

namespace attn::ui {
namespace {

Exact exact(std::int64_t numerator, std::int64_t denominator = 1, std::int64_t radicand = 1) {
  const auto made = Exact::make(numerator, denominator, radicand);
  REQUIRE(made.has_value());
  return *made;
}

TEST_CASE("exact numbers are written as people write them") {
  CHECK(exact_text(exact(5)) == "5");
  CHECK(exact_text(exact(-1, 3)) == "−1/3");
  CHECK(exact_text(exact(11, 2, 2)) == "11/√2");  // 11√2 / 2
  CHECK(exact_text(exact(1, 2, 2)) == "1/√2");
  CHECK(exact_text(exact(1, 2, 5)) == "√5/2");
  CHECK(exact_text(exact(-3, 1, 2)) == "−3√2");
  CHECK(exact_text(exact(1, 1, 7)) == "√7");
  CHECK(exact_text(exact(8, 65, 65)) == "8/√65");
  CHECK(exact_text(exact(5, 6, 3)) == "5/(2√3)");
}

TEST_CASE("what reads worse than its decimals stays a decimal") {
  CHECK(reads_well(exact(1, 3)));
  CHECK(reads_well(exact(1, 8)));
  CHECK(reads_well(exact(17, 30)));
  CHECK(reads_well(exact(123456)));
  CHECK_FALSE(reads_well(exact(39, 100)));
  CHECK_FALSE(reads_well(exact(1, 5000)));
  CHECK_FALSE(reads_well(exact(12345, 2, 2)));
  CHECK_FALSE(reads_well(exact(1, 1, 12347)));
}

}  // namespace
}  // namespace attn::ui
