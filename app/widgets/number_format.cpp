#include "app/widgets/number_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace attn::ui {
namespace {

constexpr double kPowersFrom = 1e7;
constexpr int kMostDecimals = 12;

double unit_of(int decimals) { return std::pow(10.0, -decimals); }

std::string with_sign(bool negative, std::string digits) {
  return negative ? std::string(kMinus) + std::move(digits) : digits;
}

std::string drop_zero(std::string digits) {
  if (digits.starts_with("0.")) digits.erase(0, 1);
  return digits;
}

/// A text without an exponent and with at most `decimals` decimals, the point left out where nothing follows
/// it; empty where that is not so.
std::string short_text(std::string text, int decimals) {
  if (text.find_first_of("en") != std::string::npos) return {};
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return text;
  if (text.substr(point) == ".0") return text.substr(0, point);
  return text.size() - point - 1 <= static_cast<std::size_t>(decimals) ? text : std::string();
}

/// How an exact number is written: the shortest text of a float32, or of a double up to the last few digits
/// that adding ten tenths leaves behind.
std::string exact_text(double magnitude, int decimals) {
  const auto single = static_cast<float>(magnitude);
  if (static_cast<double>(single) == magnitude) {
    if (std::string text = short_text(fmt::format("{}", single), decimals); !text.empty()) return text;
  }
  return short_text(fmt::format("{:.13g}", magnitude), decimals);
}

std::string power_text(double magnitude, int decimals) {
  int exponent = static_cast<int>(std::floor(std::log10(magnitude)));
  double mantissa = magnitude / std::pow(10.0, exponent);
  const double rounded = std::round(mantissa * 100.0) / 100.0;
  if (rounded >= 10.0) {
    mantissa /= 10.0;
    ++exponent;
  }
  std::string power = "10" + superscript(exponent);
  if (mantissa == 1.0) return power;
  return fmt::format("{:.{}f}", mantissa, std::clamp(decimals, 0, 2)) + "×" + power;
}

}  // namespace

std::string format_number(double value, NumberStyle style) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return with_sign(value < 0, std::string(kInfinity));
  if (value == 0.0) return "0";
  if (style.percent) {
    const double hundredths = std::round(value * 100.0);
    if (hundredths == 0.0) return value < 0 ? ">" + with_sign(true, "1") : "<1";
    if (hundredths == 100.0 && std::abs(value - 1.0) > 1e-6) return value < 1.0 ? ">99" : "100";
    return format_number(hundredths, NumberStyle{0, LeadingZero::always, false});
  }
  const bool negative = value < 0;
  const double magnitude = std::abs(value);
  const int decimals = std::clamp(style.decimals, 0, kMostDecimals);
  if (magnitude >= kPowersFrom) return with_sign(negative, power_text(magnitude, decimals));
  const auto finish = [&](std::string digits) {
    return style.zero == LeadingZero::never ? drop_zero(std::move(digits)) : digits;
  };
  if (magnitude == std::floor(magnitude)) return with_sign(negative, fmt::format("{:.0f}", magnitude));
  if (std::string exact = exact_text(magnitude, decimals); !exact.empty()) {
    return with_sign(negative, finish(std::move(exact)));
  }
  std::string digits = fmt::format("{:.{}f}", magnitude, decimals);
  if (digits.find_first_not_of("0.") == std::string::npos) {
    std::string unit = fmt::format("{:.{}f}", unit_of(decimals), decimals);
    if (style.zero != LeadingZero::always) unit = drop_zero(std::move(unit));
    return negative ? ">" + with_sign(true, unit) : "<" + unit;
  }
  return with_sign(negative, finish(std::move(digits)));
}

std::string format_operand(double value, int decimals) {
  std::string text = format_number(value, decimals);
  if (!text.starts_with('<') && !text.starts_with('>')) return text;
  return with_sign(value < 0, power_text(std::abs(value), decimals));
}

