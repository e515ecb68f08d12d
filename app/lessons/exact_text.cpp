#include "app/lessons/exact_text.h"

#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "core/attention/exact.h"

namespace attn::lessons {
namespace {

/// Half a unit in the last place of float32, and a little for what was computed on the way.
constexpr double kAsNear = 3.0e-7;
constexpr std::int64_t kLargestPart = 999;
constexpr std::int64_t kLargestDenominator = 99;
/// Below this denominator a fraction is easier to read than its decimals, however short those are.
constexpr std::int64_t kEasyDenominator = 12;

std::optional<std::int64_t> whole(double value, std::int64_t most) {
  const double nearest = std::round(value);
  if (nearest < 1.0 || nearest > static_cast<double>(most)) return std::nullopt;
  if (std::abs(value - nearest) > kAsNear * nearest) return std::nullopt;
  return static_cast<std::int64_t>(nearest);
}

bool ends_as_decimal(std::int64_t denominator) {
  while (denominator % 2 == 0) denominator /= 2;
  while (denominator % 5 == 0) denominator /= 5;
  return denominator == 1;
}

std::optional<Exact> fraction(double value) {
  for (std::int64_t below = 2; below <= kLargestDenominator; ++below) {
    const auto above = whole(value * static_cast<double>(below), kLargestPart);
    if (!above) continue;
    if (below > kEasyDenominator && ends_as_decimal(below)) return std::nullopt;
    return Exact::make(*above, below);
  }
  return std::nullopt;
}

/// Small parts only: among many forms one would be close by chance.
std::optional<Exact> root(double value) {
  constexpr std::int64_t kLargestRadicand = 30;
  constexpr std::int64_t kLargestFactor = 99;
  if (const auto square = whole(value * value, kLargestPart)) return Exact::make(1, 1, *square);
  for (std::int64_t radicand = 2; radicand <= kLargestRadicand; ++radicand) {
    for (std::int64_t below = 1; below <= kEasyDenominator; ++below) {
      if (const auto above = whole(
              value * static_cast<double>(below) / std::sqrt(static_cast<double>(radicand)), kLargestFactor))
        return Exact::make(*above, below, radicand);
    }
  }
  return std::nullopt;
}

std::string written(const Exact& exact) {
  const std::int64_t above = exact.numerator();
  const std::int64_t radicand = exact.radicand();
  if (radicand == 1) return fmt::format("{}/{}", above, exact.denominator());
  // a√r / (b·r) = a / (b√r)
  if (exact.denominator() % radicand == 0) {
    const std::int64_t below = exact.denominator() / radicand;
    return below == 1 ? fmt::format("{}/√{}", above, radicand)
                      : fmt::format("{}/({}√{})", above, below, radicand);
  }
  const std::string line = above == 1 ? fmt::format("√{}", radicand) : fmt::format("{}√{}", above, radicand);
  return exact.denominator() == 1 ? line : fmt::format("{}/{}", line, exact.denominator());
}

}  // namespace

std::optional<std::string> exact_text(double value) {
  const double magnitude = std::abs(value);
  if (!std::isfinite(value) || whole(magnitude, std::int64_t{1} << 40)) return std::nullopt;
  auto exact = fraction(magnitude);
  // 7/20 is better read as 0.35: that it is a root as well would be chance.
  if (!exact && !whole(magnitude * 100.0, std::int64_t{1} << 40)) exact = root(magnitude);
  if (!exact) return std::nullopt;
  return (value < 0.0 ? "−" : "") + written(*exact);
}

}  // namespace attn::lessons
