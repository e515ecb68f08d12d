#include "app/lessons/evaluate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "app/lessons/functions.h"
#include "app/lessons/names.h"
#include "app/lessons/settings_under.h"

namespace attn::lessons {
namespace {

using Kind = Expression::Kind;

/// What a forward pass costs at the least, in operations.
constexpr std::size_t kCostOfRun = 10'000;

/// A stage or parameter with the indices that stand behind its name, outermost first.
struct Address {
  const Expression* base = nullptr;
  std::vector<const Expression*> places;
};
Address address_of(const Expression& expression) {
  Address address;
  const Expression* at = &expression;
  for (; at->kind() == Kind::index; at = &at->parts()[0]) address.places.push_back(&at->parts()[1]);
  std::ranges::reverse(address.places);
  address.base = at;
  return address;
}

Value of_floats(MatrixView<const float> values, bool one_row, bool one_cell) {
  if (one_cell) return static_cast<double>(values(0, 0));
  if (one_row) return List(values.row(0).begin(), values.row(0).end());
  MatrixD result(values.rows, values.columns);
  for (std::size_t i = 0; i < values.rows; ++i)
    for (std::size_t j = 0; j < values.columns; ++j) result(i, j) = static_cast<double>(values(i, j));
  return result;
}

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

class Evaluator {
 public:
  Evaluator(const Moment& moment, Scenes& scenes) : moment_(&moment), scenes_(scenes) {}

  Value value(const Expression& e) {
    spend(1);
    switch (e.kind()) {
      case Kind::number:
        return e.value();
      case Kind::text:
        return e.name();
      case Kind::name:
      case Kind::index:
        return addressed(e);
      case Kind::list:
        return list(e);
      case Kind::call:
        return called(e);
      case Kind::minus:
        return combine("-", 0.0, value(e.parts()[0]));
      case Kind::negation:
        return !truth_of(value(e.parts()[0]));
      case Kind::binary:
        return binary(e);
      case Kind::setting:
      case Kind::any:
        break;
    }
    throw ExpressionError("expected a value, found a setting or \"*\"");
  }

  std::optional<NamedCell> named_cell(const Expression& e) {
    const Address address = address_of(e);
    if (address.base->kind() != Kind::name) return std::nullopt;
    const auto stage = stage_from_name(address.base->name());
    if (!stage) return std::nullopt;
    const std::size_t with_head = has_heads(*stage) ? 1 : 0;
    if (address.places.size() < with_head + 1) return std::nullopt;
    const CellRect rect = rect_of(*stage, address);
    const std::size_t head = with_head == 1 ? place_of(value(*address.places[0])) : 0;
    return NamedCell{{*stage, head, rect.row, rect.column}, address.places.size() == with_head + 1};
  }

 private:
  void spend(std::size_t operations) {
    spent_ += operations;
    if (spent_ > kMostOperations)
      throw ExpressionError(fmt::format("expected at most {} operations, found more", kMostOperations));
  }

  Value binary(const Expression& e) {
    const std::string& sign = e.name();
    const Value left = value(e.parts()[0]);
    if (sign == "and") return truth_of(left) && truth_of(value(e.parts()[1]));
    if (sign == "or") return truth_of(left) || truth_of(value(e.parts()[1]));
    const Value right = value(e.parts()[1]);
    spend(cost_of(sign, {left, right}));
    return combine(sign, left, right);
  }

