#include "app/lessons/functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "app/lessons/cells.h"
#include "app/lessons/evaluate.h"
#include "app/lessons/expression.h"
#include "core/attention/philox.h"

namespace attn::lessons {
namespace {

using Arguments = std::vector<Value>;

double total(std::span<const double> numbers) { return std::accumulate(numbers.begin(), numbers.end(), 0.0); }
double mean(std::span<const double> numbers) { return total(numbers) / static_cast<double>(numbers.size()); }

double dot(const List& a, const List& b) {
  if (a.size() != b.size()) {
    throw ExpressionError(
        fmt::format("expected two lists of one length, found {} and {} numbers", a.size(), b.size()));
  }
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

MatrixD matmul(const MatrixD& a, const MatrixD& b) {
  if (a.columns() != b.rows()) {
    throw ExpressionError(fmt::format("expected matrices whose inner sizes agree, found {} × {} and {} × {}",
                                      a.rows(), a.columns(), b.rows(), b.columns()));
  }
  check_size(a.rows(), b.columns());
  MatrixD result(a.rows(), b.columns());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t k = 0; k < a.columns(); ++k)
      for (std::size_t j = 0; j < b.columns(); ++j) result(i, j) += a(i, k) * b(k, j);
  }
  return result;
}

void softmax(std::span<double> row) {
  const double largest = *std::ranges::max_element(row);
  if (std::isinf(largest) && largest < 0.0) {  // it sees nothing
    std::ranges::fill(row, 0.0);
    return;
  }
  for (double& cell : row) cell = std::exp(cell - largest);
  const double sum = total(row);
  for (double& cell : row) cell /= sum;
}

/// diag(p) − p pᵀ: how each share of a softmax moves with each score.
MatrixD jacobian(const List& p) {
  check_size(p.size(), p.size());
  MatrixD result(p.size(), p.size());
  for (std::size_t i = 0; i < p.size(); ++i)
    for (std::size_t j = 0; j < p.size(); ++j) result(i, j) = (i == j ? p[i] : 0.0) - p[i] * p[j];
  return result;
}

/// Standard normal numbers; (row, column) and the seed name each one.
MatrixD normal(std::size_t seed, std::size_t rows, std::size_t columns) {
  constexpr std::uint32_t kLessons = 2;  // the last word of the counter: dropout has 0, filled parameters 1
  check_size(rows, columns);
  MatrixD result(rows, columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      result(i, j) =
          philox_normal(seed, {static_cast<std::uint32_t>(j), static_cast<std::uint32_t>(i), 0, kLessons});
    }
  }
  return result;
}

double variance(std::span<const double> numbers) {
  const double middle = mean(numbers);
  double sum = 0.0;
  for (const double number : numbers) sum += (number - middle) * (number - middle);
  return sum / static_cast<double>(numbers.size());
}

std::size_t inside(const Value& place, std::size_t count, std::string_view what) {
  const std::size_t i = place_of(place);
  if (i >= count) throw ExpressionError(fmt::format("expected a {} below {}, found {}", what, count, i));
  return i;
}

// ---- one function a name ----

