#include "app/lessons/cells.h"

#include <cmath>

#include <fmt/format.h>

#include "app/lessons/evaluate.h"
#include "app/lessons/expression.h"
#include "app/lessons/functions.h"

namespace attn::lessons {

void refuse_kind(std::string_view expected, const Value& found) {
  throw ExpressionError(fmt::format("expected {}, found {}", expected, kind_of(found)));
}

std::size_t size_of(const Value& value) {
  if (const auto* list = std::get_if<List>(&value)) return list->size();
  if (const auto* matrix = std::get_if<MatrixD>(&value)) return matrix->size();
  return 1;
}

std::vector<double> cells_of(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return {*number};
  if (const auto* list = std::get_if<List>(&value)) return *list;
  if (const auto* matrix = std::get_if<MatrixD>(&value))
    return {matrix->values().begin(), matrix->values().end()};
  refuse_kind("numbers", value);
}
std::vector<double> some_cells_of(const Value& value) {
  std::vector<double> cells = cells_of(value);
  if (cells.empty()) throw ExpressionError("expected at least one number, found none");
  return cells;
}

void check_size(std::size_t rows, std::size_t columns) {
  if (columns != 0 && rows > kLargestMatrix / columns) {
    throw ExpressionError(
        fmt::format("expected at most {} numbers in a matrix, found {} × {}", kLargestMatrix, rows, columns));
  }
}

double number_of(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  refuse_kind("a number", value);
}
const List& list_of(const Value& value) {
  if (const auto* list = std::get_if<List>(&value)) return *list;
  refuse_kind("a list", value);
}
const MatrixD& matrix_of(const Value& value) {
  if (const auto* matrix = std::get_if<MatrixD>(&value)) return *matrix;
  refuse_kind("a matrix", value);
}
bool truth_of(const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  refuse_kind("true or false", value);
}
std::size_t place_of(const Value& value) {
  const double number = number_of(value);
  if (!(number >= 0.0) || number != std::floor(number) || number > 1.0e15)
    throw ExpressionError(fmt::format("expected a whole number from 0, found {}", format(value)));
  return static_cast<std::size_t>(number);
}

}  // namespace attn::lessons
