#pragma once
// A trace whose tables of queries × keys have no room in memory: their cells are made when they are read,
// from what is stored of the other stages and two numbers a query (streaming.h says when).

#include <cstdint>
#include <memory>
#include <optional>

#include "core/attention/backend.h"
#include "core/attention/trace.h"
#include "core/update/cell_store.h"
#include "core/update/row_tile.h"

namespace attn {

class StreamedTrace final : public Trace {
 public:
  /// The pass over all scores, which makes what is stored. Whatever is made later to answer reads takes what
  /// is left of options.memory_limit, and at least kStreamingRoom. The settings must be ones that can be
  /// streamed. Throws RunError where a number leaves float32, Cancelled.
  static std::shared_ptr<const StreamedTrace> run(const Input& input, const RunOptions& options);

  const Input& input() const override { return cells_->input(); }
  const Dimensions& dimensions() const override { return cells_->dimensions(); }
  std::uint64_t revision() const override { return revision_; }
  bool streams(Stage stage) const override { return has(stage) && is_score_like(stage); }
  Read read(Stage stage, std::size_t head, const CellRect& rect) const override;
  Read read_blocks(Stage stage, std::size_t head, unsigned level, BlockValue value,
                   const CellRect& blocks) const override;
  std::optional<float> making() const override { return store_.making(); }
  bool row_ready(Stage, std::size_t, std::size_t) const override { return true; }
  std::optional<double> known_largest(Stage stage) const override;

  /// All stages that are stored; the tables are absent.
  const Arrays<float>& arrays() const { return *arrays_; }
  /// Bytes of all that it keeps at this moment.
  std::uint64_t bytes() const override { return fixed_bytes_ + store_.bytes(); }

 private:
  StreamedTrace(std::shared_ptr<const ScoreCells> cells, std::shared_ptr<const Arrays<float>> arrays,
                const StreamedRanges& ranges, const RunOptions& options);

  const std::shared_ptr<const ScoreCells> cells_;
  const std::shared_ptr<const Arrays<float>> arrays_;  ///< without the tables
  const StreamedRanges ranges_;
  const std::uint64_t revision_;
  const std::uint64_t fixed_bytes_;
  mutable CellStore store_;
};

/// What is in memory of a trace of the CPU or the GPU: every stage, or all but those that stream.
const Arrays<float>& stored_arrays(const Trace& trace);

}  // namespace attn