Value of_extreme(const Arguments& a, bool largest) {
  const std::vector<double> cells = some_cells_of(a[0]);
  return largest ? *std::ranges::max_element(cells) : *std::ranges::min_element(cells);
}
Value of_place(const Arguments& a, bool largest) {
  const List& list = list_of(a[0]);
  if (list.empty()) throw ExpressionError("expected at least one number, found none");
  const auto found = largest ? std::ranges::max_element(list) : std::ranges::min_element(list);
  return static_cast<double>(found - list.begin());
}
Value of_transpose(const Arguments& a) {
  const MatrixD& m = matrix_of(a[0]);
  MatrixD result(m.columns(), m.rows());
  for (std::size_t i = 0; i < m.rows(); ++i)
    for (std::size_t j = 0; j < m.columns(); ++j) result(j, i) = m(i, j);
  return result;
}
Value of_column(const Arguments& a) {
  const MatrixD& m = matrix_of(a[0]);
  const std::size_t j = inside(a[1], m.columns(), "column");
  List result(m.rows());
  for (std::size_t i = 0; i < m.rows(); ++i) result[i] = m(i, j);
  return result;
}
Value of_row(const Arguments& a) {
  const MatrixD& m = matrix_of(a[0]);
  const auto row = m.row(inside(a[1], m.rows(), "row"));
  return List(row.begin(), row.end());
}
Value of_rowdots(const Arguments& a) {
  const MatrixD& left = matrix_of(a[0]);
  const MatrixD& right = matrix_of(a[1]);
  if (left.rows() != right.rows() || left.columns() != right.columns()) {
    throw ExpressionError(
        fmt::format("expected two matrices of one shape, found {} and {}", kind_of(a[0]), kind_of(a[1])));
  }
  List result(left.rows());
  for (std::size_t i = 0; i < left.rows(); ++i)
    result[i] = std::inner_product(left.row(i).begin(), left.row(i).end(), right.row(i).begin(), 0.0);
  return result;
}
Value of_softmax(const Arguments& a) {
  Value result = a[0];
  if (auto* list = std::get_if<List>(&result)) {
    if (!list->empty()) softmax(*list);
  } else if (auto* matrix = std::get_if<MatrixD>(&result)) {
    if (matrix->columns() > 0)
      for (std::size_t i = 0; i < matrix->rows(); ++i) softmax(matrix->row(i));
  } else {
    refuse_kind("a list or a matrix", result);
  }
  return result;
}
Value of_identity(const Arguments& a) {
  const std::size_t n = place_of(a[0]);
  check_size(n, n);
  MatrixD result(n, n);
  for (std::size_t i = 0; i < n; ++i) result(i, i) = 1.0;
  return result;
}
Value of_normal(const Arguments& a) {
  const std::size_t seed = place_of(a[0]);
  if (a.size() == 3) return normal(seed, place_of(a[1]), place_of(a[2]));
  const MatrixD drawn = normal(seed, 1, place_of(a[1]));
  return List(drawn.values().begin(), drawn.values().end());
}
Value of_range(const Arguments& a) {
  const double from = number_of(a[0]);
  const double to = number_of(a[1]);
  if (!(to - from < static_cast<double>(kLargestMatrix))) {
    throw ExpressionError(
        fmt::format("expected at most {} numbers, found {} to {}", kLargestMatrix, from, to));
  }
  // Counted, since where numbers are large adding 1 changes nothing.
  List result;
  for (double i = 0.0; i <= to - from; i += 1.0) result.push_back(from + i);
  return result;
}
Value of_cosine(const Arguments& a) {
  const List& left = list_of(a[0]);
  const List& right = list_of(a[1]);
  const double lengths = std::sqrt(dot(left, left)) * std::sqrt(dot(right, right));
  return lengths > 0.0 ? dot(left, right) / lengths : 0.0;
}

struct Function {
  std::string_view name;
  Arity arity;
  Value (*of)(const Arguments&);
};

