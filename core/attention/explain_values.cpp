#include "core/attention/explain_values.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/attention/ops.h"

namespace attn {
namespace {

/// out += factor · row of a parameter, from column `first` on.
void add_scaled(double factor, std::span<const float> row, std::size_t first, std::span<double> out) {
  for (std::size_t c = 0; c < out.size(); ++c) out[c] += factor * static_cast<double>(row[first + c]);
}

/// Without its maximum removed, a softmax shows what float32 makes of large scores.
double as_float32_overflows(double value) {
  const float narrow = static_cast<float>(value);
  return std::isinf(narrow) || narrow == 0.0F ? static_cast<double>(narrow) : value;
}

}  // namespace

ExplainValues::ExplainValues(Input input)
    : input_(std::move(input)),
      dimensions_(validate(input_)),
      factor_(score_factor(input_.config, dimensions_)) {}

ExplainValues::ExplainValues(Input input, const ExplainValues& before) : ExplainValues(std::move(input)) {
  const Input& old = before.input_;
  if (dimensions_ != before.dimensions_ || input_.config.position != old.config.position ||
      input_.config.attend_over != old.config.attend_over ||
      input_.source.has_value() != old.source.has_value()) {
    return;
  }
  const auto same = [&](ParameterId id) {
    const auto& a = input_.parameters[id];
    const auto& b = old.parameters[id];
    return a.has_value() == b.has_value() && (!a || a->same_as(*b));
  };
  const std::vector<std::size_t> changed = input_.x.changed_rows(old.x);
  const std::vector<std::size_t> changed_keys =
      input_.source ? input_.source->x.changed_rows(old.source->x) : changed;
  const bool same_q = same(ParameterId::w_q) && same(ParameterId::b_q);
  const bool same_k = same(ParameterId::w_k) && same(ParameterId::b_k);
  const bool same_v = same(ParameterId::w_v) && same(ParameterId::b_v);
  for (const Stage stage : {Stage::x, Stage::x_position}) keep_rows(stage, before, changed);
  for (const Stage stage : {Stage::source_x, Stage::source_position}) keep_rows(stage, before, changed_keys);
  for (const Stage stage : {Stage::q, Stage::q_rotated})
    if (same_q) keep_rows(stage, before, changed);
  for (const Stage stage : {Stage::k, Stage::k_rotated})
    if (same_k) keep_rows(stage, before, changed_keys);
  if (same_v) keep_rows(Stage::v, before, changed_keys);
}

/// Every head's rows but the changed ones.
void ExplainValues::keep_rows(Stage stage, const ExplainValues& before,
                              const std::vector<std::size_t>& changed) {
  Rows& rows = stages_[index(stage)];
  rows = before.stages_[index(stage)];
  if (rows.rows.empty()) return;
  const StageShape shape = shape_of(stage, input_, dimensions_);
  for (std::size_t h = 0; h < shape.heads; ++h) {
    for (const std::size_t i : changed) rows.rows[h * shape.rows + i].reset();
  }
}

double ExplainValues::parameter(ParameterId id, std::size_t row, std::size_t column) const {
  const auto& matrix = input_.parameters[id];
  if (!matrix) return row == column ? 1.0 : 0.0;  // the identity
  return static_cast<double>((*matrix)(row, column));
}

Stage ExplainValues::key_x() const {
  if (!input_.source) return query_x();
  return has(Stage::source_position) ? Stage::source_position : Stage::source_x;
}

double ExplainValues::cell(const CellRef& cell) {
  switch (cell.stage) {
    case Stage::scores:
      return raw_score(cell);
    case Stage::scaled:
      return raw_score(cell) * factor_;
    case Stage::biased:
      return raw_score(cell) * factor_ + alibi_bias(cell);
    case Stage::masked:
      return masked(cell);
    case Stage::weights:
      return weight(cell);
    case Stage::dropped:
      return dropped(cell);
    default:
      return row(cell.stage, cell.head, cell.row)[cell.column];
  }
}

// --- rows -------------------------------------------------------------------------------------------

template <class Compute>
std::span<const double> ExplainValues::kept(Rows& rows, std::size_t count, std::size_t width, std::size_t at,
                                            const Compute& compute) {
  if (rows.rows.empty()) {
    rows.rows.resize(count);
    rows.width = width;
  }
  if (!rows.rows[at]) {
    auto values = std::make_shared<double[]>(rows.width);  // zeros
    compute(std::span<double>(values.get(), rows.width));
    rows.rows[at] = std::move(values);
  }
  return {rows.rows[at].get(), rows.width};
}

std::span<const double> ExplainValues::row(Stage stage, std::size_t head, std::size_t i) {
  const StageShape shape = shape_of(stage, input_, dimensions_);
  return kept(stages_[index(stage)], shape.heads * shape.rows, shape.columns, head * shape.rows + i,
              [&](std::span<double> out) { compute_row(stage, head, i, out); });
}

void ExplainValues::compute_row(Stage stage, std::size_t head, std::size_t i, std::span<double> out) {
  switch (stage) {
    case Stage::x:
      std::ranges::copy(input_.x.row(i), out.begin());
      return;
    case Stage::source_x:
      std::ranges::copy(input_.source->x.row(i), out.begin());
      return;
    case Stage::x_position:
    case Stage::source_position:
      return add_positions(stage, i, out);
    case Stage::q:
      return project(row(query_x(), 0, i), ParameterId::w_q, ParameterId::b_q, head * out.size(), out);
    case Stage::k:
      return project(row(key_x(), 0, i), ParameterId::w_k, ParameterId::b_k, head * out.size(), out);
    case Stage::v:
      return project(row(key_x(), 0, i), ParameterId::w_v, ParameterId::b_v, head * out.size(), out);
    case Stage::q_rotated:
      return rotate(row(Stage::q, head, i), {stage, head, i, 0}, out);
    case Stage::k_rotated:
      return rotate(row(Stage::k, head, i), {stage, head, i, 0}, out);
    case Stage::scores:
      return score_row_over_features(i, out);
    case Stage::mixed:
      for (std::size_t a = 0; a < dimensions_.d_model; ++a) {
        const double x = row(Stage::x, 0, i)[a];
        for (std::size_t c = 0; c < out.size(); ++c) out[c] += x * weight({Stage::weights, 0, a, c});
      }
      return;
    case Stage::head_outputs:
      if (features()) return project(row(Stage::mixed, 0, i), ParameterId::w_v, ParameterId::b_v, 0, out);
      for (std::size_t j = 0; j < dimensions_.n_keys; ++j) {
        const double share = cell({used_weights(), head, i, j});
        const std::span<const double> value = row(Stage::v, dimensions_.kv_head(head), j);
        for (std::size_t c = 0; c < out.size(); ++c) out[c] += share * value[c];
      }
      return;
    case Stage::concat:
      return combine_heads(i, out);
    default:  // output: the other stages are not kept by rows
      return project(row(Stage::concat, 0, i), ParameterId::w_o, ParameterId::b_o, 0, out);
  }
}

void ExplainValues::project(std::span<const double> in, ParameterId w, ParameterId b, std::size_t first,
                            std::span<double> out) const {
  if (const auto& matrix = input_.parameters[w]) {
    for (std::size_t t = 0; t < in.size(); ++t) add_scaled(in[t], matrix->row(t), first, out);
  } else {
    std::ranges::copy(in.subspan(first, out.size()), out.begin());
  }
  if (const auto& bias = input_.parameters[b]) add_scaled(1.0, bias->row(0), first, out);
}

double ExplainValues::angle(const CellRef& cell) const {
  // Sinusoidal and rotary positions turn the pair (2c, 2c+1) by the same angle.
  const StageShape shape = shape_of(cell.stage, input_, dimensions_);
  return rotary_angle(cell.row, cell.column / 2, shape.columns);
}

void ExplainValues::add_positions(Stage stage, std::size_t i, std::span<double> out) {
  const std::span<const double> in = row(stage == Stage::x_position ? Stage::x : Stage::source_x, 0, i);
  for (std::size_t c = 0; c < out.size(); ++c) {
    const double turned = angle({stage, 0, i, c});
    out[c] = in[c] + (c % 2 == 0 ? std::sin(turned) : std::cos(turned));
  }
}

/// `first` is the first cell of the row that is written.
void ExplainValues::rotate(std::span<const double> in, const CellRef& first, std::span<double> out) const {
  for (std::size_t c = 0; c < in.size(); c += 2) {
    const double turned = angle({first.stage, first.head, first.row, c});
    out[c] = in[c] * std::cos(turned) - in[c + 1] * std::sin(turned);
    out[c + 1] = in[c] * std::sin(turned) + in[c + 1] * std::cos(turned);
  }
}

void ExplainValues::score_row_over_features(std::size_t i, std::span<double> out) {
  for (std::size_t token = 0; token < dimensions_.n_queries; ++token) {
    const double q = row(Stage::q, 0, token)[i];
    const std::span<const double> k = row(Stage::k, 0, token);
    for (std::size_t c = 0; c < out.size(); ++c) out[c] += q * k[c];
  }
}

void ExplainValues::combine_heads(std::size_t i, std::span<double> out) {
  if (config().combine == Combine::mean) {
    for (std::size_t c = 0; c < out.size(); ++c) {
      out[c] = heads_sum(i, c) / static_cast<double>(dimensions_.n_heads);
    }
    return;
  }
  for (std::size_t h = 0; h < dimensions_.n_heads; ++h) {
    std::ranges::copy(row(Stage::head_outputs, h, i),
                      out.begin() + static_cast<std::ptrdiff_t>(h * dimensions_.d_v));
  }
}

double ExplainValues::heads_sum(std::size_t i, std::size_t column) {
  double sum = 0.0;
  for (std::size_t h = 0; h < dimensions_.n_heads; ++h) sum += row(Stage::head_outputs, h, i)[column];
  return sum;
}

// --- raw scores -------------------------------------------------------------------------------------

CellRef ExplainValues::score_side(const CellRef& score, Side side, std::size_t component) const {
  if (side == Side::query) return {query_stage(), score.head, score.row, component};
  return {key_stage(), dimensions_.kv_head(score.head), score.column, component};
}

std::span<const double> ExplainValues::score_row(const CellRef& score, Side side) {
  const CellRef first = score_side(score, side, 0);
  return row(first.stage, first.head, first.row);
}

double ExplainValues::dot(const CellRef& score) {
  const std::span<const double> q = score_row(score, Side::query);
  const std::span<const double> k = score_row(score, Side::key);
  double sum = 0.0;
  for (std::size_t t = 0; t < q.size(); ++t) sum += q[t] * k[t];
  return sum;
}

double ExplainValues::norm_squares(const CellRef& score, Side side) {
  double sum = 0.0;
  for (const double value : score_row(score, side)) sum += value * value;
  return sum;
}

double ExplainValues::norm(const CellRef& score, Side side) { return std::sqrt(norm_squares(score, side)); }

std::span<const double> ExplainValues::additive_row(const CellRef& score, Side side) {
  const bool query = side == Side::query;
  const CellRef from = score_side(score, side, 0);
  const StageShape shape = shape_of(from.stage, input_, dimensions_);
  const SharedMatrix& w = *input_.parameters[query ? ParameterId::additive_w_q : ParameterId::additive_w_k];
  return kept(query ? additive_queries_ : additive_keys_, shape.heads * shape.rows, dimensions_.d_additive,
              from.head * shape.rows + from.row, [&](std::span<double> out) {
                const std::span<const double> in = score_row(score, side);
                for (std::size_t t = 0; t < in.size(); ++t) add_scaled(in[t], w.row(t), 0, out);
              });
}

double ExplainValues::additive_projection(const CellRef& score, Side side, std::size_t unit) {
  return additive_row(score, side)[unit];
}

double ExplainValues::additive_hidden(const CellRef& score, std::size_t unit) {
  return std::tanh(additive_row(score, Side::query)[unit] + additive_row(score, Side::key)[unit]);
}

std::span<const double> ExplainValues::bilinear_row(const CellRef& score) {
  const SharedMatrix& w = *input_.parameters[ParameterId::bilinear];
  return kept(bilinear_queries_, dimensions_.n_heads * dimensions_.n_queries, dimensions_.d_k,
              score.head * dimensions_.n_queries + score.row, [&](std::span<double> out) {
                const std::span<const double> q = score_row(score, Side::query);
                for (std::size_t t = 0; t < q.size(); ++t) add_scaled(q[t], w.row(t), 0, out);
              });
}

double ExplainValues::bilinear_query(const CellRef& score, std::size_t column) {
  return bilinear_row(score)[column];
}

double ExplainValues::raw_score(const CellRef& cell) {
  if (features()) return row(Stage::scores, 0, cell.row)[cell.column];
  switch (config().score) {
    case Score::dot:
      return dot(cell);
    case Score::cosine: {
      const double lengths = norm(cell, Side::query) * norm(cell, Side::key);
      return lengths == 0.0 ? 0.0 : dot(cell) / lengths;
    }
    case Score::additive: {
      double sum = 0.0;
      for (std::size_t t = 0; t < dimensions_.d_additive; ++t) {
        sum += parameter(ParameterId::additive_v, 0, t) * additive_hidden(cell, t);
      }
      return sum;
    }
    case Score::bilinear:
      break;
  }
  const std::span<const double> q_w = bilinear_row(cell);
  const std::span<const double> k = score_row(cell, Side::key);
  double sum = 0.0;
  for (std::size_t t = 0; t < k.size(); ++t) sum += q_w[t] * k[t];
  return sum;
}

// --- from scores to weights -------------------------------------------------------------------------

double ExplainValues::alibi_bias(const CellRef& cell) const {
  const std::size_t distance = cell.row > cell.column ? cell.row - cell.column : cell.column - cell.row;
  return -alibi_slope(cell.head, dimensions_.n_heads) * static_cast<double>(distance);
}

bool ExplainValues::hidden(const CellRef& cell) const {
  return !visible(config().mask, cell.row, cell.column);
}

double ExplainValues::masked(const CellRef& at) {
  if (hidden(at)) return config().mask.hidden_value.value_or(kHiddenScore);
  return cell({stage_before_mask(), at.head, at.row, at.column});
}

std::size_t ExplainValues::line_length() const {
  const StageShape shape = shape_of(Stage::weights, input_, dimensions_);
  return lines_are_rows() ? shape.columns : shape.rows;
}

CellRef ExplainValues::in_line(const CellRef& cell, Stage stage, std::size_t place) const {
  if (lines_are_rows()) return {stage, cell.head, cell.row, place};
  return {stage, cell.head, place, cell.column};
}

double ExplainValues::exponential_of(double score, double maximum) const {
  if (config().normalise == Normalise::softmax_without_max) return as_float32_overflows(std::exp(score));
  return std::exp(score - maximum);
}

double ExplainValues::exponential(const CellRef& cell, std::size_t place) {
  return exponential_of(masked(in_line(cell, Stage::masked, place)), line_maximum(cell));
}

const ExplainValues::Line& ExplainValues::line(const CellRef& cell) {
  const StageShape shape = shape_of(Stage::weights, input_, dimensions_);
  const std::size_t n_lines = lines_are_rows() ? shape.rows : shape.columns;
  if (lines_.empty()) lines_.resize(shape.heads * n_lines);
  std::optional<Line>& line = lines_[cell.head * n_lines + (lines_are_rows() ? cell.row : cell.column)];
  if (line) return *line;

  std::vector<double> scores(line_length());
  double maximum = kHiddenScore;
  for (std::size_t place = 0; place < scores.size(); ++place) {
    scores[place] = masked(in_line(cell, Stage::masked, place));
    maximum = std::max(maximum, scores[place]);
  }
  double sum = 0.0;
  if (maximum != kHiddenScore) {
    for (const double score : scores) sum += exponential_of(score, maximum);
  }
  if (config().normalise == Normalise::softmax_without_max) sum = as_float32_overflows(sum);
  return line.emplace(Line{maximum, sum});
}

double ExplainValues::weight(const CellRef& cell) {
  const double score = masked({Stage::masked, cell.head, cell.row, cell.column});
  if (score == kHiddenScore) return 0.0;
  if (config().normalise == Normalise::none) return score;
  return exponential(cell, place_in_line(cell)) / exponential_sum(cell);
}

double ExplainValues::dropped(const CellRef& cell) {
  const Dropout& dropout = *config().dropout;
  if (dropout_uniform(dropout.seed, cell.head, cell.row, cell.column) < dropout.p) return 0.0;
  return weight(cell) / (1.0 - dropout.p);
}

}  // namespace attn
