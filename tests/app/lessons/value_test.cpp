#include "app/lessons/value.h"

#include <cmath>
#include <limits>
#include <string>

#include <doctest/doctest.h>

using attn::MatrixD;
using attn::lessons::format;
using attn::lessons::kind_of;
using attn::lessons::List;
using attn::lessons::near;
using attn::lessons::typed_number;
using attn::lessons::Value;
using attn::lessons::ValueFormat;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void reads(const std::string& text, double expected) {
  CAPTURE(text);
  const auto value = typed_number(text);
  REQUIRE(value.has_value());
  CHECK(*value == doctest::Approx(expected).epsilon(1e-12));
}

std::string exact(double value) { return format(value, {ValueFormat::Kind::exact}); }

}  // namespace

TEST_CASE("a typed number is a decimal, a fraction, a root, a percentage or an infinity") {
  reads("0.95", 0.95);
  reads("-2", -2.0);
  reads("+.5", 0.5);
  reads("1e-3", 0.001);
  reads("11/4", 2.75);
  reads("1/2/2", 0.25);
  reads("11/√2", 7.7781745930520225);
  reads("11/sqrt(2)", 7.7781745930520225);
  reads("3√2", 4.242640687119286);
  reads("2*3", 6.0);
  reads("2·sqrt 9", 6.0);
  reads("√(2)×√8", 4.0);
  reads("95%", 0.95);
  reads("1/2%", 0.005);
  CHECK(typed_number("−∞") == -kInfinity);
  CHECK(typed_number("-inf") == -kInfinity);
  CHECK(typed_number("infinity") == kInfinity);
}

TEST_CASE("a typed number may come from a Chinese keyboard") {
  reads("０．９５", 0.95);
  reads("０。９５", 0.95);
  reads("－１２", -12.0);
  reads("＋３４", 34.0);
  reads("１１／√（２）", 7.7781745930520225);
  reads("５６　％", 0.56);
  reads("７＊８", 56.0);
  reads("９：３", 3.0);
  reads("６÷４", 1.5);
}

