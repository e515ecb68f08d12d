#pragma once
// The value of an expression at this moment: in this document, its trace, and what the learner did.

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/lessons/expression.h"
#include "app/lessons/scene.h"
#include "app/lessons/value.h"
#include "core/attention/stage.h"

namespace attn::lessons {

/// Everything that an expression may speak of.
struct Moment {
  session::Document document;
  std::shared_ptr<const Trace> trace;  ///< of that document; null: its stages have no values
  std::optional<session::Document> start = std::nullopt;  ///< as it was when the step began
  std::optional<CellRef> selection = std::nullopt;
  std::map<std::string, double> variables = {};  ///< of a slider, of each(), of an accepted pick
  std::map<std::string, Value> answers = {};     ///< by step
};

/// What one evaluation may cost: numbers that are touched, and numbers of one matrix.
inline constexpr std::size_t kMostOperations = 10'000'000;
inline constexpr std::size_t kLargestMatrix = 1'000'000;

/// Throws ExpressionError where the expression has no value here: a place outside a stage, shapes that do not
/// fit, a name that nothing has, more operations than allowed.
Value evaluate(const Expression& expression, const Moment& moment, Scenes& scenes);

/// @name The same with a kind that is expected. Throw ExpressionError for another kind.
/// @{
double evaluate_number(const Expression& expression, const Moment& moment, Scenes& scenes);
List evaluate_list(const Expression& expression, const Moment& moment, Scenes& scenes);
MatrixD evaluate_matrix(const Expression& expression, const Moment& moment, Scenes& scenes);
bool evaluate_truth(const Expression& expression, const Moment& moment, Scenes& scenes);
/// @}

/// The cell of a stage that the expression names, weights[0][1][2]; for a row, weights[0][1], its first cell
/// and `is_row`. Nothing where it is any other expression.
struct NamedCell {
  CellRef cell;
  bool is_row = false;
};
std::optional<NamedCell> named_cell(const Expression& expression, const Moment& moment, Scenes& scenes);

/// Names that the expression uses and that are no stage, parameter, size or setting: variables.
/// Throws ExpressionError for a function that there is not, or one with a wrong number of arguments.
std::set<std::string> variables_of(const Expression& expression);

}  // namespace attn::lessons
