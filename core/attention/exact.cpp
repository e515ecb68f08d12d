#include "core/attention/exact.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

namespace attn {
namespace {

constexpr std::int64_t kLargestRadicand = 1'000'000'000'000;

bool fits(std::int64_t value) { return value != std::numeric_limits<std::int64_t>::min(); }

std::optional<std::int64_t> product(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  if (__builtin_mul_overflow(a, b, &out) || !fits(out)) return std::nullopt;
  return out;
}

std::optional<std::int64_t> sum(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  if (__builtin_add_overflow(a, b, &out) || !fits(out)) return std::nullopt;
  return out;
}

struct Root {
  std::int64_t factor = 1;  ///< what comes out of the root
  std::int64_t radicand = 1;
};

/// √n = factor · √radicand with no square left in the radicand.
Root take_squares_out(std::int64_t n) {
  Root root{1, n};
  for (std::int64_t p = 2; p * p <= root.radicand; ++p) {
    while (root.radicand % (p * p) == 0) {
      root.radicand /= p * p;
      root.factor *= p;
    }
  }
  return root;
}

/// The shortest decimal that reads back to the very same number, as an exact one.
template <class T>
std::optional<Exact> shortest_decimal(T value) {
  if (!std::isfinite(value)) return std::nullopt;
  if (value == T{0}) return Exact();
  std::array<char, 64> buffer{};
  const char* const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return Exact::from_decimal({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

int sign(std::int64_t value) { return (value > 0) - (value < 0); }

}  // namespace

std::optional<Exact> Exact::make(std::int64_t numerator, std::int64_t denominator, std::int64_t radicand) {
  if (denominator == 0 || radicand < 0 || radicand > kLargestRadicand || !fits(numerator) ||
      !fits(denominator)) {
    return std::nullopt;
  }
  if (numerator == 0 || radicand == 0) return Exact();
  const Root root = take_squares_out(radicand);
  const std::int64_t common = std::gcd(root.factor, denominator);
  const auto above = product(numerator, root.factor / common);
  if (!above) return std::nullopt;
  std::int64_t below = denominator / common;
  const std::int64_t divisor = std::gcd(*above, below);
  Exact out;
  out.numerator_ = *above / divisor;
  below /= divisor;
  if (below < 0) {
    out.numerator_ = -out.numerator_;
    below = -below;
  }
  out.denominator_ = below;
  out.radicand_ = root.radicand;
  return out;
}

std::optional<Exact> Exact::from_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::int64_t digits = 0;
  std::int64_t scale = 0;  // power of ten that the digits are to be divided by
  bool after_point = false;
  bool any = false;
  std::size_t at = 0;
  for (; at < text.size() && text[at] != 'e'; ++at) {
    if (text[at] == '.') {
      if (after_point) return std::nullopt;
      after_point = true;
      continue;
    }
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    const auto ten_times = product(digits, 10);
    const auto next = ten_times ? sum(*ten_times, text[at] - '0') : std::nullopt;
    if (!next) return std::nullopt;
    digits = *next;
    any = true;
    if (after_point) ++scale;
  }
  if (!any) return std::nullopt;
  if (at < text.size()) {  // the exponent
    std::string_view exponent = text.substr(at + 1);
    const bool down = exponent.starts_with('-');
    if (down || exponent.starts_with('+')) exponent.remove_prefix(1);
    if (exponent.empty() || exponent.size() > 3) return std::nullopt;
    std::int64_t power = 0;
    for (const char c : exponent) {
      if (c < '0' || c > '9') return std::nullopt;
      power = 10 * power + (c - '0');
    }
    scale += down ? power : -power;
  }
  std::int64_t below = 1;
  for (; scale > 0 && digits != 0; --scale) {
    const auto next = product(below, 10);
    if (!next) return std::nullopt;
    below = *next;
  }
  for (; scale < 0 && digits != 0; ++scale) {
    const auto next = product(digits, 10);
    if (!next) return std::nullopt;
    digits = *next;
  }
  return make(negative ? -digits : digits, below);
}

std::optional<Exact> Exact::from_float(float value) { return shortest_decimal(value); }

std::optional<Exact> Exact::from_double(double value) { return shortest_decimal(value); }

double Exact::value() const {
  const double rational = static_cast<double>(numerator_) / static_cast<double>(denominator_);
  return is_rational() ? rational : rational * std::sqrt(static_cast<double>(radicand_));
}

Exact Exact::negated() const {
  Exact out = *this;
  out.numerator_ = -out.numerator_;
  return out;
}

std::optional<Exact> add(const Exact& a, const Exact& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  if (a.radicand() != b.radicand()) return std::nullopt;
  const std::int64_t common = std::gcd(a.denominator(), b.denominator());
  const auto left = product(a.numerator(), b.denominator() / common);
  const auto right = product(b.numerator(), a.denominator() / common);
  const auto below = product(a.denominator(), b.denominator() / common);
  if (!left || !right || !below) return std::nullopt;
  const auto above = sum(*left, *right);
  if (!above) return std::nullopt;
  return Exact::make(*above, *below, a.radicand());
}

std::optional<Exact> subtract(const Exact& a, const Exact& b) { return add(a, b.negated()); }

std::optional<Exact> multiply(const Exact& a, const Exact& b) {
  if (a.is_zero() || b.is_zero()) return Exact();
  const std::int64_t across = std::gcd(a.numerator(), b.denominator());
  const std::int64_t back = std::gcd(b.numerator(), a.denominator());
  const auto above = product(a.numerator() / across, b.numerator() / back);
  const auto below = product(a.denominator() / back, b.denominator() / across);
  const auto radicand = product(a.radicand(), b.radicand());
  if (!above || !below || !radicand) return std::nullopt;
  return Exact::make(*above, *below, *radicand);
}

std::optional<Exact> divide(const Exact& a, const Exact& b) {
  if (b.is_zero()) return std::nullopt;
  // 1 / (p/q · √r) = q / (p·r) · √r
  const auto below = product(b.numerator(), b.radicand());
  if (!below) return std::nullopt;
  const auto inverse = Exact::make(b.denominator(), *below, b.radicand());
  return inverse ? multiply(a, *inverse) : std::nullopt;
}

std::optional<Exact> square_root(const Exact& a) {
  if (!a.is_rational() || a.numerator() < 0) return std::nullopt;
  // √(p/q) = √(p·q) / q
  const auto radicand = product(a.numerator(), a.denominator());
  return radicand ? Exact::make(1, a.denominator(), *radicand) : std::nullopt;
}

std::optional<int> compare(const Exact& a, const Exact& b) {
  if (sign(a.numerator()) != sign(b.numerator())) return sign(a.numerator()) < sign(b.numerator()) ? -1 : 1;
  if (const auto difference = subtract(a, b)) return sign(difference->numerator());
  // Other roots: the one of the same sign with the larger square is larger in magnitude.
  const auto a_squared = multiply(a, a);
  const auto b_squared = multiply(b, b);
  const auto difference = a_squared && b_squared ? subtract(*a_squared, *b_squared) : std::nullopt;
  if (!difference) return std::nullopt;
  return sign(difference->numerator()) * sign(a.numerator());
}

}  // namespace attn
