#include "app/lessons/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "app/lessons/exact_text.h"

namespace attn::lessons {
namespace {

std::string decimal(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
  const bool is_zero = text.find_first_not_of("0.") == std::string::npos;
  if (is_zero && value != 0.0) {
    // What is small but not zero is told apart from 0.
    text = fmt::format("<{:.{}f}", std::pow(10.0, -decimals), decimals);
    return value < 0.0 ? ">−" + text.substr(1) : text;
  }
  return value < 0.0 && !is_zero ? "−" + text : text;
}

/// So many decimals that what is nearly 1 does not read as 1. Closer than that are sums of shares, which
/// are 1.
int decimals_apart_from_one(double value, int decimals) {
  constexpr double kOne = 1.0e-6;
  const double apart = std::abs(std::abs(value) - 1.0);
  while (apart > kOne && apart * std::pow(10.0, decimals) <= 0.5) ++decimals;
  return decimals;
}

/// 1000000000 is 10⁹: nobody counts zeros. Nothing for what is no large power of ten.
std::optional<std::string> power_of_ten(double value) {
  constexpr int kFrom = 7;
  constexpr int kTo = 99;
  constexpr std::array<std::string_view, 10> kRaised = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  const double exponent = std::round(std::log10(std::abs(value)));
  if (!(exponent >= kFrom && exponent <= kTo) || std::abs(value) != std::pow(10.0, exponent))
    return std::nullopt;
  std::string text = value < 0.0 ? "−10" : "10";
  for (const char digit : fmt::format("{:.0f}", exponent))
    text += kRaised[static_cast<std::size_t>(digit - '0')];
  return text;
}

std::string number_text(double value, const ValueFormat& how) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0.0 ? "−∞" : "∞";
  if (auto power = power_of_ten(value); power && how.kind != ValueFormat::Kind::percent)
    return *std::move(power);
  switch (how.kind) {
    case ValueFormat::Kind::decimals:
      return decimal(value, how.decimals);
    case ValueFormat::Kind::percent: {
      // A share that is nearly everything or nothing does not become 100% or 0%.
      constexpr int kFiner = 2;
      const double percent = value * 100.0;
      const double whole = std::round(percent);
      const bool rounds_away = (whole == 100.0 || whole == 0.0) && std::abs(percent - whole) > 1.0e-9;
      return decimal(percent, rounds_away ? kFiner : 0) + "%";
    }
    case ValueFormat::Kind::exact:
      if (auto text = exact_text(value)) return *std::move(text);
      break;
    case ValueFormat::Kind::automatic:
      break;
  }
  std::string text = decimal(value, decimals_apart_from_one(value, how.decimals));
  if (text.find_first_of("<>") != std::string::npos || text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string joined(std::span<const double> numbers, const ValueFormat& how) {
  std::string text;
  for (const double number : numbers) {
    if (!text.empty()) text += ", ";
    text += number_text(number, how);
  }
  return text;
}

bool near_numbers(double a, double b, double tolerance) {
  return a == b || std::abs(a - b) <= tolerance;  // false where one is NaN
}
bool near_cells(std::span<const double> a, std::span<const double> b, double tolerance) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [&](double left, double right) {
           return near_numbers(left, right, tolerance);
         });
}

/// Reads "11/√2" from left to right: factors with × and ÷ between them, and √ of a number.
class TypedNumber {
 public:
  explicit TypedNumber(std::string text) : text_(std::move(text)) {}

  std::optional<double> read() {
    bool negative = false;
    while (take("-")) negative = !negative;
    take("+");
    double value = 0.0;
    if (take("∞") || take("infinity") || take("inf")) {
      value = std::numeric_limits<double>::infinity();
    } else {
      const auto first = factor();
      if (!first) return std::nullopt;
      value = *first;
      while (at_ < text_.size() && text_[at_] != '%') {
        const bool divides = take("/") || take("÷") || take(":");
        if (!divides && !take("*") && !take("×") && !take("·") && !starts_root()) return std::nullopt;
        const auto next = factor();
        if (!next || (divides && *next == 0.0)) return std::nullopt;
        value = divides ? value / *next : value * *next;
      }
    }
    if (take("%")) value /= 100.0;
    if (at_ != text_.size()) return std::nullopt;
    return negative ? -value : value;
  }

