#pragma once
// Exact numbers of the form  (numerator / denominator) · √radicand:  what short decimals, √d_k and equal
// shares are made of. Nothing is ever rounded: what does not have this form, or no longer fits, is no value.

#include <cstdint>
#include <optional>
#include <string_view>

namespace attn {

/// One exact number. In lowest terms: the denominator is positive, the radicand has no square in it, and 0 is
/// 0/1·√1, so that equal numbers are equal objects.
class Exact {
 public:
  Exact() = default;
  explicit Exact(std::int64_t whole) : numerator_(whole) {}

  /// numerator/denominator · √radicand. Nothing where the denominator is 0, the radicand negative, a part of
  /// the lowest terms does not fit into 64 bits, or the radicand is past 10¹² (squares are looked for one by
  /// one).
  static std::optional<Exact> make(std::int64_t numerator, std::int64_t denominator,
                                   std::int64_t radicand = 1);
  /// A decimal number as people write it: "2", "-0.125", "1e-3". Nothing for any other text, or too many
  /// digits.
  static std::optional<Exact> from_decimal(std::string_view text);
  /// What somebody meant who typed this float32: its shortest decimal. 0.1F is 1/10.
  static std::optional<Exact> from_float(float value);
  static std::optional<Exact> from_double(double value);  ///< the same for a setting

  std::int64_t numerator() const { return numerator_; }
  std::int64_t denominator() const { return denominator_; }
  std::int64_t radicand() const { return radicand_; }
  bool is_zero() const { return numerator_ == 0; }
  bool is_whole() const { return denominator_ == 1 && radicand_ == 1; }
  bool is_rational() const { return radicand_ == 1; }
  double value() const;
  Exact negated() const;

  bool operator==(const Exact&) const = default;

 private:
  std::int64_t numerator_ = 0;
  std::int64_t denominator_ = 1;
  std::int64_t radicand_ = 1;
};

/// Nothing where the result has not this form (√2 + √3) or does not fit.
std::optional<Exact> add(const Exact& a, const Exact& b);
std::optional<Exact> subtract(const Exact& a, const Exact& b);
std::optional<Exact> multiply(const Exact& a, const Exact& b);
std::optional<Exact> divide(const Exact& a, const Exact& b);  ///< nothing for b = 0
/// √a for a rational a ≥ 0.
std::optional<Exact> square_root(const Exact& a);
/// −1, 0, 1 as a is smaller than, equal to or larger than b; nothing where that cannot be told exactly.
std::optional<int> compare(const Exact& a, const Exact& b);

}  // namespace attn
