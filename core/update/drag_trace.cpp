#include "core/update/drag_trace.h"

#include <algorithm>
#include <utility>

#include "core/attention/ops.h"
#include "core/update/drag_scores.h"

namespace attn {
namespace {

/// Where `word` lies among `count` lines from `first` on.
bool lies_in(std::size_t word, std::size_t first, std::size_t count) {
  return word >= first && word - first < count;
}

void copy_cells(MatrixView<const float> from, MatrixView<float> to) {
  for (std::size_t i = 0; i < from.rows; ++i) std::ranges::copy(from.row(i), to.row(i).begin());
}

void copy_scaled(std::span<const float> from, float factor, std::span<float> to) {
  for (std::size_t j = 0; j < to.size(); ++j) to[j] = from[j] * factor;
}

}  // namespace

DragTrace::DragTrace(Input input, std::shared_ptr<const Drag> drag, std::shared_ptr<Dragged> at,
                     std::shared_ptr<DragReads> reads, std::uint64_t revision)
    : input_(std::move(input)),
      drag_(std::move(drag)),
      at_(std::move(at)),
      reads_(std::move(reads)),
      revision_(revision) {
  std::tie(number_, wanted_) = reads_->begin();
}

void DragTrace::make_ready() const {
  for (const auto& [stage, head] : wanted_.maps) {
    const std::lock_guard lock(mutex_);
    map_of(stage, head, true);
  }
  for (const std::size_t row : wanted_.output_rows) make_output(row, 1);
}

void DragTrace::make_output(std::size_t first, std::size_t count) const {
  const std::lock_guard lock(mutex_);
  drag_->make_output(input_, first, count, *at_);
}

Read DragTrace::read(Stage stage, std::size_t head, const CellRect& rect) const {
  Read answer;
  answer.error = place_error(stage, head, rect);
  if (!answer.error.empty()) return answer;
  answer.state = ReadState::ready;
  answer.keeps_alive = at_;
  if (!is_score_like(stage)) {
    if (stage == Stage::concat || stage == Stage::output) {
      for (std::size_t i = 0; i < rect.rows; i += Drag::kOutputRows)
        reads_->read_output(number_, rect.row + i);
      if (rect.rows > 0) reads_->read_output(number_, rect.row + rect.rows - 1);
      make_output(rect.row, rect.rows);
    }
    answer.values =
        std::as_const(at_->rows).head(stage, head).block(rect.row, rect.column, rect.rows, rect.columns);
    return answer;
  }
  const StageShape shape = this->shape(stage);
  const bool large = 2 * rect.rows * rect.columns >= shape.rows * shape.columns;
  if (large) reads_->read_map(number_, {stage, head});
  {
    const std::lock_guard lock(mutex_);
    if (const Map* map = map_of(stage, head, large)) {
      answer.keeps_alive = map->numbers;
      answer.values =
          MatrixView<const float>{map->numbers->data(), shape.rows, shape.columns, shape.columns}.block(
              rect.row, rect.column, rect.rows, rect.columns);
      return answer;
    }
  }
  const auto part = std::make_shared<Matrix>(rect.rows, rect.columns);
  fill(stage, head, rect, view(*part));
  answer.values = view(std::as_const(*part));
  answer.keeps_alive = part;
  return answer;
}

const DragTrace::Map* DragTrace::map_of(Stage stage, std::size_t head, bool now) const {
  const auto made =
      std::ranges::find_if(maps_, [&](const auto& map) { return map->stage == stage && map->head == head; });
  if (made != maps_.end()) return made->get();
  if (!now) return nullptr;
  const StageShape shape = this->shape(stage);
  auto numbers = reads_->room(shape.rows * shape.columns);
  fill(stage, head, {0, 0, shape.rows, shape.columns},
       {numbers->data(), shape.rows, shape.columns, shape.columns});
  maps_.push_back(std::make_unique<Map>(Map{stage, head, std::move(numbers)}));
  return maps_.back().get();
}

void DragTrace::fill(Stage stage, std::size_t head, const CellRect& rect, MatrixView<float> out) const {
  if (stage != Stage::weights && stage != Stage::dropped) return fill_scores(stage, head, rect, out);
  fill_weights(head, rect, out);
  if (stage == Stage::dropped)
    apply_dropout<float>(out, *input_.config.dropout, head, out, {rect.row, rect.column});
}

void DragTrace::fill_scores(Stage stage, std::size_t head, const CellRect& rect,
                            MatrixView<float> out) const {
  const Dimensions& d = dimensions();
  const StageInputs from = inputs_of(Stage::scores, input_);
  const Arrays<float>& arrays = at_->rows;
  const MatrixView<const float> q = arrays.head(from[0], head).block(rect.row, 0, rect.rows, d.d_k);
  const MatrixView<const float> k = arrays.head(from[1], d.kv_head(head));
  copy_cells(drag_->pressed().read(stage, head, rect).values, out);
  std::vector<float> column(rect.rows);
  for (const std::size_t key : drag_->words().keys) {
    if (!lies_in(key, rect.column, rect.columns)) continue;
    score_column(input_, q, k.block(key, 0, 1, d.d_k), column);
    finish_scores(input_, d, stage, {stage, head, rect.row, key}, {column.data(), rect.rows, 1, 1});
    for (std::size_t i = 0; i < rect.rows; ++i) out(i, key - rect.column) = column[i];
  }
  for (std::size_t w = 0; w < drag_->words().queries.size(); ++w) {
    const std::size_t query = drag_->words().queries[w];
    if (!lies_in(query, rect.row, rect.rows)) continue;
    const MatrixView<float> row = out.block(query - rect.row, 0, 1, rect.columns);
    std::ranges::copy(at_->heads[head].query_scores.row(w).subspan(rect.column, rect.columns), row.data);
    finish_scores(input_, d, stage, {stage, head, query, rect.column}, row);
  }
}

void DragTrace::fill_weights(std::size_t head, const CellRect& rect, MatrixView<float> out) const {
  const Dragged::Head& moved = at_->heads[head];
  const HeadRest& rest = drag_->rest(head);
  for (std::size_t r = 0; r < rect.rows; ++r) {
    const std::size_t query = rect.row + r;
    const HeadRest::Weights weights = rest.weights(drag_->pressed().arrays(), query);
    copy_scaled(weights.row.subspan(rect.column, rect.columns), weights.factor * moved.rest_shares[query],
                out.row(r));
    for (std::size_t w = 0; w < drag_->words().keys.size(); ++w) {
      const std::size_t key = drag_->words().keys[w];
      if (lies_in(key, rect.column, rect.columns)) out(r, key - rect.column) = moved.key_shares(w, query);
    }
  }
  for (std::size_t w = 0; w < drag_->words().queries.size(); ++w) {
    const std::size_t query = drag_->words().queries[w];
    if (!lies_in(query, rect.row, rect.rows)) continue;
    std::ranges::copy(moved.query_weights.row(w).subspan(rect.column, rect.columns),
                      out.row(query - rect.row).begin());
  }
}

}  // namespace attn
