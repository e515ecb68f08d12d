#pragma once
// Goes through an expression and computes its value. Part of evaluate.h.

#include <string>
#include <vector>

#include "app/lessons/evaluate.h"

namespace attn::lessons {

/// A stage or parameter with the indices that stand behind its name, outermost first.
struct Address {
  const Expression* base = nullptr;
  std::vector<const Expression*> places;
};
Address address_of(const Expression& expression);

/// One evaluation, with what it has cost so far. Its functions throw ExpressionError.
class Evaluator {
 public:
  Evaluator(const Moment& moment, Scenes& scenes) : moment_(&moment), scenes_(scenes) {}

  Value value(const Expression& e);
  std::optional<NamedCell> named_cell(const Expression& e);

 private:
  /// @name Signs and brackets (evaluate.cpp)
  /// @{
  void spend(std::size_t operations);
  Value binary(const Expression& e);
  /// Numbers make a list, lists of one length a matrix.
  Value list(const Expression& e);
  static MatrixD matrix_of_rows(const std::vector<List>& rows, bool only_rows);
  /// @}

  /// @name Names and places (evaluate_names.cpp)
  /// @{
  Value addressed(const Expression& e);
  Value indexed(const Value& v, const Expression& place);
  const Input& input() const { return moment_->document.input(); }
  const Dimensions& d() const { return moment_->document.dimensions(); }
  CellRect rect_of(Stage stage, const Address& address);
  Value of_stage(Stage stage, const Address& address);
  Value of_parameter(ParameterId id, const Address& address);
  Value of_name(const std::string& name);
  /// @}

  /// @name Functions that need more than values (evaluate_calls.cpp)
  /// @{
  Value called(const Expression& e);
  Value each(const std::vector<Expression>& parts);
  Value label(const std::vector<std::string>& tokens, const Expression& place);
  Value visible_cell(const std::vector<Expression>& parts);
  Value selected(const std::vector<Expression>& parts);
  Value at_start(const Expression& e);
  Value with(const std::vector<Expression>& parts);
  Value elsewhere(const Scene& scene, const Expression& e);
  Value answer(const Expression& step);
  /// @}

  const Moment* moment_;
  Scenes& scenes_;
  std::size_t spent_ = 0;
};

}  // namespace attn::lessons
