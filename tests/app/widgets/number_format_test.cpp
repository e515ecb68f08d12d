#include "app/widgets/number_format.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

using namespace attn::ui;

namespace {
constexpr double kEndless = std::numeric_limits<double>::infinity();
}

TEST_CASE("whole numbers have no point, and zero is 0 whatever its sign") {
  CHECK(format_number(5.0, 4) == "5");
  CHECK(format_number(0.0, 4) == "0");
  CHECK(format_number(-0.0, 4) == "0");
  CHECK(format_number(-3.0, 4) == "−3");
}

TEST_CASE("a number that is exact is shown exactly, a rounded one with all its decimals") {
  CHECK(format_number(1.5, 4) == "1.5");
  CHECK(format_number(static_cast<double>(0.1f), 4) == "0.1");
  CHECK(format_number(1.0 / 10.0, 4) == "0.1");
  double tenths = 0.0;
  for (int i = 0; i < 10; ++i) tenths += 0.1;
  REQUIRE(tenths != 1.0);
  CHECK(format_number(tenths, 4) == "1");
  CHECK(format_number(0.95033, 4) == "0.9503");
  CHECK(format_number(0.99999, 4) == "1.0000");
  CHECK(format_number(2.99912, 2) == "3.00");
}

TEST_CASE("what is small but not zero never looks like zero") {
  CHECK(format_number(0.00004, 4) == "<0.0001");
  CHECK(format_number(0.00006, 4) == "0.0001");
  CHECK(format_number(-0.00004, 4) == ">−0.0001");
  CHECK(format_number(1e-300, 2) == "<0.01");
}

TEST_CASE("a number that arithmetic goes on with is a power of ten where decimals do not reach") {
  CHECK(format_operand(0.00004, 4) == "4.00×10⁻⁵");
  CHECK(format_operand(-6.02e-8, 4) == "−6.02×10⁻⁸");
  CHECK(format_operand(0.00006, 4) == "0.0001");
  CHECK(format_operand(0.0, 4) == "0");
  CHECK(format_operand(2.5, 4) == "2.5");
}

TEST_CASE("infinities, NaN and very large numbers have their own signs") {
  CHECK(format_number(-kEndless, 4) == "−∞");
  CHECK(format_number(kEndless, 4) == "∞");
  CHECK(format_number(std::nan(""), 4) == "NaN");
  CHECK(format_number(-1e9, 4) == "−10⁹");
  CHECK(format_number(1.25e8, 4) == "1.25×10⁸");
  CHECK(format_number(9.999e8, 4) == "1.00×10⁹");
}

TEST_CASE("a narrow cell gets fewer decimals, then no leading zero, then nothing") {
  CHECK(format_to_fit(0.9503, 4, 6) == "0.9503");
  CHECK(format_to_fit(0.95033, 4, 4) == "0.95");
  CHECK(format_to_fit(0.95033, 4, 3) == ".95");
  CHECK(format_to_fit(0.91033, 4, 2) == ".9");
  CHECK(format_to_fit(0.97033, 4, 2) == "");  // would be 1.0, which does not fit
  CHECK(format_to_fit(0.95033, 4, 1) == "");
  CHECK(format_to_fit(0.00004, 4, 6) == "<.0001");
  CHECK(format_to_fit(0.00004, 4, 4) == "<.01");
  CHECK(format_to_fit(25.0, 4, 2) == "25");
  CHECK(format_to_fit(25.0, 4, 1) == "");
}

TEST_CASE("all cells of a matrix share one style, the finest in which the widest fits") {
  const std::array values = {0.0024, 0.95033, 12.3456};
  const FittedStyle four = fit_style(values, 4, 7);
  REQUIRE(four.fits);
  CHECK(four.style.decimals == 4);
  const FittedStyle two = fit_style(values, 4, 5);
  REQUIRE(two.fits);
  CHECK(two.style.decimals == 2);
  CHECK_FALSE(fit_style(values, 4, 3).fits);
}

