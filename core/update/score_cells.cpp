#include "core/update/score_cells.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/attention/ops.h"
#include "core/attention/stage_range.h"
#include "core/kernel/pool.h"

namespace attn {
namespace {

/// Rows of a product whose first columns are cut out of a panel.
constexpr std::size_t kCutRows = 16 * kernel::kTileRows;

/// Numbers to pack that are worth waking threads for.
constexpr std::size_t kWorthSharingPanels = std::size_t{1} << 22;

bool makes_queries(Score score) { return score != Score::dot; }
bool makes_keys(Score score) { return score == Score::cosine || score == Score::additive; }
std::size_t width_of(const Input& input, const Dimensions& d) {
  return input.config.score == Score::additive ? d.d_additive : d.d_k;
}

MatrixView<float> head_of(std::vector<float>& all, std::size_t head, std::size_t rows, std::size_t width) {
  return {all.data() + head * rows * width, rows, width, width};
}

/// The vectors of one side as the score compares them, from those of the stage.
void make_side(const Input& input, ParameterId additive, MatrixView<const float> in, MatrixView<float> out) {
  const Parameters& parameters = input.parameters;
  switch (input.config.score) {
    case Score::dot:
      return;
    case Score::cosine:
      return normalise_rows<float>(in, out);
    case Score::bilinear:
      return multiply<float>(in, view(std::as_const(parameters)[ParameterId::bilinear]->dense()), out);
    case Score::additive:
      return multiply<float>(in, view(std::as_const(parameters)[additive]->dense()), out);
  }
}

}  // namespace

std::uint64_t ScoreCells::bytes(const Input& input, const Dimensions& d) {
  const Score score = input.config.score;
  const std::uint64_t width = width_of(input, d);
  const std::uint64_t of_queries = makes_queries(score) ? d.n_heads * d.n_queries * width : 0;
  const std::uint64_t of_keys = makes_keys(score) ? d.n_kv_heads * d.n_keys * width : 0;
  const std::uint64_t panels =
      score != Score::additive ? d.n_kv_heads * kernel::panel_size(width, d.n_keys) : 0;
  const std::uint64_t of_rows = 2 * d.n_heads * d.n_queries;
  return (of_queries + of_keys + panels + of_rows) * sizeof(float);
}

ScoreCells::ScoreCells(Input input, std::shared_ptr<const Arrays<float>> arrays)
    : input_(std::move(input)),
      arrays_(std::move(arrays)),
      table_(kernel::table()),
      factor_(static_cast<float>(score_factor(input_.config, arrays_->dimensions()))),
      width_(width_of(input_, arrays_->dimensions())),
      unfused_(is_unfused(arrays_->dimensions().n_queries, width_, arrays_->dimensions().n_keys)) {
  const Dimensions& d = dimensions();
  const StageInputs from = inputs_of(Stage::scores, input_);
  const Score score = input_.config.score;
  if (makes_queries(score)) {
    queries_.resize(d.n_heads * d.n_queries * width_);
    for (std::size_t h = 0; h < d.n_heads; ++h) {
      make_side(input_, ParameterId::additive_w_q, arrays_->head(from[0], h),
                head_of(queries_, h, d.n_queries, width_));
    }
  }
  if (makes_keys(score)) {
    keys_.resize(d.n_kv_heads * d.n_keys * width_);
    for (std::size_t h = 0; h < d.n_kv_heads; ++h) {
      make_side(input_, ParameterId::additive_w_k, arrays_->head(from[1], h),
                head_of(keys_, h, d.n_keys, width_));
    }
  }
  if (table_ == nullptr || score == Score::additive) return;
  const std::size_t size = kernel::panel_size(width_, d.n_keys);
  panels_.at_least(d.n_kv_heads * size);
  kernel::parallel_for(d.n_kv_heads, panels_.capacity() >= kWorthSharingPanels, [&](std::size_t h) {
    const MatrixView<const float> k = keys(h);
    table_->pack_transposed(k.data, k.stride, k.rows, k.columns, panels_.data() + h * size);
  });
}

MatrixView<const float> ScoreCells::queries(std::size_t head) const {
  const Dimensions& d = dimensions();
  if (queries_.empty()) return arrays_->head(inputs_of(Stage::scores, input_)[0], head);
  return {queries_.data() + head * d.n_queries * width_, d.n_queries, width_, width_};
}

MatrixView<const float> ScoreCells::keys(std::size_t kv_head) const {
  const Dimensions& d = dimensions();
  if (keys_.empty()) return arrays_->head(inputs_of(Stage::scores, input_)[1], kv_head);
  return {keys_.data() + kv_head * d.n_keys * width_, d.n_keys, width_, width_};
}

kernel::Product ScoreCells::raw_product(std::size_t head, std::size_t row, std::size_t rows,
                                        std::size_t first, std::size_t count) const {
  const Dimensions& d = dimensions();
  const MatrixView<const float> q = queries(head);
  kernel::Product product;
  product.a = q.data + row * q.stride;
  product.a_stride = q.stride;
  product.b = panels_.data() + d.kv_head(head) * kernel::panel_size(width_, d.n_keys) + first * width_;
  product.b_stride = kernel::kPanel;
  product.b_panel_step = kernel::kPanel * width_;
  product.rows = rows;
  product.inner = width_;
  product.columns = count;
  return product;
}

void ScoreCells::multiply(const kernel::Product& product) const {
  (unfused_ ? table_->multiply_unfused : table_->multiply)(product);
}

void ScoreCells::raw(std::size_t head, const CellRect& cells, MatrixView<float> out) const {
  if (input_.config.score == Score::additive) {
    const SharedMatrix& v = *input_.parameters[ParameterId::additive_v];
    const MatrixView<const float> q = queries(head).block(cells.row, 0, cells.rows, width_);
    const MatrixView<const float> k =
        keys(dimensions().kv_head(head)).block(cells.column, 0, cells.columns, width_);
    return additive_scores<float>(q, k, v.row(0), out);
  }
  if (!is_product()) {
    return multiply_transposed<float>(
        queries(head).block(cells.row, 0, cells.rows, width_),
        keys(dimensions().kv_head(head)).block(cells.column, 0, cells.columns, width_), out);
  }
  // What comes before the first whole panel is cut out of one.
  const std::size_t past = cells.column % kernel::kPanel;
  const std::size_t cut = past == 0 ? 0 : std::min(cells.columns, kernel::kPanel - past);
  for (std::size_t i = 0; i < cells.rows; i += kCutRows) {
    const std::size_t rows = std::min(kCutRows, cells.rows - i);
    if (cut > 0) {
      float panel[kCutRows * kernel::kPanel];
      kernel::Product product = raw_product(head, cells.row + i, rows, cells.column - past, kernel::kPanel);
      product.out = panel;
      product.out_stride = kernel::kPanel;
      multiply(product);
      for (std::size_t r = 0; r < rows; ++r)
        std::copy_n(panel + r * kernel::kPanel + past, cut, out.row(i + r).data());
    }
    if (cut == cells.columns) continue;
    kernel::Product product = raw_product(head, cells.row + i, rows, cells.column + cut, cells.columns - cut);
    product.out = out.row(i).data() + cut;
    product.out_stride = out.stride;
    multiply(product);
  }
}

void ScoreCells::add_bias(std::size_t head, const CellRect& cells, MatrixView<float> out) const {
  scale_scores<float>(out, factor_, out);
  if (input_.config.position == Position::alibi) {
    add_alibi<float>(out, alibi_slope(head, dimensions().n_heads), out, {cells.row, cells.column});
  }
}

void ScoreCells::make(Stage stage, std::size_t head, const CellRect& cells, MatrixView<float> out) const {
  if (stage == Stage::weights || stage == Stage::dropped) {
    weights(head, cells, out);
    if (stage == Stage::dropped) {
      apply_dropout<float>(out, *input_.config.dropout, head, out, {cells.row, cells.column});
    }
    return;
  }
  raw(head, cells, out);
  if (stage == Stage::scores) return;
  if (stage == Stage::scaled) return scale_scores<float>(out, factor_, out);
  add_bias(head, cells, out);
  if (stage == Stage::masked) apply_mask<float>(out, input_.config.mask, out, {cells.row, cells.column});
}

void ScoreCells::weights(std::size_t head, const CellRect& cells, MatrixView<float> out) const {
  const Config& config = input_.config;
  if (config.normalise == Normalise::softmax) return shares(head, cells, out);
  make(Stage::masked, head, cells, out);
  if (config.normalise == Normalise::none) return scores_as_weights<float>(out, out);
  for (std::size_t i = 0; i < out.rows; ++i) {
    const float sum = statistics_.sum[head * dimensions().n_queries + cells.row + i];
    for (float& cell : out.row(i)) cell = cell == kUnseenScore ? 0.0f : std::exp(cell) / sum;
  }
}

void ScoreCells::shares(std::size_t head, const CellRect& cells, MatrixView<float> out) const {
  const MaskConfig& mask = input_.config.mask;
  const bool masked_first = mask.hidden_value.has_value();  // hidden cells have their share as well
  raw(head, cells, out);
  float factor = factor_;
  if (masked_first || input_.config.position == Position::alibi) {
    add_bias(head, cells, out);
    factor = 1.0f;
  }
  if (masked_first) apply_mask<float>(out, mask, out, {cells.row, cells.column});
  for (std::size_t i = 0; i < out.rows; ++i) {
    const std::size_t query = cells.row + i;
    const std::span<float> row = out.row(i);
    const float maximum = statistics_.maximum[head * dimensions().n_queries + query];
    if (maximum == kUnseenScore) {
      std::ranges::fill(row, 0.0f);
      continue;
    }
    const float share = 1.0f / statistics_.sum[head * dimensions().n_queries + query];
    CellRun run{0, cells.columns};
    if (!masked_first) {
      const CellRun seen = visible_run(mask, query, cells.column + cells.columns);
      run = {std::max(seen.first, cells.column) - cells.column,
             std::max(seen.last, cells.column) - cells.column};
      run.first = std::min(run.first, run.last);
      std::ranges::fill(row.first(run.first), 0.0f);
      std::ranges::fill(row.subspan(run.last), 0.0f);
    }
    if (table_ != nullptr) {
      table_->shares(row.data() + run.first, run.last - run.first, factor, maximum, share);
    } else {
      for (std::size_t j = run.first; j < run.last; ++j) row[j] = share * std::exp(row[j] * factor - maximum);
    }
    if (masked_first || !masks_by_cells(mask)) continue;
    for (std::size_t j = run.first; j < run.last; ++j) {
      if (!visible(mask, query, cells.column + j)) row[j] = 0.0f;
    }
  }
}

}  // namespace attn
