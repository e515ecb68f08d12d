// The cells of stages, each from the cells of the stages before it.

#include "core/attention/explain_recipes.h"
#include "core/attention/ops.h"

namespace attn {
namespace {

/// Σ of `count` terms of the cell.
Recipe sum_of_terms(double value, Role role, const CellRef& cell, std::size_t count) {
  return {Operation::sum, value, count, [=](std::size_t t) { return step_key(role, cell, t); }};
}

/// in · W + b, one column: `in` is the stage that is projected and `column` counts the columns of W. An
/// identity has its products as well: who asks sees the parameter that stands in the formula.
Recipe projection(const ExplainValues& values, double value, const CellRef& cell, Stage in,
                  std::size_t column, ParameterId b) {
  const Parameters& parameters = values.input().parameters;
  const bool has_bias = parameters[b].has_value();
  const ExplainKey bias = parameter_key(b, 0, column);
  const std::size_t n_terms = shape_of(in, values.input(), values.dimensions()).columns;
  return {Operation::sum, value, n_terms + (has_bias ? 1 : 0),
          [=](std::size_t t) { return t < n_terms ? step_key(Role::term, cell, t) : bias; }};
}

Recipe score_cell(ExplainValues& values, double value, const CellRef& cell) {
  const Dimensions& d = values.dimensions();
  if (values.features()) return sum_of_terms(value, Role::term, cell, d.n_queries);
  switch (values.config().score) {
    case Score::cosine: {
      const ExplainKey lengths = step_key(Role::norm_product, cell);
      if (recipe(values, lengths).value == 0.0) return from_one(Operation::nothing, 0.0, lengths);
      return from_two(Operation::quotient, value, step_key(Role::dot_product, cell), lengths);
    }
    case Score::additive:
      return sum_of_terms(value, Role::term, cell, d.d_additive);
    default:  // dot: Σ q_t k_t, bilinear: Σ (q W)_t k_t
      return sum_of_terms(value, Role::term, cell, d.d_k);
  }
}

Recipe rotated_cell(double value, const CellRef& cell) {
  const bool first_of_pair = cell.column % 2 == 0;  // a cos − b sin, or a sin + b cos
  return from_two(first_of_pair ? Operation::difference : Operation::sum, value,
                  step_key(Role::term, cell, 0), step_key(Role::term, cell, 1));
}

Recipe scaled_cell(const ExplainValues& values, double value, const CellRef& cell) {
  const ExplainKey score = cell_key({Stage::scores, cell.head, cell.row, cell.column});
  const Config& config = values.config();
  const bool untouched_temperature = config.temperature == 1.0;
  if (config.scale.kind == Scale::Kind::none && untouched_temperature) {
    return from_one(Operation::copy, value, score);
  }
  const CellRef setting = {cell.stage, 0, 0, 0};
  const ExplainKey temperature = step_key(Role::temperature, setting);
  if (config.scale.kind == Scale::Kind::number) {
    if (untouched_temperature)
      return from_two(Operation::product, value, score, step_key(Role::scale_number, setting));
    return from_two(Operation::quotient, value, step_key(Role::rescaled, cell), temperature);
  }
  if (config.scale.kind == Scale::Kind::none) return from_two(Operation::quotient, value, score, temperature);
  const ExplainKey root = step_key(Role::square_root_dk, setting);
  if (untouched_temperature) return from_two(Operation::quotient, value, score, root);
  return {Operation::quotient, value, 3, [=](std::size_t i) {
            return i == 0 ? score : i == 1 ? root : temperature;
          }};
}

Recipe weight_cell(ExplainValues& values, double value, const CellRef& cell) {
  const CellRef masked = {Stage::masked, cell.head, cell.row, cell.column};
  const bool hidden = values.cell(masked) == kHiddenScore;
  if (values.config().normalise == Normalise::none) {
    return from_one(hidden ? Operation::nothing : Operation::copy, value, cell_key(masked));
  }
  // A hidden cell in a line without a sum: there is nothing to share, 0 ÷ 0 is not asked.
  if (hidden && values.exponential_sum(cell) == 0.0) {
    return from_one(Operation::nothing, 0.0, cell_key(masked));
  }
  const CellRef line = values.in_line(cell, Stage::weights, 0);
  return from_two(Operation::quotient, value, step_key(Role::exponential, line, values.place_in_line(cell)),
                  step_key(Role::exponential_sum, line));
}

Recipe dropped_cell(const ExplainValues& values, double value, const CellRef& cell) {
  const Dropout& dropout = *values.config().dropout;
  const ExplainKey weight = cell_key({Stage::weights, cell.head, cell.row, cell.column});
  if (dropout_uniform(dropout.seed, cell.head, cell.row, cell.column) < dropout.p) {
    return from_one(Operation::dropped, 0.0, weight);
  }
  return from_two(Operation::quotient, value, weight,
                  step_key(Role::keep_probability, {cell.stage, 0, 0, 0}));
}

Recipe head_output_cell(const ExplainValues& values, double value, const CellRef& cell) {
  if (values.features()) {
    return projection(values, value, cell, Stage::mixed, cell.column, ParameterId::b_v);
  }
  return sum_of_terms(value, Role::weighted_value, cell, values.dimensions().n_keys);
}

Recipe concat_cell(const ExplainValues& values, double value, const CellRef& cell) {
  if (values.config().combine == Combine::mean) {
    return from_two(Operation::quotient, value, step_key(Role::heads_sum, cell),
                    step_key(Role::head_count, {cell.stage, 0, 0, 0}));
  }
  const std::size_t d_v = values.dimensions().d_v;
  return from_one(Operation::copy, value,
                  cell_key({Stage::head_outputs, cell.column / d_v, cell.row, cell.column % d_v}));
}

}  // namespace

Recipe cell_recipe(ExplainValues& values, const CellRef& cell) {
  const double value = values.cell(cell);
  const Dimensions& d = values.dimensions();
  switch (cell.stage) {
    case Stage::x:
    case Stage::source_x:
      return given(value);
    case Stage::x_position:
    case Stage::source_position: {
      const Stage before = cell.stage == Stage::x_position ? Stage::x : Stage::source_x;
      return from_two(Operation::sum, value, cell_key({before, 0, cell.row, cell.column}),
                      step_key(Role::position_value, cell));
    }
    case Stage::q:
      return projection(values, value, cell, values.query_x(), cell.head * d.d_k + cell.column,
                        ParameterId::b_q);
    case Stage::k:
      return projection(values, value, cell, values.key_x(), cell.head * d.d_k + cell.column,
                        ParameterId::b_k);
    case Stage::v:
      return projection(values, value, cell, values.key_x(), cell.head * d.d_v + cell.column,
                        ParameterId::b_v);
    case Stage::q_rotated:
    case Stage::k_rotated:
      return rotated_cell(value, cell);
    case Stage::scores:
      return score_cell(values, value, cell);
    case Stage::scaled:
      return scaled_cell(values, value, cell);
    case Stage::biased:
      return from_two(Operation::sum, value, cell_key({Stage::scaled, cell.head, cell.row, cell.column}),
                      step_key(Role::alibi_bias, cell));
    case Stage::masked:
      return from_one(values.hidden(cell) ? Operation::replaced : Operation::copy, value,
                      cell_key({values.stage_before_mask(), cell.head, cell.row, cell.column}));
    case Stage::weights:
      return weight_cell(values, value, cell);
    case Stage::dropped:
      return dropped_cell(values, value, cell);
    case Stage::mixed:
      return sum_of_terms(value, Role::term, cell, d.d_model);
    case Stage::head_outputs:
      return head_output_cell(values, value, cell);
    case Stage::concat:
      return concat_cell(values, value, cell);
    case Stage::output:
      break;
  }
  return projection(values, value, cell, Stage::concat, cell.column, ParameterId::b_o);
}

}  // namespace attn
