#pragma once
// What panels read while words are dragged: the trace of the press, and what has changed since. Its maps are
// made when they are read, from those of the press, in as long as it takes to copy them.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "core/attention/trace.h"
#include "core/kernel/block.h"
#include "core/update/drag.h"

namespace attn {

/// What the traces of one gesture share: room for maps, and what was read of the newest of them. What
/// somebody has looked at is made for the next before it is shown. Any thread may call.
class DragReads {
 public:
  using Map = std::pair<Stage, std::size_t>;  ///< with its head
  struct Wanted {
    std::vector<Map> maps;
    std::vector<std::size_t> output_rows;  ///< each with its neighbours, Drag::kOutputRows
  };

  /// Room for this many numbers, which is used again when nobody holds it any more.
  std::shared_ptr<kernel::Block<float>> room(std::size_t numbers);
  /// A new trace of this gesture, the newest from now on, and what is to be made for it.
  std::pair<std::uint64_t, Wanted> begin();
  void read_map(std::uint64_t trace, const Map& map);
  void read_output(std::uint64_t trace, std::size_t row);

 private:
  /// Somebody who goes through all heads does not get them all made in advance.
  static constexpr std::size_t kMostMaps = 3;

  std::mutex mutex_;
  std::vector<std::shared_ptr<kernel::Block<float>>> rooms_;
  std::uint64_t newest_ = 0;
  Wanted read_;   ///< of the newest trace
  Wanted known_;  ///< of the last one of which something was read
};

class DragTrace final : public Trace {
 public:
  /// `at` is what drag.move(input) has left, and stays as it is while this lives.
  DragTrace(Input input, std::shared_ptr<const Drag> drag, std::shared_ptr<Dragged> at,
            std::shared_ptr<DragReads> reads, std::uint64_t revision);

  const Input& input() const override { return input_; }
  const Dimensions& dimensions() const override { return drag_->pressed().dimensions(); }
  std::uint64_t revision() const override { return revision_; }
  Read read(Stage stage, std::size_t head, const CellRect& rect) const override;
  bool row_ready(Stage, std::size_t, std::size_t) const override { return true; }

  /// Makes what was read of the trace before this one.
  void make_ready() const;

 private:
  struct Map {
    Stage stage;
    std::size_t head;
    std::shared_ptr<kernel::Block<float>> numbers;
  };
  void fill(Stage stage, std::size_t head, const CellRect& rect, MatrixView<float> out) const;
  void fill_scores(Stage stage, std::size_t head, const CellRect& rect, MatrixView<float> out) const;
  void fill_weights(std::size_t head, const CellRect& rect, MatrixView<float> out) const;
  /// The whole map, made if it is not there and `now`.
  const Map* map_of(Stage stage, std::size_t head, bool now) const;
  void make_output(std::size_t first, std::size_t count) const;

  Input input_;
  std::shared_ptr<const Drag> drag_;
  std::shared_ptr<Dragged> at_;
  std::shared_ptr<DragReads> reads_;
  std::uint64_t revision_;
  std::uint64_t number_ = 0;  ///< among the traces of the gesture
  DragReads::Wanted wanted_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Map>> maps_;
};

}  // namespace attn
