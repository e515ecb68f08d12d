#include "core/update/streamed_trace.h"

#include <algorithm>
#include <utility>

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

}  // namespace

std::shared_ptr<const StreamedTrace> StreamedTrace::run(const Input& input, const RunOptions& options) {
  const Dimensions d = validate(input);
  const auto arrays = std::make_shared<Arrays<float>>();
  arrays->reshape_without_scores(input, d);
  compute_stored(input, false, *arrays, options.progress);
  const auto cells = std::make_shared<ScoreCells>(input, arrays);
  RowPassResult pass = run_row_pass(*cells, *arrays, options.progress);
  cells->take(std::move(pass.statistics));
  check_finite<float>(Stage::head_outputs, input, *arrays);
  compute_stored(input, true, *arrays, options.progress);
  if (options.progress != nullptr) options.progress->fraction = 1.0f;
  return std::shared_ptr<const StreamedTrace>(new StreamedTrace(cells, arrays, pass.ranges, options));
}

StreamedTrace::StreamedTrace(std::shared_ptr<const ScoreCells> cells,
                             std::shared_ptr<const Arrays<float>> arrays, const StreamedRanges& ranges,
                             const RunOptions& options)
    : cells_(std::move(cells)),
      arrays_(std::move(arrays)),
      ranges_(ranges),
      revision_(options.revision),
      fixed_bytes_(streamed_bytes(cells_->input(), cells_->dimensions())),
      store_(cells_,
             std::max(kStreamingRoom, options.memory_limit - std::min(options.memory_limit, fixed_bytes_)),
             options.wake) {}

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

}  // namespace attn