// clang-format off
constexpr std::array kFunctions = {
    Function{"abs", {1, 1}, [](const Arguments& a) { return each_cell(a[0], [](double v) { return std::abs(v); }); }},
    Function{"exp", {1, 1}, [](const Arguments& a) { return each_cell(a[0], [](double v) { return std::exp(v); }); }},
    Function{"log", {1, 1}, [](const Arguments& a) { return each_cell(a[0], [](double v) { return std::log(v); }); }},
    Function{"sqrt", {1, 1}, [](const Arguments& a) { return each_cell(a[0], [](double v) { return std::sqrt(v); }); }},
    Function{"tanh", {1, 1}, [](const Arguments& a) { return each_cell(a[0], [](double v) { return std::tanh(v); }); }},
    Function{"round", {1, 1}, [](const Arguments& a) { return each_cell(a[0], [](double v) { return std::round(v); }); }},
    Function{"floor", {1, 1}, [](const Arguments& a) { return each_cell(a[0], [](double v) { return std::floor(v); }); }},
    Function{"sum", {1, 1}, [](const Arguments& a) -> Value { return total(cells_of(a[0])); }},
    Function{"mean", {1, 1}, [](const Arguments& a) -> Value { return mean(some_cells_of(a[0])); }},
    Function{"variance", {1, 1}, [](const Arguments& a) -> Value { return variance(some_cells_of(a[0])); }},
    Function{"max", {1, 1}, [](const Arguments& a) { return of_extreme(a, true); }},
    Function{"min", {1, 1}, [](const Arguments& a) { return of_extreme(a, false); }},
    Function{"argmax", {1, 1}, [](const Arguments& a) { return of_place(a, true); }},
    Function{"argmin", {1, 1}, [](const Arguments& a) { return of_place(a, false); }},
    Function{"size", {1, 1}, [](const Arguments& a) -> Value { return static_cast<double>(list_of(a[0]).size()); }},
    Function{"norm", {1, 1}, [](const Arguments& a) -> Value { const auto cells = cells_of(a[0]); return std::sqrt(dot(cells, cells)); }},
    Function{"dot", {2, 2}, [](const Arguments& a) -> Value { return dot(list_of(a[0]), list_of(a[1])); }},
    Function{"cosine", {2, 2}, of_cosine},
    Function{"row", {2, 2}, of_row},
    Function{"column", {2, 2}, of_column},
    Function{"transpose", {1, 1}, of_transpose},
    Function{"matmul", {2, 2}, [](const Arguments& a) -> Value { return matmul(matrix_of(a[0]), matrix_of(a[1])); }},
    Function{"identity", {1, 1}, of_identity},
    Function{"rowdots", {2, 2}, of_rowdots},
    Function{"softmax", {1, 1}, of_softmax},
    Function{"jacobian", {1, 1}, [](const Arguments& a) -> Value { return jacobian(list_of(a[0])); }},
    Function{"normal", {2, 3}, of_normal},
    Function{"range", {2, 2}, of_range},
    Function{"near", {3, 3}, [](const Arguments& a) -> Value { return near(a[0], a[1], number_of(a[2])); }},
};
// clang-format on

const Function* find(std::string_view name) {
  const auto found = std::ranges::find(kFunctions, name, &Function::name);
  return found == kFunctions.end() ? nullptr : &*found;
}

}  // namespace

std::optional<Arity> arity_of(std::string_view function) {
  const Function* const found = find(function);
  return found != nullptr ? std::optional(found->arity) : std::nullopt;
}

std::size_t cost_of(std::string_view function, const std::vector<Value>& arguments) {
  std::size_t cost = 1;
  for (const Value& argument : arguments) cost += size_of(argument);
  if (function == "matmul") {
    const auto* a = std::get_if<MatrixD>(&arguments[0]);
    const auto* b = std::get_if<MatrixD>(&arguments[1]);
    if (a != nullptr && b != nullptr) cost += a->size() * b->columns();
  } else if (function == "jacobian") {
    cost += size_of(arguments[0]) * size_of(arguments[0]);
  } else if (function == "range") {
    const auto* from = std::get_if<double>(&arguments[0]);
    const auto* to = std::get_if<double>(&arguments[1]);
    if (from != nullptr && to != nullptr && *to > *from)
      cost += static_cast<std::size_t>(std::min(*to - *from, static_cast<double>(kMostOperations)));
  } else if (function == "normal" || function == "identity") {
    double numbers = 1.0;
    for (std::size_t i = function == "normal" ? 1 : 0; i < arguments.size(); ++i)
      if (const auto* size = std::get_if<double>(&arguments[i])) numbers *= std::max(*size, 1.0);
    if (function == "identity") numbers *= numbers;
    cost +=
        numbers < static_cast<double>(kMostOperations) ? static_cast<std::size_t>(numbers) : kMostOperations;
  }
  return cost;
}

Value call(std::string_view function, const std::vector<Value>& arguments) {
  return find(function)->of(arguments);
}

}  // namespace attn::lessons
