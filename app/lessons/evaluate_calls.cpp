// Functions that need more than values: other moments, other settings, the learner's answers.

#include <algorithm>

#include <fmt/format.h>

#include "app/lessons/evaluator.h"
#include "app/lessons/functions.h"
#include "app/lessons/settings_under.h"

namespace attn::lessons {
namespace {

/// What a forward pass costs at the least, in operations.
constexpr std::size_t kCostOfRun = 10'000;

/// Puts another moment in place for as long as it lives.
class Elsewhere {
 public:
  Elsewhere(const Moment*& place, const Moment& inner)
      : place_(place), outer_(std::exchange(place, &inner)) {}
  ~Elsewhere() { place_ = outer_; }
  Elsewhere(const Elsewhere&) = delete;
  Elsewhere& operator=(const Elsewhere&) = delete;

 private:
  const Moment*& place_;
  const Moment* outer_;
};

}  // namespace

Value Evaluator::called(const Expression& e) {
  const std::string& function = e.name();
  const std::vector<Expression>& parts = e.parts();
  if (function == "if") return truth_of(value(parts[0])) ? value(parts[1]) : value(parts[2]);
  if (function == "each") return each(parts);
  if (function == "token") return label(*input().tokens, parts[0]);
  if (function == "source") return label(*input().key_tokens(), parts[0]);
  if (function == "visible") return visible_cell(parts);
  if (function == "selected") return selected(parts);
  if (function == "start") return at_start(parts[0]);
  if (function == "with") return with(parts);
  if (function == "answer") return answer(parts[0]);
  std::vector<Value> arguments;
  arguments.reserve(parts.size());
  for (const Expression& part : parts) arguments.push_back(value(part));
  spend(cost_of(function, arguments));
  return call(function, arguments);
}

Value Evaluator::each(const std::vector<Expression>& parts) {
  const std::string& variable = parts[0].name();
  const List list = list_of(value(parts[1]));
  Moment inner = *moment_;
  const Elsewhere inside(moment_, inner);
  List numbers;
  std::vector<List> rows;
  for (const double one : list) {
    inner.variables[variable] = one;
    const Value v = value(parts[2]);
    if (const auto* row = std::get_if<List>(&v)) {
      rows.push_back(*row);
    } else {
      numbers.push_back(number_of(v));
    }
  }
  if (rows.empty()) return numbers;
  return matrix_of_rows(rows, numbers.empty());
}

Value Evaluator::label(const std::vector<std::string>& tokens, const Expression& place) {
  const std::size_t i = place_of(value(place));
  if (i >= tokens.size())
    throw ExpressionError(fmt::format("expected a word below {}, found {}", tokens.size(), i));
  return tokens[i];
}

Value Evaluator::visible_cell(const std::vector<Expression>& parts) {
  const std::size_t i = place_of(value(parts[0]));
  const std::size_t j = place_of(value(parts[1]));
  if (i >= d().n_queries || j >= d().n_keys) {
    throw ExpressionError(fmt::format("expected a query below {} and a key below {}, found {} and {}",
                                      d().n_queries, d().n_keys, i, j));
  }
  return visible(input().config.mask, i, j);
}

Value Evaluator::selected(const std::vector<Expression>& parts) {
  const auto stage =
      parts[0].kind() == Expression::Kind::name ? stage_from_name(parts[0].name()) : std::nullopt;
  if (!stage) throw ExpressionError("selected: expected a stage, found another expression");
  const std::size_t wanted = has_heads(*stage) ? 4 : 3;
  if (parts.size() != wanted) {
    throw ExpressionError(fmt::format("selected: expected {} places after {}, found {}", wanted - 1,
                                      name(*stage), parts.size() - 1));
  }
  std::vector<std::optional<std::size_t>> places;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].kind() == Expression::Kind::any) {
      places.emplace_back();
    } else {
      places.emplace_back(place_of(value(parts[i])));
    }
  }
  if (!moment_->selection || moment_->selection->stage != *stage) return false;
  const CellRef& cell = *moment_->selection;
  std::vector<std::size_t> at = {cell.row, cell.column};
  if (has_heads(*stage)) at.insert(at.begin(), cell.head);
  return std::equal(at.begin(), at.end(), places.begin(),
                    [](std::size_t is, const auto& place) { return !place || *place == is; });
}

Value Evaluator::at_start(const Expression& e) {
  return elsewhere(scenes_.of(moment_->start.value_or(moment_->document)), e);
}

Value Evaluator::with(const std::vector<Expression>& parts) {
  std::vector<session::Edit> edits;
  std::string called;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const Value setting = value(parts[i].parts()[0]);
    edits.push_back(edit_of_setting(parts[i].name(), setting));
    called += fmt::format("{}={};", parts[i].name(), format(setting, {ValueFormat::Kind::automatic, 9}));
  }
  spend(kCostOfRun + (d().n_queries + d().n_keys) * d().n_heads * (d().d_k + d().d_v + d().n_keys));
  try {
    return elsewhere(scenes_.under(moment_->document, edits, called), parts.back());
  } catch (const session::EditRefused& refused) {
    throw ExpressionError(fmt::format("with: {}", refused.what()));
  } catch (const RunError& problem) {
    throw ExpressionError(fmt::format("with: {}", problem.what()));
  } catch (const std::invalid_argument& problem) {
    throw ExpressionError(fmt::format("with: {}", problem.what()));
  }
}

Value Evaluator::elsewhere(const Scene& scene, const Expression& e) {
  Moment inner = *moment_;
  inner.document = scene.document;
  inner.trace = scene.trace;
  const Elsewhere there(moment_, inner);
  return value(e);
}

Value Evaluator::answer(const Expression& step) {
  const auto found = moment_->answers.find(step.name());
  if (found == moment_->answers.end())
    throw ExpressionError(fmt::format("the step {} has no answer yet", step.name()));
  return found->second;
}

}  // namespace attn::lessons
