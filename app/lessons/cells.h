#pragma once
// Values as numbers in cells: a number is one, a list a row, a matrix a table of them. Part of functions.h.

#include <algorithm>
#include <string_view>
#include <vector>

#include "app/lessons/value.h"

namespace attn::lessons {

/// Throws ExpressionError: "expected a list, found a number".
[[noreturn]] void refuse_kind(std::string_view expected, const Value& found);

/// How many numbers a value has; texts and truths count as one.
std::size_t size_of(const Value& value);
/// Every number of a number, list or matrix. Throws ExpressionError for another kind.
std::vector<double> cells_of(const Value& value);
/// The same where there must be one at least.
std::vector<double> some_cells_of(const Value& value);

/// f of every cell. Throws ExpressionError for a text or a truth.
template <class F>
Value each_cell(const Value& value, F f) {
  if (const auto* number = std::get_if<double>(&value)) return f(*number);
  if (const auto* list = std::get_if<List>(&value)) {
    List result(list->size());
    std::ranges::transform(*list, result.begin(), f);
    return result;
  }
  if (const auto* matrix = std::get_if<MatrixD>(&value)) {
    MatrixD result(matrix->rows(), matrix->columns());
    std::transform(matrix->data(), matrix->data() + matrix->size(), result.data(), f);
    return result;
  }
  refuse_kind("numbers", value);
}

}  // namespace attn::lessons
