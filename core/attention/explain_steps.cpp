// The steps between stages: products inside sums, scale, positions, exponentials, lengths.

#include <cmath>

#include "core/attention/explain_recipes.h"
#include "core/attention/ops.h"

namespace attn {
namespace {

Side side_of(std::size_t part) { return part == 0 ? Side::query : Side::key; }

/// Positions turn columns in pairs (2c, 2c + 1).
std::size_t first_of_pair(std::size_t column) { return column - column % 2; }

Recipe product_of(ExplainValues& values, const ExplainKey& first, const ExplainKey& second) {
  return from_two(Operation::product, recipe(values, first).value * recipe(values, second).value, first,
                  second);
}

/// Term t of a projection: component t of what is projected, times the parameter.
Recipe projection_product(ExplainValues& values, const CellRef& in, std::size_t t, ParameterId w,
                          std::size_t column) {
  return product_of(values, cell_key({in.stage, 0, in.row, t}), parameter_key(w, t, column));
}

/// A rotated component: a cos − b sin for the first of a pair, a sin + b cos for the second.
Recipe rotated_product(ExplainValues& values, const CellRef& cell, std::size_t t) {
  const Stage before = cell.stage == Stage::q_rotated ? Stage::q : Stage::k;
  const std::size_t pair = first_of_pair(cell.column);
  const bool is_cosine = cell.column % 2 == t;
  return product_of(values, cell_key({before, cell.head, cell.row, pair + t}),
                    step_key(is_cosine ? Role::cosine : Role::sine, cell));
}

Recipe score_product(ExplainValues& values, const CellRef& cell, std::size_t t) {
  if (values.features()) {
    return product_of(values, cell_key({Stage::q, 0, t, cell.row}), cell_key({Stage::k, 0, t, cell.column}));
  }
  const ExplainKey key = cell_key(values.score_side(cell, Side::key, t));
  switch (values.config().score) {
    case Score::additive:
      return product_of(values, parameter_key(ParameterId::additive_v, 0, t),
                        step_key(Role::additive_hidden, cell, t));
    case Score::bilinear:
      return product_of(values, step_key(Role::bilinear_query, cell, t), key);
    default:
      return product_of(values, cell_key(values.score_side(cell, Side::query, t)), key);
  }
}

/// Term t of a cell that is a sum of products.
Recipe term(ExplainValues& values, const CellRef& cell, std::size_t t) {
  const Dimensions& d = values.dimensions();
  switch (cell.stage) {
    case Stage::q:
      return projection_product(values, {values.query_x(), 0, cell.row, 0}, t, ParameterId::w_q,
                                cell.head * d.d_k + cell.column);
    case Stage::k:
      return projection_product(values, {values.key_x(), 0, cell.row, 0}, t, ParameterId::w_k,
                                cell.head * d.d_k + cell.column);
    case Stage::v:
      return projection_product(values, {values.key_x(), 0, cell.row, 0}, t, ParameterId::w_v,
                                cell.head * d.d_v + cell.column);
    case Stage::q_rotated:
    case Stage::k_rotated:
      return rotated_product(values, cell, t);
    case Stage::mixed:
      return product_of(values, cell_key({Stage::x, 0, cell.row, t}),
                        cell_key({Stage::weights, 0, t, cell.column}));
    case Stage::head_outputs:  // over features
      return projection_product(values, {Stage::mixed, 0, cell.row, 0}, t, ParameterId::w_v, cell.column);
    case Stage::output:
      return projection_product(values, {Stage::concat, 0, cell.row, 0}, t, ParameterId::w_o, cell.column);
    default:
      return score_product(values, cell, t);
  }
}

/// One product inside (q W_q)[t], (k W_k)[t] or (q W)[t].
Recipe projection_term(ExplainValues& values, const ExplainKey& key) {
  const Side side = side_of(key.part % 2);
  const std::size_t u = key.part / 2;
  ParameterId w = ParameterId::bilinear;
  if (values.config().score == Score::additive) {
    w = side == Side::query ? ParameterId::additive_w_q : ParameterId::additive_w_k;
  }
  return product_of(values, cell_key(values.score_side(key.cell, side, u)), parameter_key(w, u, key.term));
}

/// Σ over the components of q (part 0) or k (part 1) that are projected for this score.
Recipe score_projection(const ExplainValues& values, double value, const ExplainKey& key, std::size_t part) {
  return {Operation::sum, value, values.dimensions().d_k,
          [=](std::size_t u) { return step_key(Role::projection_term, key.cell, key.term, 2 * u + part); }};
}

Recipe line_recipe(Operation operation, double value, ExplainValues& values, const CellRef& cell) {
  return {operation, value, values.line_length(), [operation, cell, &values](std::size_t place) {
            if (operation == Operation::sum) return step_key(Role::exponential, cell, place);
            return cell_key(values.in_line(cell, Stage::masked, place));
          }};
}

Recipe exponential(ExplainValues& values, const ExplainKey& key) {
  const bool shifts = values.config().normalise == Normalise::softmax;
  const CellRef score = values.in_line(key.cell, Stage::masked, key.term);
  return from_one(Operation::exponential, values.exponential(key.cell, key.term),
                  shifts ? step_key(Role::shifted, key.cell, key.term) : cell_key(score));
}

/// cos or sin of the angle: a rotary one, or that of a sinusoidal position.
Recipe of_angle(const ExplainValues& values, bool is_cosine, const CellRef& cell) {
  const double angle = values.angle(cell);
  return from_one(is_cosine ? Operation::cosine : Operation::sine,
                  is_cosine ? std::cos(angle) : std::sin(angle),
                  step_key(Role::angle, {cell.stage, 0, cell.row, first_of_pair(cell.column)}));
}

/// Positions and ALiBi.
Recipe position_step(const ExplainValues& values, const ExplainKey& key) {
  const CellRef& cell = key.cell;
  switch (key.role) {
    case Role::position_value:
      return of_angle(values, cell.column % 2 == 1, cell);
    case Role::cosine:
      return of_angle(values, true, cell);
    case Role::sine:
      return of_angle(values, false, cell);
    case Role::angle:
      return from_two(Operation::product, values.angle(cell), step_key(Role::position, cell),
                      step_key(Role::frequency, cell));
    case Role::position:
      return given(static_cast<double>(cell.row));
    case Role::frequency:
      return given(values.angle({cell.stage, cell.head, 1, cell.column}));
    case Role::alibi_bias:
      return from_two(Operation::product, values.alibi_bias(cell), step_key(Role::alibi_slope, cell),
                      step_key(Role::distance, cell));
    case Role::alibi_slope:
      return given(-alibi_slope(cell.head, values.dimensions().n_heads));
    default:  // distance
      return given(
          static_cast<double>(cell.row > cell.column ? cell.row - cell.column : cell.column - cell.row));
  }
}

/// Inside raw scores.
Recipe score_step(ExplainValues& values, const ExplainKey& key) {
  const CellRef& cell = key.cell;
  const Side side = side_of(key.part);
  switch (key.role) {
    case Role::dot_product:
      return {Operation::sum, values.dot(cell), values.dimensions().d_k,
              [=](std::size_t t) { return step_key(Role::term, cell, t); }};
    case Role::norm_product:
      return product_of(values, step_key(Role::norm, cell, 0, 0), step_key(Role::norm, cell, 0, 1));
    case Role::norm:
      return from_one(Operation::square_root, values.norm(cell, side),
                      step_key(Role::norm_sum, cell, 0, key.part));
    case Role::norm_sum:
      return {Operation::sum, values.norm_squares(cell, side), values.dimensions().d_k,
              [=](std::size_t t) { return step_key(Role::squared, key.cell, t, key.part); }};
    case Role::squared: {
      const ExplainKey component = cell_key(values.score_side(cell, side, key.term));
      return product_of(values, component, component);
    }
    case Role::additive_hidden:
      return from_one(Operation::tangent, values.additive_hidden(cell, key.term),
                      step_key(Role::additive_sum, cell, key.term));
    case Role::additive_sum:
      return from_two(Operation::sum,
                      values.additive_projection(cell, Side::query, key.term) +
                          values.additive_projection(cell, Side::key, key.term),
                      step_key(Role::additive_query, cell, key.term),
                      step_key(Role::additive_key, cell, key.term));
    case Role::additive_query:
      return score_projection(values, values.additive_projection(cell, Side::query, key.term), key, 0);
    case Role::additive_key:
      return score_projection(values, values.additive_projection(cell, Side::key, key.term), key, 1);
    case Role::bilinear_query:
      return score_projection(values, values.bilinear_query(cell, key.term), key, 0);
    default:
      return projection_term(values, key);
  }
}

/// Scale and temperature.
Recipe scale_step(ExplainValues& values, const ExplainKey& key) {
  const double d_k = static_cast<double>(values.dimensions().d_k);
  switch (key.role) {
    case Role::rescaled:
      return product_of(values, cell_key({Stage::scores, key.cell.head, key.cell.row, key.cell.column}),
                        step_key(Role::scale_number, {key.cell.stage, 0, 0, 0}));
    case Role::square_root_dk:
      return from_one(Operation::square_root, std::sqrt(d_k), step_key(Role::head_width, key.cell));
    case Role::head_width:
      return given(d_k);
    case Role::temperature:
      return given(values.config().temperature);
    case Role::scale_number:
      return given(values.config().scale.number);
    default:
      return given(1.0);
  }
}

/// Softmax, dropout and what follows.
Recipe weight_step(ExplainValues& values, const ExplainKey& key) {
  const CellRef& cell = key.cell;
  const Dimensions& d = values.dimensions();
  switch (key.role) {
    case Role::line_maximum:
      return line_recipe(Operation::maximum, values.line_maximum(cell), values, cell);
    case Role::exponential_sum:
      return line_recipe(Operation::sum, values.exponential_sum(cell), values, cell);
    case Role::exponential:
      return exponential(values, key);
    case Role::shifted: {
      const CellRef score = values.in_line(cell, Stage::masked, key.term);
      return from_two(Operation::difference, values.cell(score) - values.line_maximum(cell), cell_key(score),
                      step_key(Role::line_maximum, cell));
    }
    case Role::keep_probability:
      return from_two(Operation::difference, 1.0 - values.config().dropout->p, step_key(Role::one, cell),
                      step_key(Role::dropout_p, cell));
    case Role::dropout_p:
      return given(values.config().dropout->p);
    case Role::weighted_value:
      return product_of(values, cell_key({values.used_weights(), cell.head, cell.row, key.term}),
                        cell_key({Stage::v, d.kv_head(cell.head), key.term, cell.column}));
    case Role::heads_sum:
      return {Operation::sum, values.heads_sum(cell.row, cell.column), d.n_heads, [=](std::size_t h) {
                return cell_key({Stage::head_outputs, h, cell.row, cell.column});
              }};
    default:  // head_count
      return given(static_cast<double>(d.n_heads));
  }
}

}  // namespace

ExplainKey cell_key(const CellRef& cell) { return {.role = Role::cell, .cell = cell}; }

ExplainKey parameter_key(ParameterId id, std::size_t row, std::size_t column) {
  return {.role = Role::parameter_cell, .cell = {}, .parameter = ParameterRef{id, row, column}};
}

ExplainKey step_key(Role role, const CellRef& cell, std::size_t term, std::size_t part) {
  return {.role = role, .cell = cell, .term = term, .part = part};
}

Recipe given(double value) { return {.operation = Operation::given, .value = value, .child = {}}; }

Recipe from_one(Operation operation, double value, const ExplainKey& child) {
  return {operation, value, 1, [child](std::size_t) { return child; }};
}

Recipe from_two(Operation operation, double value, const ExplainKey& first, const ExplainKey& second) {
  return {operation, value, 2, [first, second](std::size_t i) { return i == 0 ? first : second; }};
}

Recipe step_recipe(ExplainValues& values, const ExplainKey& key) {
  switch (key.role) {
    case Role::parameter_cell:
      return given(values.parameter(key.parameter->id, key.parameter->row, key.parameter->column));
    case Role::cell:
    case Role::term:
      return term(values, key.cell, key.term);
    case Role::position_value:
    case Role::cosine:
    case Role::sine:
    case Role::angle:
    case Role::position:
    case Role::frequency:
    case Role::alibi_bias:
    case Role::alibi_slope:
    case Role::distance:
      return position_step(values, key);
    case Role::dot_product:
    case Role::norm_product:
    case Role::norm:
    case Role::norm_sum:
    case Role::squared:
    case Role::additive_hidden:
    case Role::additive_sum:
    case Role::additive_query:
    case Role::additive_key:
    case Role::projection_term:
    case Role::bilinear_query:
      return score_step(values, key);
    case Role::rescaled:
    case Role::one:
    case Role::square_root_dk:
    case Role::head_width:
    case Role::temperature:
    case Role::scale_number:
      return scale_step(values, key);
    default:
      return weight_step(values, key);
  }
}

Recipe recipe(ExplainValues& values, const ExplainKey& key) {
  return key.role == Role::cell ? cell_recipe(values, key.cell) : step_recipe(values, key);
}

}  // namespace attn
