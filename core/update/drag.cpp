#include "core/update/drag.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <utility>

#include "core/attention/attention.h"
#include "core/attention/ops.h"
#include "core/attention/stage_range.h"
#include "core/kernel/pool.h"
#include "core/update/drag_rows.h"
#include "core/update/drag_scores.h"

namespace attn {
namespace {

/// Numbers up to here stay finite through a few more operations.
constexpr double kSafe = 1e37;
constexpr float kHiddenKey = -std::numeric_limits<float>::infinity();

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

bool is_safe(std::span<const float> values, double factor = 1.0) {
  return static_cast<double>(largest_magnitude(values)) * std::max(1.0, std::abs(factor)) <= kSafe;
}

double largest_of(const std::optional<SharedMatrix>& m) {
  double largest = 0;
  for (std::size_t i = 0; m && i < m->rows(); ++i)
    largest = std::max(largest, static_cast<double>(largest_magnitude(m->row(i))));
  return largest;
}

std::vector<CellRect> whole_rows(const std::vector<std::size_t>& rows) {
  std::vector<CellRect> cells;
  cells.reserve(rows.size());
  for (const std::size_t row : rows) cells.push_back({row, 0, 1, 0});
  return cells;
}

}  // namespace

bool Drag::serves(const Config& config) {
  return config.attend_over == AttendOver::tokens && config.normalise == Normalise::softmax &&
         config.softmax_axis == SoftmaxAxis::keys;
}

Drag::Drag(std::shared_ptr<const StoredTrace> pressed, MovedWords words)
    : pressed_(std::move(pressed)),
      words_(std::move(words)),
      d_(pressed_->dimensions()),
      from_(inputs_of(Stage::scores, pressed_->input())),
      number_(next_number()) {
  const Input& input = pressed_->input();
  const MaskConfig& mask = input.config.mask;
  reached_ = {d_.n_queries, 0};
  const bool all_see_all = !may_hide(input, Stage::masked) || mask.hidden_value;
  for (const std::size_t key : words_.keys) {
    if (all_see_all) {
      reached_ = {0, d_.n_queries};
      continue;
    }
    std::vector<std::uint8_t>& sees = sees_.emplace_back(d_.n_queries);
    for (std::size_t i = 0; i < d_.n_queries; ++i) {
      sees[i] = visible(mask, i, key) ? 1 : 0;
      if (sees[i] == 0) continue;
      reached_ = {std::min(reached_.first, i), std::max(reached_.last, i + 1)};
    }
  }
  if (reached_.first >= reached_.last) reached_ = {0, 0};
  rests_.reserve(d_.n_heads);
  for (std::size_t h = 0; h < d_.n_heads; ++h) {
    rests_.emplace_back(input, pressed_->arrays(), h, words_.keys);
    const MatrixView<const float> rest = rests_.back().outputs();
    largest_rest_ = std::max(largest_rest_,
                             static_cast<double>(largest_magnitude({rest.data, rest.rows * rest.columns})));
  }
  const Parameters& parameters = input.parameters;
  if (parameters[ParameterId::w_o])
    output_growth_ = static_cast<double>(d_.d_concat) * largest_of(parameters[ParameterId::w_o]);
  output_offset_ = largest_of(parameters[ParameterId::b_o]);
}

bool Drag::moves(const MovedWords& moved) const {
  return std::ranges::includes(words_.queries, moved.queries) &&
         std::ranges::includes(words_.keys, moved.keys);
}

float Drag::dropout_factor(std::size_t head, std::size_t query, std::size_t key) const {
  const Dropout& dropout = *pressed_->input().config.dropout;
  const bool kept = dropout_uniform(dropout.seed, head, query, key) >= dropout.p;
  return kept ? 1.0f / static_cast<float>(1.0 - dropout.p) : 0.0f;
}

void Dragged::copy(const std::shared_ptr<const StoredTrace>& whole) {
  if (drag_ == 0 && copied_.lock() == whole) return;
  const Arrays<float>& arrays = whole->arrays();
  copied_.reset();
  drag_ = 0;
  rows.reshape_without_scores(whole->input(), whole->dimensions());
  for (const Stage stage : kStages) {
    if (rows.has(stage)) std::ranges::copy(arrays.all(stage), rows.all(stage).begin());
  }
  copied_ = whole;
}

void Drag::prepare(Dragged& at) const {
  if (at.drag_ == number_) return;
  at.copy(pressed_);
  at.drag_ = number_;
  at.heads.resize(d_.n_heads);
  for (Dragged::Head& head : at.heads) {
    head.key_scores = Matrix(words_.keys.size(), d_.n_queries);
    head.key_shares = head.key_scores;
    head.rest_shares.assign(d_.n_queries, 1.0f);
    head.query_scores = Matrix(words_.queries.size(), d_.n_keys);
    head.query_weights = head.query_scores;
  }
  at.output_made.assign((d_.n_queries + kOutputRows - 1) / kOutputRows, 1);
}

bool Drag::project_words(const Input& input, Dragged& at) const {
  const std::vector<CellRect> queries = whole_rows(words_.queries);
  const std::vector<CellRect> keys = whole_rows(words_.keys);
  for (const Stage stage : {Stage::x, Stage::source_x, Stage::x_position, Stage::source_position, Stage::q,
                            Stage::k, Stage::v, Stage::q_rotated, Stage::k_rotated}) {
    if (!at.rows.has(stage)) continue;
    const std::vector<CellRect>& cells = rows_are_keys(stage) ? keys : queries;
    compute_cells<float>(stage, input, cells, at.rows);
    for (std::size_t h = 0; h < at.rows.shape(stage).heads; ++h) {
      for (const CellRect& cell : cells)
        if (!is_safe(std::as_const(at.rows).head(stage, h).row(cell.row))) return false;
    }
  }
  return true;
}

Matrix Drag::masked_columns(const Input& input, std::size_t head, const Dragged& at) const {
  const std::size_t count = reached_.last - reached_.first;
  const bool own_mask = !sees_.empty();
  const Stage until = own_mask ? inputs_of(Stage::masked, input)[0] : Stage::masked;
  const bool by_place = present(Stage::biased, input) || (!own_mask && may_hide(input, Stage::masked));
  Matrix scores(words_.keys.size(), count);
  for (std::size_t w = 0; w < words_.keys.size(); ++w) {
    const std::span<float> column = scores.row(w);
    std::ranges::copy(at.heads[head].key_scores.row(w).subspan(reached_.first, count), column.begin());
    const CellRef first{until, head, reached_.first, words_.keys[w]};
    if (by_place) {
      finish_scores(input, d_, until, first, {column.data(), count, 1, 1});
    } else {
      finish_scores(input, d_, until, first, {column.data(), 1, count, count});
    }
    if (!own_mask) continue;
    const std::uint8_t* const sees = sees_[w].data() + reached_.first;
    for (std::size_t i = 0; i < count; ++i) column[i] = sees[i] != 0 ? column[i] : kHiddenKey;
  }
  return scores;
}

bool Drag::move_keys(const Input& input, std::size_t head, Dragged& at) const {
  const std::size_t begin = reached_.first;
  const std::size_t count = reached_.last - begin;
  if (count == 0) return true;
  const Arrays<float>& arrays = at.rows;
  Dragged::Head& result = at.heads[head];
  const MatrixView<const float> q = arrays.head(from_[0], head).block(begin, 0, count, d_.d_k);
  const MatrixView<const float> k = arrays.head(from_[1], d_.kv_head(head));
  const MatrixView<const float> v = arrays.head(Stage::v, d_.kv_head(head));
  for (std::size_t w = 0; w < words_.keys.size(); ++w) {
    const std::span<float> raw = result.key_scores.row(w).subspan(begin, count);
    score_column(input, q, k.block(words_.keys[w], 0, 1, d_.d_k), raw);
    if (!is_safe(raw, score_factor(input.config, d_))) return false;
  }
  const Matrix scores = masked_columns(input, head, at);
  const HeadRest& rest = rests_[head];
  const MatrixView<float> out = at.rows.head(Stage::head_outputs, head);
  kernel::Blend part;
  part.rest = rest.outputs().row(begin).data();
  part.rest_stride = rest.outputs().stride;
  part.out = out.row(begin).data();
  part.out_stride = out.stride;
  part.rows = count;
  part.columns = d_.d_v;
  // The words join one after the other: what each finds there are the rest and the words before it.
  std::vector<float> reference;
  std::vector<float> sums;
  std::vector<float> kept;
  std::vector<float> dropped;
  for (std::size_t w = 0; w < words_.keys.size(); ++w) {
    const std::span<float> share = result.key_shares.row(w).subspan(begin, count);
    kernel::Rejoin join{scores.row(w).data(),
                        rest.reference().data() + begin,
                        rest.sums().data() + begin,
                        count,
                        result.rest_shares.data() + begin,
                        share.data()};
    if (w > 0) {
      kept.resize(count);
      join.reference = reference.data();
      join.sums = sums.data();
      join.rest_share = kept.data();
    }
    rejoin(join);
    part.rest_share = join.rest_share;
    part.word = v.row(words_.keys[w]).data();
    part.word_share = share.data();
    if (present(Stage::dropped, input)) {
      dropped.resize(count);
      for (std::size_t i = 0; i < count; ++i)
        dropped[i] = share[i] * dropout_factor(head, begin + i, words_.keys[w]);
      part.word_share = dropped.data();
    }
    blend(part);
    if (words_.keys.size() == 1) return true;
    part.rest = part.out;
    part.rest_stride = part.out_stride;
    if (w == 0) {
      reference.assign(join.reference, join.reference + count);
      sums.assign(join.sums, join.sums + count);
    } else {
      for (std::size_t i = 0; i < count; ++i) result.rest_shares[begin + i] *= kept[i];
      for (std::size_t before = 0; before < w; ++before)
        for (std::size_t i = 0; i < count; ++i) result.key_shares(before, begin + i) *= kept[i];
    }
    for (std::size_t i = 0; i < count; ++i) {
      const float larger = std::max(reference[i], scores(w, i));
      if (larger == kHiddenKey) continue;
      sums[i] = sums[i] * std::exp(reference[i] - larger) + std::exp(scores(w, i) - larger);
      reference[i] = larger;
    }
  }
  return true;
}

bool Drag::move_queries(const Input& input, std::size_t head, Dragged& at) const {
  const Arrays<float>& arrays = at.rows;
  Dragged::Head& result = at.heads[head];
  const MatrixView<const float> q = arrays.head(from_[0], head);
  const MatrixView<const float> k = arrays.head(from_[1], d_.kv_head(head));
  const MatrixView<const float> v = arrays.head(Stage::v, d_.kv_head(head));
  const MatrixView<float> out = at.rows.head(Stage::head_outputs, head);
  std::vector<float> dropped;
  for (std::size_t w = 0; w < words_.queries.size(); ++w) {
    const std::size_t query = words_.queries[w];
    const std::span<float> raw = result.query_scores.row(w);
    score_row(input, q.block(query, 0, 1, d_.d_k), k, raw);
    if (!is_safe(raw, score_factor(input.config, d_))) return false;
    const std::span<float> weights = result.query_weights.row(w);
    std::ranges::copy(raw, weights.begin());
    finish_scores(input, d_, Stage::masked, {Stage::masked, head, query, 0},
                  {weights.data(), 1, d_.n_keys, d_.n_keys});
    softmax_in_place(weights);
    MatrixView<const float> used{weights.data(), 1, d_.n_keys, d_.n_keys};
    if (present(Stage::dropped, input)) {
      dropped.resize(d_.n_keys);
      apply_dropout<float>(used, *input.config.dropout, head, {dropped.data(), 1, d_.n_keys, d_.n_keys},
                           {query, 0});
      used.data = dropped.data();
    }
    multiply<float>(used, v, out.block(query, 0, 1, d_.d_v));
  }
  return true;
}

bool Drag::output_stays_finite(const Dragged& at) const {
  double largest = largest_rest_;
  for (const std::size_t key : words_.keys) {
    for (std::size_t h = 0; h < d_.n_kv_heads; ++h)
      largest = std::max(largest, static_cast<double>(largest_magnitude(at.rows.head(Stage::v, h).row(key))));
  }
  for (const std::size_t query : words_.queries) {
    for (std::size_t h = 0; h < d_.n_heads; ++h) {
      largest = std::max(
          largest, static_cast<double>(largest_magnitude(at.rows.head(Stage::head_outputs, h).row(query))));
    }
  }
  if (const auto& dropout = pressed_->input().config.dropout) largest /= 1.0 - dropout->p;
  return largest <= kSafe && largest * output_growth_ + output_offset_ <= kSafe;
}

bool Drag::move(const Input& input, Dragged& at) const {
  prepare(at);
  if (!project_words(input, at)) return false;
  const bool shared = d_.n_heads * d_.n_queries * (d_.d_k + d_.d_v) * 4 >= kernel::kWorthSharing;
  std::vector<std::uint8_t> finite(d_.n_heads, 0);
  kernel::parallel_for(d_.n_heads, shared, [&](std::size_t h) {
    finite[h] = move_keys(input, h, at) && move_queries(input, h, at) ? 1 : 0;
  });
  if (std::ranges::find(finite, 0) != finite.end() || !output_stays_finite(at)) return false;
  for (std::size_t row = reached_.first; row < reached_.last; ++row) at.output_made[row / kOutputRows] = 0;
  for (const std::size_t query : words_.queries) at.output_made[query / kOutputRows] = 0;
  return true;
}

void Drag::make_output(const Input& input, std::size_t first, std::size_t count, Dragged& at) const {
  std::vector<CellRect> missing;
  for (std::size_t part = first / kOutputRows; part * kOutputRows < first + count; ++part) {
    if (at.output_made[part] != 0) continue;
    at.output_made[part] = 1;
    const std::size_t row = part * kOutputRows;
    const std::size_t rows = std::min(kOutputRows, d_.n_queries - row);
    if (!missing.empty() && missing.back().row + missing.back().rows == row) {
      missing.back().rows += rows;
    } else {
      missing.push_back({row, 0, rows, 0});
    }
  }
  if (missing.empty()) return;
  compute_cells<float>(Stage::concat, input, missing, at.rows);
  compute_cells<float>(Stage::output, input, missing, at.rows);
}

}  // namespace attn
