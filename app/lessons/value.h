#pragma once
// What an expression in a lesson gives: a number, a list, a matrix, a text or a truth.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/attention/matrix.h"

namespace attn::lessons {

using List = std::vector<double>;
using Value = std::variant<double, List, MatrixD, std::string, bool>;

/// "a number", "a list of 3 numbers", "a matrix of 3 × 2", "a text", "true or false": for messages.
std::string kind_of(const Value& value);

/// How a value in a text is written.
struct ValueFormat {
  enum class Kind { automatic, decimals, percent, exact };
  Kind kind = Kind::automatic;  ///< automatic: up to four decimals, as many as are not 0
  int decimals = 4;
};
/// "0.0024", "0.0024, 0.0473, 0.9503", "95%", "<0.0001" and ">−0.0001" for what is small and not 0, "−∞",
/// "NaN". A matrix row by row: "1, 2; 3, 4". Exact: "11/√2" where the number is close to such a form, else as
/// automatic.
std::string format(const Value& value, const ValueFormat& how = {});

/// A number, fraction or root as people type it: "0.95", "-2", "11/√2", "11/sqrt(2)", "3√2", "95%", "−∞".
/// Nothing for any other text.
std::optional<double> typed_number(std::string_view text);

/// Whether two values agree: numbers and cells within `tolerance`, equal texts and truths, equal shapes.
/// Equal infinities agree; NaN agrees with nothing.
bool near(const Value& a, const Value& b, double tolerance);

}  // namespace attn::lessons