TEST_CASE("what is no number is not read as one") {
  for (const char* text :
       {"",       " ",   "-",    "abc", "0,95", "1..2",  "1/0",      "1/",  "/2", "√",    "√-2",
        "sqrt(2", "√2)", "95%%", "%",   "nan",  "1e999", "2 apples", "1+2", "()", "权重", "∞∞"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(typed_number(text).has_value());
  }
  CHECK_FALSE(typed_number(std::string(61, '1')).has_value());
}

TEST_CASE("numbers are written honestly: what is small is not 0, and what is cut is rounded") {
  CHECK(format(0.0023556) == "0.0024");
  CHECK(format(11.0) == "11");
  CHECK(format(100.0) == "100");
  CHECK(format(2.5) == "2.5");
  CHECK(format(-2.5) == "−2.5");
  CHECK(format(0.0) == "0");
  CHECK(format(-0.0) == "0");
  CHECK(format(8.3e-7) == "<0.0001");
  CHECK(format(-8.3e-7) == ">−0.0001");
  CHECK(format(-1.0e9) == "−10⁹");
  CHECK(format(1.0e12) == "10¹²");
  CHECK(format(1.5e9) == "1500000000");
  CHECK(format(kInfinity) == "∞");
  CHECK(format(-kInfinity) == "−∞");
  CHECK(format(kNaN) == "NaN");
  CHECK(format(1.0) == "1");
  CHECK(format(0.99999) == "0.99999");
  CHECK(format(0.99995) == "0.99995");
  CHECK(format(0.999998) == "0.999998");
  CHECK(format(1.00001) == "1.00001");
  CHECK(format(-0.99999) == "−0.99999");
  CHECK(format(0.99999994) == "1");  // the sum of shares in float32
}

TEST_CASE("a number takes the decimals, the percentage or the form that is asked for") {
  const ValueFormat two{ValueFormat::Kind::decimals, 2};
  CHECK(format(11.0, two) == "11.00");
  CHECK(format(0.004, two) == "<0.01");
  CHECK(format(0.006, two) == "0.01");
  CHECK(format(2.4, {ValueFormat::Kind::decimals, 0}) == "2");
  const ValueFormat percent{ValueFormat::Kind::percent};
  CHECK(format(0.9503, percent) == "95%");
  CHECK(format(0.003, percent) == "0.30%");  // nearly nothing is not nothing
  CHECK(format(0.9988, percent) == "99.88%");
  CHECK(format(1e-6, percent) == "<0.01%");
  CHECK(format(1.0, percent) == "100%");
  CHECK(format(0.0, percent) == "0%");
}

TEST_CASE("an exact number is a fraction or a root where it has such a form") {
  CHECK(exact(1.0 / 3.0) == "1/3");
  CHECK(exact(static_cast<double>(1.0F / 3.0F)) == "1/3");  // as float32 has it
  CHECK(exact(-2.0 / 7.0) == "−2/7");
  CHECK(exact(0.125) == "1/8");
  CHECK(exact(0.35) == "0.35");
  CHECK(exact(5.0) == "5");
  CHECK(exact(0.0) == "0");
  CHECK(exact(std::sqrt(61.0)) == "√61");
  CHECK(exact(std::sqrt(8.0)) == "2√2");
  CHECK(exact(11.0 / std::sqrt(2.0)) == "11/√2");
  CHECK(exact(-std::sqrt(5.0) / 2.0) == "−√5/2");
  CHECK(exact(1.0 / (3.0 * std::sqrt(2.0))) == "1/(3√2)");
  CHECK(exact(0.95033026) == "0.9503");  // a share of the three words: no such form
  CHECK(exact(std::acos(-1.0)) == "3.1416");
  CHECK(exact(8.3e-7) == "<0.0001");
  CHECK(exact(-kInfinity) == "−∞");
}

TEST_CASE("lists, matrices, texts and truths are written as people read them") {
  CHECK(format(List{0.5, 0.25, 1e-9}) == "0.5, 0.25, <0.0001");
  CHECK(format(List{}) == "");
  MatrixD m(2, 2);
  m(0, 0) = 1.0, m(0, 1) = 2.0, m(1, 0) = 3.0, m(1, 1) = 4.0;
  CHECK(format(m) == "1, 2; 3, 4");
  CHECK(format(std::string("dot")) == "dot");
  CHECK(format(true) == "true");
  CHECK(kind_of(1.0) == "a number");
  CHECK(kind_of(List(3)) == "a list of 3 numbers");
  CHECK(kind_of(m) == "a matrix of 2 × 2");
  CHECK(kind_of(std::string()) == "a text");
  CHECK(kind_of(false) == "true or false");
}

TEST_CASE("values agree within the tolerance, and only with their own kind and shape") {
  CHECK(near(1.0, 1.1, 0.11));
  CHECK_FALSE(near(1.0, 1.2, 0.1));
  CHECK(near(-kInfinity, -kInfinity, 0.0));
  CHECK_FALSE(near(kInfinity, -kInfinity, 1e9));
  CHECK_FALSE(near(kNaN, kNaN, kInfinity));
  CHECK(near(List{1.0, 2.0}, List{1.05, 1.95}, 0.06));
  CHECK_FALSE(near(List{1.0, 2.0}, List{1.0}, 1.0));
  CHECK_FALSE(near(List{1.0, 2.0}, List{1.0, 2.2}, 0.1));
  CHECK_FALSE(near(MatrixD(1, 2), MatrixD(2, 1), 1.0));
  CHECK(near(MatrixD(2, 2), MatrixD(2, 2), 0.0));
  CHECK_FALSE(near(1.0, List{1.0}, 1.0));
  CHECK(near(std::string("dot"), std::string("dot"), 0.0));
  CHECK_FALSE(near(true, false, 1.0));
}
