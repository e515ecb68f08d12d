#pragma once
// How numbers look on screen, in one place. The rules keep them honest: what is small but not zero is
// "<0.0001", so that 0 means 0; a number that is exact is shown exactly ("2", "1.5") and one that was
// rounded shows all its decimals ("2.9478", "1.0000"); a shown sum adds up as shown, or says ≈.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace attn::ui {

inline constexpr std::string_view kMinus = "\u2212";
inline constexpr std::string_view kInfinity = "\u221e";

/// Where the 0 before the point is written.
enum class LeadingZero {
  always,          ///< 0.95, <0.01
  not_after_sign,  ///< 0.95, <.01: a tiny number is as wide as its neighbours
  never,           ///< .95, <.01
};

/// How one matrix of numbers is written so that all of it fits its cells and lines up.
struct NumberStyle {
  int decimals = 4;
  LeadingZero zero = LeadingZero::always;
  bool percent = false;  ///< shares in whole hundredths: "88", "<1"; decimals are not looked at
  bool operator==(const NumberStyle&) const = default;
};

/// A number with at most `style.decimals` decimals. −0 is "0", infinities are "∞" and "−∞", NaN is "NaN";
/// from ten million on, and only there, powers of ten are used ("−10⁹", "1.25×10⁸").
std::string format_number(double value, NumberStyle style);
inline std::string format_number(double value, int decimals) {
  return format_number(value, {decimals, LeadingZero::always});
}

/// A number that arithmetic goes on with: "<0.0001" cannot be divided, so what is too small for the decimals
/// is a power of ten ("6.02×10⁻⁸").
std::string format_operand(double value, int decimals);

/// The same with a leading + for what is not negative, for differences and axes.
std::string format_signed(double value, int decimals);

/// How many characters (not bytes) a text has; in a monospaced face this is its width.
std::size_t characters(std::string_view text);

/// One number in at most `max_characters` characters: fewer decimals first ("0.95"), then no leading
/// zero ("<.01", ".9"). Empty when even that does not fit: no number is better than a wrong one.
std::string format_to_fit(double value, int decimals, std::size_t max_characters);

/// How wide the numbers of a matrix get, without writing them: one pass whatever the style.
class NumberWidths {
 public:
  void add(double value);
  /// As if every number of `other` had been added.
  void add(const NumberWidths& other);
  /// Characters of the widest number in this style; never too few, by one too many where rounding might
  /// carry into another digit.
  std::size_t widest(NumberStyle style) const;
  bool whole() const { return fraction_ == 0; }  ///< no number needs a point

 private:
  std::size_t whole_ = 0;     ///< widest number without a point, as it stands
  std::size_t fraction_ = 0;  ///< widest sign and whole part of the numbers with a point; 0: none
  double largest_ = 0.0;      ///< magnitude of the numbers with a point
  double least_positive_ = 1.0;
  double least_negative_ = 1.0;  ///< magnitude
};

/// The style with the most decimals in which every number fits. `fits` is false when none does.
struct FittedStyle {
  NumberStyle style;
  bool fits = false;
};
FittedStyle fit_style(const NumberWidths& widths, int decimals, std::size_t max_characters);
FittedStyle fit_style(std::span<const double> values, int decimals, std::size_t max_characters);

/// The value that a reader sees: rounded as it is shown; NaN where it is shown as "<0.0001", because
/// nobody can calculate with that.
double as_shown(double value, int decimals);

/// Whether the shown decimals are the number itself, or were rounded.
bool is_shown_exactly(double value, int decimals);

/// A number behind the sign that it deserves: "= 2", "≈ 0.9503", "< 0.0001", "> −0.0001".
std::string after_sign(double value, int decimals);

/// "=" when what is shown is true as it stands: the shown operands give the shown result, and it was not
/// rounded, or none of them was. `from_shown` is the result calculated from as_shown() operands.
std::string_view equals_sign(double from_shown, double result, int decimals, bool exact_operands);

/// equals_sign() for a sum of terms.
std::string_view sum_sign(std::span<const double> terms, double total, int decimals);

/// A number that was typed with a decimal comma (also a wide one), as it is written here: "2.5" for "2,5".
/// Empty for every other text.
std::string with_decimal_point(std::string text);

/// ₁₂, ¹²: digits as an index. `number` counts as it is shown (from 1).
std::string subscript(std::size_t number);
std::string superscript(long long number);

}  // namespace attn::ui