TEST_CASE("widths that are reckoned are never less than widths that are written") {
  const std::array values = {0.0,    1.0,     -7.0,   12.0,   0.5,       0.00004, -0.00004, 9.96,
                             99.996, -99.996, 1234.5, -1.0e9, -kEndless, 1.0e-30, 0.99999,  -0.05};
  for (const double value : values) {
    NumberWidths widths;
    widths.add(value);
    for (int decimals = 1; decimals <= 8; ++decimals) {
      for (const LeadingZero zero : {LeadingZero::always, LeadingZero::not_after_sign, LeadingZero::never}) {
        const std::string written = format_number(value, {decimals, zero});
        CAPTURE(written);
        CHECK(widths.widest({decimals, zero}) >= characters(written));
      }
    }
  }
}

TEST_CASE("shares in hundredths: nothing small looks like 0, nothing short of all looks like 100") {
  const NumberStyle percent{0, LeadingZero::always, true};
  CHECK(format_number(0.884, percent) == "88");
  CHECK(format_number(0.004, percent) == "<1");
  CHECK(format_number(0.0, percent) == "0");
  CHECK(format_number(1.0, percent) == "100");
  CHECK(format_number(0.998, percent) == ">99");
}

TEST_CASE("a shown sum says = only when the shown terms add up to the shown result") {
  const std::array row = {std::exp(-6.0), std::exp(-3.0), 1.0};
  CHECK(sum_sign(row, row[0] + row[1] + row[2], 4) == "≈");  // 1.0523 was rounded
  const std::array thirds = {1.0 / 3, 1.0 / 3, 1.0 / 3};
  CHECK(sum_sign(thirds, 1.0, 4) == "≈");  // 0.3333 + 0.3333 + 0.3333 is not 1
  const std::array tiny = {0.00004, 0.5};
  CHECK(sum_sign(tiny, 0.50004, 4) == "≈");  // nobody can add <0.0001
  const std::array whole = {3.0, 8.0};
  CHECK(sum_sign(whole, 11.0, 4) == "=");
}

TEST_CASE("equals_sign says = only of what is true as it is shown") {
  CHECK(equals_sign(1.0 / as_shown(1.05226, 4), 0.95033, 4, false) == "≈");
  CHECK(equals_sign(std::exp(-3.0), std::exp(-3.0), 4, true) == "≈");  // exp(−3) is not 0.0498
  CHECK(equals_sign(as_shown(0.95033, 4) * 3.0, 2.85099, 4, false) == "≈");
  CHECK(equals_sign(as_shown(7.77817, 4) - as_shown(7.77817, 4), 0.0, 4, false) == "=");
  CHECK(equals_sign(0.1 * 3.0, static_cast<double>(0.1F) * 3.0, 4, true) == "=");  // of float32 inputs
  CHECK(equals_sign(-kEndless, -kEndless, 4, true) == "=");
}

TEST_CASE("a number alone is equal to its decimals, near them, or beyond the smallest of them") {
  CHECK(after_sign(2.0, 4) == "= 2");
  CHECK(after_sign(static_cast<double>(0.1F), 4) == "= 0.1");
  CHECK(after_sign(0.95028, 4) == "≈ 0.9503");
  CHECK(after_sign(0.99999999, 4) == "≈ 1.0000");
  CHECK(after_sign(0.00002, 4) == "< 0.0001");
  CHECK(after_sign(-0.00002, 4) == "> −0.0001");
  CHECK(after_sign(-kEndless, 4) == "= −∞");
  CHECK(after_sign(1.25e8, 4) == "= 1.25×10⁸");
  CHECK(after_sign(1.23456e8, 4) == "≈ 1.23×10⁸");
}

TEST_CASE("a number with a decimal comma is recognised, and nothing else") {
  CHECK(with_decimal_point("2,5") == "2.5");
  CHECK(with_decimal_point("-0,25") == "-0.25");
  CHECK(with_decimal_point("2，5") == "2.5");
  CHECK(with_decimal_point("1,234,567").empty());
  CHECK(with_decimal_point("1,2.5").empty());
  CHECK(with_decimal_point("2.5").empty());
  CHECK(with_decimal_point("two,five").empty());
}

TEST_CASE("indices and powers are written with their own digits, and count as one character each") {
  CHECK(subscript(13) == "₁₃");
  CHECK(superscript(-12) == "⁻¹²");
  CHECK(characters("−0.95") == 5);
  CHECK(characters("α₁₃") == 3);
}