  /// Numbers make a list, lists of one length a matrix.
  Value list(const Expression& e) {
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
  static MatrixD matrix_of_rows(const std::vector<List>& rows, bool only_rows) {
    for (const List& row : rows) {
      if (!only_rows || row.size() != rows.front().size())
        throw ExpressionError("expected rows of one length, found others");
    }
    check_size(rows.size(), rows.front().size());
    MatrixD result(rows.size(), rows.front().size());
    for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(rows[i], result.row(i).begin());
    return result;
  }

  // ---- names and places ----

  Value addressed(const Expression& e) {
    const Address address = address_of(e);
    if (address.base->kind() == Kind::name) {
      const std::string& name = address.base->name();
      if (const auto stage = stage_from_name(name)) return of_stage(*stage, address);
      if (const auto parameter = parameter_from_name(name)) return of_parameter(*parameter, address);
    }
    Value v = address.base->kind() == Kind::name ? of_name(address.base->name()) : value(*address.base);
    for (const Expression* place : address.places) v = indexed(v, *place);
    return v;
  }

  Value indexed(const Value& v, const Expression& place) {
    const std::size_t i = place_of(value(place));
    if (const auto* numbers = std::get_if<List>(&v)) {
      if (i >= numbers->size())
        throw ExpressionError(fmt::format("expected a place below {}, found {}", numbers->size(), i));
      return (*numbers)[i];
    }
    if (const auto* matrix = std::get_if<MatrixD>(&v)) {
      if (i >= matrix->rows())
        throw ExpressionError(fmt::format("expected a row below {}, found {}", matrix->rows(), i));
      return List(matrix->row(i).begin(), matrix->row(i).end());
    }
    throw ExpressionError("expected a list or a matrix before \"[\", found " + kind_of(v));
  }

  const Input& input() const { return moment_->document.input(); }
  const Dimensions& d() const { return moment_->document.dimensions(); }

  CellRect rect_of(Stage stage, const Address& address) {
    if (!present(stage, input()))
      throw ExpressionError(fmt::format("{} is not computed in this scenario", name(stage)));
    const StageShape shape = shape_of(stage, input(), d());
    const bool by_head = has_heads(stage);
    const std::size_t most = by_head ? 3 : 2;
    if (address.places.size() > most || (by_head && address.places.empty())) {
      throw ExpressionError(fmt::format("expected {} after {}, found {} places",
                                        by_head ? "a head, then a row and a column" : "a row and a column",
                                        name(stage), address.places.size()));
    }
    CellRect rect{0, 0, shape.rows, shape.columns};
    const std::array<std::size_t, 3> sizes = {shape.heads, shape.rows, shape.columns};
    const std::array<std::string_view, 3> names = {"head", "row", "column"};
    const std::size_t first = by_head ? 0 : 1;
    for (std::size_t i = 0; i < address.places.size(); ++i) {
      const std::size_t place = place_of(value(*address.places[i]));
      if (place >= sizes[first + i]) {
        throw ExpressionError(fmt::format("{}: expected a {} below {}, found {}", name(stage),
                                          names[first + i], sizes[first + i], place));
      }
      if (first + i == 1) rect = {place, 0, 1, shape.columns};
      if (first + i == 2) rect = {rect.row, place, 1, 1};
    }
    return rect;
  }

  Value of_stage(Stage stage, const Address& address) {
    const CellRect rect = rect_of(stage, address);
    const std::size_t head = has_heads(stage) ? place_of(value(*address.places[0])) : 0;
    spend(rect.rows * rect.columns);
    const Read read = moment_->trace ? moment_->trace->read(stage, head, rect) : Read{};
    if (!read.ready()) throw ExpressionError(fmt::format("{} is not computed yet", name(stage)));
    const std::size_t after_head = address.places.size() - (has_heads(stage) ? 1 : 0);
    return of_floats(read.values, after_head == 1, after_head == 2);
  }

  Value of_parameter(ParameterId id, const Address& address) {
    const auto values = session::parameter_values(moment_->document, id);
    if (!values) throw ExpressionError(fmt::format("{} is absent in this scenario", name(id)));
    const Matrix dense = values->dense();
    spend(dense.size());
    // Vectors are matrices of one row.
    const bool is_list = is_vector(id);
    Value v = of_floats(view(dense), is_list, false);
    for (const Expression* place : address.places) v = indexed(v, *place);
    return v;
  }

  Value of_name(const std::string& name) {
    if (const auto variable = moment_->variables.find(name); variable != moment_->variables.end())
      return variable->second;
    if (const auto known = known_name(name, moment_->document)) return *known;
    throw ExpressionError(fmt::format("expected a name that there is, found {}", name));
  }

  // ---- functions that need more than values ----

  Value called(const Expression& e) {
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

  Value each(const std::vector<Expression>& parts) {
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

  Value label(const std::vector<std::string>& tokens, const Expression& place) {
    const std::size_t i = place_of(value(place));
    if (i >= tokens.size())
      throw ExpressionError(fmt::format("expected a word below {}, found {}", tokens.size(), i));
    return tokens[i];
  }

  Value visible_cell(const std::vector<Expression>& parts) {
    const std::size_t i = place_of(value(parts[0]));
    const std::size_t j = place_of(value(parts[1]));
    if (i >= d().n_queries || j >= d().n_keys) {
      throw ExpressionError(fmt::format("expected a query below {} and a key below {}, found {} and {}",
                                        d().n_queries, d().n_keys, i, j));
    }
    return visible(input().config.mask, i, j);
  }

  Value selected(const std::vector<Expression>& parts) {
    const auto stage = parts[0].kind() == Kind::name ? stage_from_name(parts[0].name()) : std::nullopt;
    if (!stage) throw ExpressionError("selected: expected a stage, found another expression");
    const std::size_t wanted = has_heads(*stage) ? 4 : 3;
    if (parts.size() != wanted) {
      throw ExpressionError(fmt::format("selected: expected {} places after {}, found {}", wanted - 1,
                                        name(*stage), parts.size() - 1));
    }
    std::vector<std::optional<std::size_t>> places;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (parts[i].kind() == Kind::any) {
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

  Value at_start(const Expression& e) {
    return elsewhere(scenes_.of(moment_->start.value_or(moment_->document)), e);
  }

  Value with(const std::vector<Expression>& parts) {
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

  Value elsewhere(const Scene& scene, const Expression& e) {
    Moment inner = *moment_;
    inner.document = scene.document;
    inner.trace = scene.trace;
    const Elsewhere there(moment_, inner);
    return value(e);
  }

  Value answer(const Expression& step) {
    const auto found = moment_->answers.find(step.name());
    if (found == moment_->answers.end())
      throw ExpressionError(fmt::format("the step {} has no answer yet", step.name()));
    return found->second;
  }

  const Moment* moment_;
  Scenes& scenes_;
  std::size_t spent_ = 0;
};

}  // namespace

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
