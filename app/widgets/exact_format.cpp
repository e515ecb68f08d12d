#include "app/widgets/exact_format.h"

#include <cstdlib>
#include <utility>

#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

constexpr std::int64_t kLargestPart = 999;
/// Below this denominator a fraction is easier to read than its decimals, however short those are.
constexpr std::int64_t kEasyDenominator = 12;

bool ends_as_decimal(std::int64_t denominator) {
  while (denominator % 2 == 0) denominator /= 2;
  while (denominator % 5 == 0) denominator /= 5;
  return denominator == 1;
}

std::string with_root(const std::string& number, const std::string& radicand) {
  return radicand.empty() ? number : number + "√" + radicand;
}

Formula product_of(const std::string& number, const std::string& radicand, Ink ink) {
  Formulas parts;
  if (!number.empty()) parts.push_back(digits(number, ink));
  if (!radicand.empty()) parts.push_back(root(digits(radicand, ink)));
  return row(std::move(parts));
}

}  // namespace

bool reads_well(const Exact& value) {
  if (std::abs(value.numerator()) > kLargestPart || value.denominator() > kLargestPart ||
      value.radicand() > kLargestPart) {
    return value.is_whole();
  }
  if (!value.is_rational() || value.denominator() <= kEasyDenominator) return true;
  return !ends_as_decimal(value.denominator());
}

ExactParts exact_parts(const Exact& value) {
  ExactParts parts;
  parts.negative = value.numerator() < 0;
  const std::int64_t above = std::abs(value.numerator());
  const std::int64_t root = value.radicand();
  // a√r / (b·r) = a / (b√r)
  const bool root_below = root != 1 && value.denominator() % root == 0;
  const std::int64_t below = root_below ? value.denominator() / root : value.denominator();
  const std::string radicand = root == 1 ? "" : std::to_string(root);
  if (above != 1 || root == 1 || root_below) parts.above = std::to_string(above);
  if (!root_below) parts.root_above = radicand;
  if (root_below) parts.root_below = radicand;
  if (below != 1) parts.below = std::to_string(below);
  return parts;
}

std::string exact_text(const Exact& value) {
  const ExactParts parts = exact_parts(value);
  std::string text = parts.negative ? std::string(kMinus) : "";
  text += with_root(parts.above, parts.root_above);
  if (!parts.below.empty() || !parts.root_below.empty()) {
    const bool two = !parts.below.empty() && !parts.root_below.empty();
    const std::string below = with_root(parts.below, parts.root_below);
    text += two ? "/(" + below + ")" : "/" + below;
  }
  return text;
}

Formula exact_formula(const Exact& value, Ink ink, bool magnitude) {
  const ExactParts parts = exact_parts(value);
  Formula body = product_of(parts.above, parts.root_above, ink);
  if (!parts.below.empty() || !parts.root_below.empty())
    body = fraction(std::move(body), product_of(parts.below, parts.root_below, ink));
  if (!parts.negative || magnitude) return body;
  return row({digits(std::string(kMinus), ink), std::move(body)});
}

}  // namespace attn::ui
