#pragma once
// Functions of values alone: what does not need a document. Part of evaluate.h.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "app/lessons/value.h"

namespace attn::lessons {

/// How many arguments a function takes.
struct Arity {
  std::size_t least = 1;
  std::size_t most = 1;
};
/// Nothing where no function of values has that name.
std::optional<Arity> arity_of(std::string_view function);

/// Numbers that a call touches, for the limit; asked before it is carried out.
std::size_t cost_of(std::string_view function, const std::vector<Value>& arguments);

/// Throws ExpressionError where the arguments do not fit.
Value call(std::string_view function, const std::vector<Value>& arguments);

/// "+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "!=". Throws ExpressionError.
Value combine(std::string_view sign, const Value& a, const Value& b);

/// Throws ExpressionError where a matrix would hold more than kLargestMatrix numbers.
void check_size(std::size_t rows, std::size_t columns);

/// @name Of one kind. Throw ExpressionError that names what was expected.
/// @{
double number_of(const Value& value);
const List& list_of(const Value& value);
const MatrixD& matrix_of(const Value& value);
bool truth_of(const Value& value);
/// A whole number from 0.
std::size_t place_of(const Value& value);
/// @}

}  // namespace attn::lessons
