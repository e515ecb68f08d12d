#include "app/lessons/evaluate.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/lessons/evaluator.h"
#include "app/lessons/functions.h"

namespace attn::lessons {

Value Evaluator::value(const Expression& e) {
  spend(1);
  switch (e.kind()) {
    case Expression::Kind::number:
      return e.value();
    case Expression::Kind::text:
      return e.name();
    case Expression::Kind::name:
    case Expression::Kind::index:
      return addressed(e);
    case Expression::Kind::list:
      return list(e);
    case Expression::Kind::call:
      return called(e);
    case Expression::Kind::minus:
      return combine("-", 0.0, value(e.parts()[0]));
    case Expression::Kind::negation:
      return !truth_of(value(e.parts()[0]));
    case Expression::Kind::binary:
      return binary(e);
    case Expression::Kind::setting:
    case Expression::Kind::any:
      break;
  }
  throw ExpressionError("expected a value, found a setting or \"*\"");
}

void Evaluator::spend(std::size_t operations) {
  spent_ += operations;
  if (spent_ > kMostOperations)
    throw ExpressionError(fmt::format("expected at most {} operations, found more", kMostOperations));
}

Value Evaluator::binary(const Expression& e) {
  const std::string& sign = e.name();
  const Value left = value(e.parts()[0]);
  if (sign == "and") return truth_of(left) && truth_of(value(e.parts()[1]));
  if (sign == "or") return truth_of(left) || truth_of(value(e.parts()[1]));
  const Value right = value(e.parts()[1]);
  spend(cost_of(sign, {left, right}));
  return combine(sign, left, right);
}

/// Numbers make a list, lists of one length a matrix.
Value Evaluator::list(const Expression& e) {
  List numbers;
  std::vector<List> rows;
  for (const Expression& part : e.parts()) {
    const Value v = value(part);
    if (const auto* number = std::get_if<double>(&v)) {
      numbers.push_back(*number);
    } else if (const auto* row = std::get_if<List>(&v)) {
      rows.push_back(*row);
    } else {
      throw ExpressionError("expected numbers or lists in brackets, found " + kind_of(v));
    }
  }
  if (rows.empty()) return numbers;
  return matrix_of_rows(rows, numbers.empty());
}

MatrixD Evaluator::matrix_of_rows(const std::vector<List>& rows, bool only_rows) {
  for (const List& row : rows) {
    if (!only_rows || row.size() != rows.front().size())
      throw ExpressionError("expected rows of one length, found others");
  }
  check_size(rows.size(), rows.front().size());
  MatrixD result(rows.size(), rows.front().size());
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(rows[i], result.row(i).begin());
  return result;
}

Value evaluate(const Expression& expression, const Moment& moment, Scenes& scenes) {
  return Evaluator(moment, scenes).value(expression);
}
double evaluate_number(const Expression& expression, const Moment& moment, Scenes& scenes) {
  return number_of(evaluate(expression, moment, scenes));
}
List evaluate_list(const Expression& expression, const Moment& moment, Scenes& scenes) {
  return list_of(evaluate(expression, moment, scenes));
}
MatrixD evaluate_matrix(const Expression& expression, const Moment& moment, Scenes& scenes) {
  return matrix_of(evaluate(expression, moment, scenes));
}
bool evaluate_truth(const Expression& expression, const Moment& moment, Scenes& scenes) {
  return truth_of(evaluate(expression, moment, scenes));
}

std::optional<NamedCell> named_cell(const Expression& expression, const Moment& moment, Scenes& scenes) {
  return Evaluator(moment, scenes).named_cell(expression);
}

}  // namespace attn::lessons