std::string format_signed(double value, int decimals) {
  std::string text = format_number(value, decimals);
  return value < 0 || text.starts_with(kMinus) || value == 0.0 ? text : "+" + text;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void NumberWidths::add(double value) {
  const double magnitude = std::abs(value);
  const bool negative = value < 0;
  const bool has_point =
      std::isfinite(value) && magnitude < kPowersFrom && magnitude != std::floor(magnitude);
  if (!has_point) {
    // Small whole numbers are by far the most frequent ones, and need no writing to be counted.
    const std::size_t width = magnitude < 10.0 ? (negative ? 2u : 1u) : characters(format_number(value, 2));
    whole_ = std::max(whole_, width);
    return;
  }
  std::size_t width = negative ? 2 : 1;
  for (double rest = magnitude + 0.05; rest >= 10.0; rest /= 10.0) ++width;
  fraction_ = std::max(fraction_, width);
  largest_ = std::max(largest_, magnitude);
  double& least = negative ? least_negative_ : least_positive_;
  least = std::min(least, magnitude);
}

void NumberWidths::add(const NumberWidths& other) {
  whole_ = std::max(whole_, other.whole_);
  fraction_ = std::max(fraction_, other.fraction_);
  largest_ = std::max(largest_, other.largest_);
  least_positive_ = std::min(least_positive_, other.least_positive_);
  least_negative_ = std::min(least_negative_, other.least_negative_);
}

std::size_t NumberWidths::widest(NumberStyle style) const {
  if (style.percent) return 3;
  std::size_t widest = whole_;
  if (fraction_ == 0) return widest;
  const auto decimals = static_cast<std::size_t>(std::clamp(style.decimals, 0, kMostDecimals));
  // A number that rounds to 1.00 keeps its 1.
  const bool drops = style.zero == LeadingZero::never && largest_ < 1.0 - unit_of(style.decimals) / 2;
  widest = std::max(widest, fraction_ + (decimals > 0 ? 1 + decimals : 0) - (drops ? 1 : 0));
  const double rounds_to_zero = unit_of(style.decimals) / 2;
  const std::size_t small = decimals + (style.zero == LeadingZero::always ? 3 : 2);
  if (least_positive_ <= rounds_to_zero) widest = std::max(widest, small);
  if (least_negative_ <= rounds_to_zero) widest = std::max(widest, small + 1);
  return widest;
}

FittedStyle fit_style(const NumberWidths& widths, int decimals, std::size_t max_characters) {
  const auto fits = [&](NumberStyle style) { return widths.widest(style) <= max_characters; };
  if (widths.whole()) {
    const NumberStyle style{decimals, LeadingZero::always};
    return {style, fits(style)};
  }
  for (int d = decimals; d >= 1; --d) {
    for (const LeadingZero zero : {LeadingZero::always, LeadingZero::not_after_sign}) {
      if (fits({d, zero})) return {{d, zero}, true};
    }
    if (d <= 2 && fits({d, LeadingZero::never})) return {{d, LeadingZero::never}, true};
  }
  return {};
}

FittedStyle fit_style(std::span<const double> values, int decimals, std::size_t max_characters) {
  NumberWidths widths;
  for (const double value : values) widths.add(value);
  return fit_style(widths, decimals, max_characters);
}

std::string format_to_fit(double value, int decimals, std::size_t max_characters) {
  const FittedStyle fitted = fit_style({&value, 1}, decimals, max_characters);
  return fitted.fits ? format_number(value, fitted.style) : std::string();
}

double as_shown(double value, int decimals) {
  if (!std::isfinite(value) || value == 0.0) return value;
  if (std::abs(value) >= kPowersFrom) return value == std::floor(value) ? value : std::nan("");
  if (value == std::floor(value)) return value;
  const std::string text = fmt::format("{:.{}f}", value, std::clamp(decimals, 0, kMostDecimals));
  const double shown = std::strtod(text.c_str(), nullptr);
  return shown == 0.0 ? std::numeric_limits<double>::quiet_NaN() : shown;
}

bool is_shown_exactly(double value, int decimals) {
  if (!std::isfinite(value)) return !std::isnan(value);
  const double magnitude = std::abs(value);
  if (magnitude >= kPowersFrom) {
    const double hundredths = magnitude / std::pow(10.0, std::floor(std::log10(magnitude)) - 2.0);
    return decimals >= 2 ? std::abs(hundredths - std::round(hundredths)) < 1e-9
                         : hundredths == 100.0 || hundredths == 1000.0;
  }
  return magnitude == std::floor(magnitude) ||
         !exact_text(magnitude, std::clamp(decimals, 0, kMostDecimals)).empty();
}

std::string after_sign(double value, int decimals) {
  std::string text = format_number(value, decimals);
  if (text.starts_with('<') || text.starts_with('>')) return text.substr(0, 1) + " " + text.substr(1);
  return (is_shown_exactly(value, decimals) ? "= " : "≈ ") + text;
}

std::string_view equals_sign(double from_shown, double result, int decimals, bool exact_operands) {
  if (std::isinf(result) && from_shown == result) return "=";
  const double shown = as_shown(result, decimals);
  // A hair for numbers like 0.15 that have no exact binary form.
  const bool same = std::abs(from_shown - shown) <= 1e-9 * std::max(1.0, std::abs(shown));
  return same && (exact_operands || is_shown_exactly(result, decimals)) ? "=" : "≈";
}

std::string_view sum_sign(std::span<const double> terms, double total, int decimals) {
  double sum = 0.0;
  bool exact = true;
  for (const double term : terms) {
    sum += as_shown(term, decimals);
    exact = exact && is_shown_exactly(term, decimals);
  }
  return equals_sign(sum, total, decimals, exact);
}

std::string with_decimal_point(std::string text) {
  // The wide comma and the wide point of Chinese keyboards are meant the same way.
  for (const std::string_view wide : {"，", "．", "。"}) {
    for (std::size_t at = text.find(wide); at != std::string::npos; at = text.find(wide))
      text.replace(at, wide.size(), ",");
  }
  if (std::ranges::count(text, ',') != 1) return {};
  text.replace(text.find(','), 1, ".");
  double value = 0.0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool number = code == std::errc() && end == text.data() + text.size() && std::isfinite(value);
  return number ? text : std::string();
}

std::string subscript(std::size_t number) {
  std::string out;
  for (const char digit : fmt::format("{}", number)) {
    // U+2080 … U+2089
    out += "\xe2\x82";
    out += static_cast<char>(0x80 + (digit - '0'));
  }
  return out;
}

std::string superscript(long long number) {
  static constexpr std::string_view kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out;
  for (const char digit : fmt::format("{}", number)) out += digit == '-' ? "⁻" : kDigits[digit - '0'];
  return out;
}

}  // namespace attn::ui
