// Signs between two values.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/lessons/cells.h"
#include "app/lessons/expression.h"
#include "app/lessons/functions.h"

namespace attn::lessons {
namespace {

/// Cell by cell; a number goes with every cell of the other.
template <class F>
Value cell_by_cell(const Value& a, const Value& b, F f) {
  if (const auto* number = std::get_if<double>(&a))
    return each_cell(b, [&](double right) { return f(*number, right); });
  if (const auto* number = std::get_if<double>(&b))
    return each_cell(a, [&](double left) { return f(left, *number); });
  const auto* left = std::get_if<List>(&a);
  const auto* right = std::get_if<List>(&b);
  if (left != nullptr && right != nullptr && left->size() == right->size()) {
    List result(left->size());
    std::transform(left->begin(), left->end(), right->begin(), result.begin(), f);
    return result;
  }
  const auto* above = std::get_if<MatrixD>(&a);
  const auto* below = std::get_if<MatrixD>(&b);
  if (above != nullptr && below != nullptr && above->rows() == below->rows() &&
      above->columns() == below->columns()) {
    MatrixD result(above->rows(), above->columns());
    std::transform(above->data(), above->data() + above->size(), below->data(), result.data(), f);
    return result;
  }
  throw ExpressionError(
      fmt::format("expected two values of one shape, found {} and {}", kind_of(a), kind_of(b)));
}

/// Equal within 1e-6 of the larger one, or of 1.
bool equal(double a, double b) {
  constexpr double kAsEqual = 1e-6;
  return near(
      a, b,
      kAsEqual * std::max({1.0, std::isfinite(a) ? std::abs(a) : 1.0, std::isfinite(b) ? std::abs(b) : 1.0}));
}
bool equal(const Value& a, const Value& b) {
  if (a.index() != b.index()) {
    throw ExpressionError(
        fmt::format("expected two values of one kind, found {} and {}", kind_of(a), kind_of(b)));
  }
  if (std::holds_alternative<std::string>(a) || std::holds_alternative<bool>(a)) return a == b;
  const std::vector<double> left = cells_of(a);
  const std::vector<double> right = cells_of(b);
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [](double x, double y) { return equal(x, y); });
}

}  // namespace

Value combine(std::string_view sign, const Value& a, const Value& b) {
  if (sign == "==") return equal(a, b);
  if (sign == "!=") return !equal(a, b);
  if (sign == "+") return cell_by_cell(a, b, [](double x, double y) { return x + y; });
  if (sign == "-") return cell_by_cell(a, b, [](double x, double y) { return x - y; });
  if (sign == "*") return cell_by_cell(a, b, [](double x, double y) { return x * y; });
  if (sign == "/") return cell_by_cell(a, b, [](double x, double y) { return x / y; });
  if (sign == "^") return cell_by_cell(a, b, [](double x, double y) { return std::pow(x, y); });
  const double left = number_of(a);
  const double right = number_of(b);
  if (sign == "<") return left < right;
  if (sign == "<=") return left <= right;
  if (sign == ">") return left > right;
  return left >= right;
}

}  // namespace attn::lessons
