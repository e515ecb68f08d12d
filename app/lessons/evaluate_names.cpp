// Stages, parameters and names, with the places behind them.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/lessons/evaluator.h"
#include "app/lessons/functions.h"
#include "app/lessons/names.h"

namespace attn::lessons {
namespace {

Value of_floats(MatrixView<const float> values, bool one_row, bool one_cell) {
  if (one_cell) return static_cast<double>(values(0, 0));
  if (one_row) return List(values.row(0).begin(), values.row(0).end());
  MatrixD result(values.rows, values.columns);
  for (std::size_t i = 0; i < values.rows; ++i)
    for (std::size_t j = 0; j < values.columns; ++j) result(i, j) = static_cast<double>(values(i, j));
  return result;
}

}  // namespace

Address address_of(const Expression& expression) {
  Address address;
  const Expression* at = &expression;
  for (; at->kind() == Expression::Kind::index; at = &at->parts()[0])
    address.places.push_back(&at->parts()[1]);
  std::ranges::reverse(address.places);
  address.base = at;
  return address;
}

std::optional<NamedCell> Evaluator::named_cell(const Expression& e) {
  const Address address = address_of(e);
  if (address.base->kind() != Expression::Kind::name) return std::nullopt;
  const auto stage = stage_from_name(address.base->name());
  if (!stage) return std::nullopt;
  const std::size_t with_head = has_heads(*stage) ? 1 : 0;
  if (address.places.size() < with_head + 1) return std::nullopt;
  const CellRect rect = rect_of(*stage, address);
  const std::size_t head = with_head == 1 ? place_of(value(*address.places[0])) : 0;
  return NamedCell{{*stage, head, rect.row, rect.column}, address.places.size() == with_head + 1};
}

Value Evaluator::addressed(const Expression& e) {
  const Address address = address_of(e);
  if (address.base->kind() == Expression::Kind::name) {
    const std::string& name = address.base->name();
    if (const auto stage = stage_from_name(name)) return of_stage(*stage, address);
    if (const auto parameter = parameter_from_name(name)) return of_parameter(*parameter, address);
  }
  Value v =
      address.base->kind() == Expression::Kind::name ? of_name(address.base->name()) : value(*address.base);
  for (const Expression* place : address.places) v = indexed(v, *place);
  return v;
}

Value Evaluator::indexed(const Value& v, const Expression& place) {
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

CellRect Evaluator::rect_of(Stage stage, const Address& address) {
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
      throw ExpressionError(fmt::format("{}: expected a {} below {}, found {}", name(stage), names[first + i],
                                        sizes[first + i], place));
    }
    if (first + i == 1) rect = {place, 0, 1, shape.columns};
    if (first + i == 2) rect = {rect.row, place, 1, 1};
  }
  return rect;
}

Value Evaluator::of_stage(Stage stage, const Address& address) {
  const CellRect rect = rect_of(stage, address);
  const std::size_t head = has_heads(stage) ? place_of(value(*address.places[0])) : 0;
  spend(rect.rows * rect.columns);
  const Read read = moment_->trace ? moment_->trace->read(stage, head, rect) : Read{};
  if (!read.ready()) throw ExpressionError(fmt::format("{} is not computed yet", name(stage)));
  const std::size_t after_head = address.places.size() - (has_heads(stage) ? 1 : 0);
  return of_floats(read.values, after_head == 1, after_head == 2);
}

Value Evaluator::of_parameter(ParameterId id, const Address& address) {
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

Value Evaluator::of_name(const std::string& name) {
  if (const auto variable = moment_->variables.find(name); variable != moment_->variables.end())
    return variable->second;
  if (const auto known = known_name(name, moment_->document)) return *known;
  throw ExpressionError(fmt::format("expected a name that there is, found {}", name));
}

}  // namespace attn::lessons
