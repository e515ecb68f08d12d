#include "core/update/streamed_trace.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/attention/attention.h"
#include "core/update/row_pass.h"
#include "core/update/score_cells.h"
#include "core/update/streaming.h"

namespace attn {
namespace {

/// Computes the stored stages before the scores, or those after the head outputs.
void compute_stored(const Input& input, bool after, Arrays<float>& arrays, Progress* progress) {
  for (const Stage stage : kStages) {
    if (!arrays.has(stage) || stage == Stage::head_outputs || (stage > Stage::head_outputs) != after)
      continue;
    compute_stage<float>(stage, input, arrays, progress);
    check_finite<float>(stage, input, arrays);
  }
}

std::uint64_t room_beside(std::uint64_t memory_limit, std::uint64_t fixed) {
  return std::max(kStreamingRoom, memory_limit - std::min(memory_limit, fixed));
}

/// Of the first heads, the maps that a window shows first: as many as half of the room takes.
std::vector<PyramidMaker> pyramids_on_the_way(const ScoreCells& cells, std::uint64_t memory_limit) {
  const Dimensions& d = cells.dimensions();
  std::vector<PyramidMaker> pyramids;
  if (!can_add_weights(cells)) return pyramids;
  const std::uint64_t room = room_beside(memory_limit, streamed_peak_bytes(cells.input(), d)) / 2;
  const std::uint64_t each = PyramidMaker::bytes(d.n_queries, d.n_keys);
  const std::size_t count = std::min<std::uint64_t>(d.n_heads, room / each);
  pyramids.reserve(count);
  for (std::size_t h = 0; h < count; ++h) pyramids.emplace_back(cells, Stage::weights, h);
  return pyramids;
}

}  // namespace

std::shared_ptr<const StreamedTrace> StreamedTrace::run(const Input& input, const RunOptions& options) {
  const Dimensions d = validate(input);
  const auto arrays = std::make_shared<Arrays<float>>();
  arrays->reshape_without_scores(input, d);
  compute_stored(input, false, *arrays, options.progress);
  const auto cells = std::make_shared<ScoreCells>(input, arrays);
  std::vector<PyramidMaker> weights = pyramids_on_the_way(*cells, options.memory_limit);
  RowPassResult pass = run_row_pass(*cells, *arrays, options.progress, weights);
  cells->take(std::move(pass.statistics));
  check_finite<float>(Stage::head_outputs, input, *arrays);
  compute_stored(input, true, *arrays, options.progress);
  if (options.progress != nullptr) options.progress->fraction = 1.0f;
  const std::shared_ptr<StreamedTrace> trace(new StreamedTrace(cells, arrays, pass.ranges, options));
  for (std::size_t h = 0; h < weights.size(); ++h) trace->store_.keep(Stage::weights, h, weights[h].finish());
  return trace;
}

StreamedTrace::StreamedTrace(std::shared_ptr<const ScoreCells> cells,
                             std::shared_ptr<const Arrays<float>> arrays, const StreamedRanges& ranges,
                             const RunOptions& options)
    : cells_(std::move(cells)),
      arrays_(std::move(arrays)),
      ranges_(ranges),
      revision_(options.revision),
      fixed_bytes_(streamed_bytes(cells_->input(), cells_->dimensions())),
      store_(cells_, room_beside(options.memory_limit, fixed_bytes_), options.wake) {}

Read StreamedTrace::read(Stage stage, std::size_t head, const CellRect& rect) const {
  Read answer;
  answer.error = place_error(stage, head, rect);
  if (!answer.error.empty()) return answer;
  if (streams(stage)) return store_.read(stage, head, rect);
  answer.state = ReadState::ready;
  answer.values = arrays_->head(stage, head).block(rect.row, rect.column, rect.rows, rect.columns);
  answer.keeps_alive = arrays_;
  return answer;
}

Read StreamedTrace::read_blocks(Stage stage, std::size_t head, unsigned level, BlockValue value,
                                const CellRect& blocks) const {
  if (!streams(stage)) return Trace::read_blocks(stage, head, level, value, blocks);
  Read answer;
  answer.error = block_error(stage, head, level, blocks);
  return answer.error.empty() ? store_.read_blocks(stage, head, level, value, blocks) : answer;
}

std::optional<double> StreamedTrace::known_largest(Stage stage) const {
  if (!streams(stage)) return std::nullopt;
  return ranges_[index(stage)];
}

const Arrays<float>& stored_arrays(const Trace& trace) {
  if (const Arrays<float>* const whole = trace.whole()) return *whole;
  return dynamic_cast<const StreamedTrace&>(trace).arrays();
}

}  // namespace attn