 private:
  bool starts_root() const { return text_.compare(at_, 3, "√") == 0 || text_.compare(at_, 4, "sqrt") == 0; }
  bool take(std::string_view sign) {
    if (text_.compare(at_, sign.size(), sign) != 0) return false;
    at_ += sign.size();
    return true;
  }
  std::optional<double> factor() {
    if (take("√") || take("sqrt")) {
      const bool opened = take("(");
      const auto below = number();
      if (!below || *below < 0.0 || (opened && !take(")"))) return std::nullopt;
      return std::sqrt(*below);
    }
    return number();
  }
  std::optional<double> number() {
    double value = 0.0;
    const char* const begin = text_.data() + at_;
    const auto [end, problem] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (problem != std::errc{} || !std::isfinite(value)) return std::nullopt;
    at_ += static_cast<std::size_t>(end - begin);
    return value;
  }

  std::string text_;
  std::size_t at_ = 0;
};

/// Spaces go; what a Chinese keyboard types becomes what an English one does.
std::string plain(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kSame = {{
      {" ", ""},   {"\t", ""},  {"　", ""},  {"−", "-"},  {"－", "-"}, {"＋", "+"}, {"．", "."}, {"。", "."},
      {"／", "/"}, {"％", "%"}, {"（", "("}, {"）", ")"}, {"＊", "*"}, {"：", ":"}, {"０", "0"}, {"１", "1"},
      {"２", "2"}, {"３", "3"}, {"４", "4"}, {"５", "5"}, {"６", "6"}, {"７", "7"}, {"８", "8"}, {"９", "9"},
  }};
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const auto same = std::ranges::find_if(
        kSame, [&](const auto& pair) { return text.compare(i, pair.first.size(), pair.first) == 0; });
    if (same == kSame.end()) {
      result += text[i++];
    } else {
      result += same->second;
      i += same->first.size();
    }
  }
  return result;
}

}  // namespace

std::string kind_of(const Value& value) {
  if (std::holds_alternative<double>(value)) return "a number";
  if (const auto* list = std::get_if<List>(&value)) return fmt::format("a list of {} numbers", list->size());
  if (const auto* matrix = std::get_if<MatrixD>(&value))
    return fmt::format("a matrix of {} × {}", matrix->rows(), matrix->columns());
  if (std::holds_alternative<std::string>(value)) return "a text";
  return "true or false";
}

std::string format(const Value& value, const ValueFormat& how) {
  if (const auto* number = std::get_if<double>(&value)) return number_text(*number, how);
  if (const auto* list = std::get_if<List>(&value)) return joined(*list, how);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  const auto& matrix = std::get<MatrixD>(value);
  std::string text;
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    if (i > 0) text += "; ";
    text += joined(matrix.row(i), how);
  }
  return text;
}

std::optional<double> typed_number(std::string_view text) {
  constexpr std::size_t kMostCharacters = 60;
  if (text.size() > kMostCharacters) return std::nullopt;
  return TypedNumber(plain(text)).read();
}

bool near(const Value& a, const Value& b, double tolerance) {
  if (a.index() != b.index()) return false;
  if (const auto* number = std::get_if<double>(&a))
    return near_numbers(*number, std::get<double>(b), tolerance);
  if (const auto* list = std::get_if<List>(&a)) return near_cells(*list, std::get<List>(b), tolerance);
  if (const auto* matrix = std::get_if<MatrixD>(&a)) {
    const auto& other = std::get<MatrixD>(b);
    return matrix->rows() == other.rows() && matrix->columns() == other.columns() &&
           near_cells(matrix->values(), other.values(), tolerance);
  }
  return a == b;
}

}  // namespace attn::lessons
