#pragma once
// What panels, files and tests read: every stage by address. Reading is asynchronous in its form, so
// that a trace may live in memory, be patched after a drag, stay on the GPU or be made on demand.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/attention/arrays.h"
#include "core/attention/derived_range.h"
#include "core/attention/input.h"
#include "core/attention/stage.h"
#include "core/attention/stage_range.h"

namespace attn {

struct CellRect {
  std::size_t row = 0;
  std::size_t column = 0;
  std::size_t rows = 1;
  std::size_t columns = 1;
};

enum class ReadState { ready, pending, failed };

/// What one number says of a square of cells.
enum class BlockValue {
  mean,
  extreme,  ///< the cell farthest from 0; of two equally far the positive one
};

/// A read of a stage that is made when it is read (Trace::streams) may ask for this many cells,
inline constexpr std::size_t kMostStreamedCells = std::size_t{1} << 20;
/// and one of this many, or of four whole rows, is never pending.
inline constexpr std::size_t kCellsAtOnce = std::size_t{1} << 16;

/// The answer to a read. `values` stays valid as long as this object (or a copy) lives.
struct Read {
  ReadState state = ReadState::failed;
  MatrixView<const float> values;  ///< [rect.rows, rect.columns] when ready
  std::shared_ptr<const void> keeps_alive;
  std::string error;  ///< one line when failed
  bool ready() const { return state == ReadState::ready; }
};

class Trace {
 public:
  virtual ~Trace() = default;

  virtual const Input& input() const = 0;
  virtual const Dimensions& dimensions() const = 0;
  /// Which state of the document this trace belongs to; a higher number is newer.
  virtual std::uint64_t revision() const = 0;

  bool has(Stage stage) const { return present(stage, input()); }
  StageShape shape(Stage stage) const { return shape_of(stage, input(), dimensions()); }

  /// Asks for a rectangle of one head. Outside the stage's shape, or a stage that is not present: failed.
  virtual Read read(Stage stage, std::size_t head, const CellRect& rect) const = 0;
  /// Whether this row already belongs to `revision()`.
  virtual bool row_ready(Stage stage, std::size_t head, std::size_t row) const = 0;

  /// Whether a stage is made when it is read, because the whole of it has no room in memory. A read of more
  /// than kMostStreamedCells of such a stage fails. One of at most four whole rows or kCellsAtOnce is
  /// answered at once; a larger one may be pending: a thread of the trace makes it and then calls
  /// RunOptions::wake.
  virtual bool streams(Stage) const { return false; }
  /// One number for each square of 2^level cells a side (the last ones of a row or column may be smaller),
  /// for maps that are shown smaller than they are. Cells that the mask hides are left out (may_hide()); a
  /// square in which all are hidden is NaN. `blocks` counts squares. A streamed trace answers levels from 4
  /// on from a pyramid of the head, which is made when it is first asked for: pending until then.
  virtual Read read_blocks(Stage stage, std::size_t head, unsigned level, BlockValue value,
                           const CellRect& blocks) const;
  /// How much has been made of what pending reads wait for, 0 to 1; nothing when none waits. Any thread may
  /// ask.
  virtual std::optional<float> making() const { return std::nullopt; }

  /// Every stage in memory, for who needs all of it: a trace that keeps numbers elsewhere brings them and
  /// waits. Null where it cannot. Valid as long as the trace lives.
  virtual const Arrays<float>* whole() const { return nullptr; }

  /// A whole head of a stage.
  Read read_head(Stage stage, std::size_t head) const;
  Read read_cell(const CellRef& cell) const;

  /// Memory that it takes now; 0 where that is not known.
  virtual std::uint64_t bytes() const { return 0; }

  /// Largest magnitude among all finite numbers of a stage that the mask leaves; 0 where there is none. Read
  /// once, then kept. Of a stage that streams the mask leaves out what it will hide later as well.
  double largest(Stage stage) const { return ranges_.largest(*this, stage); }
  /// The same where this trace can tell without making the stage; any thread may ask.
  virtual std::optional<double> known_largest(Stage) const { return std::nullopt; }

 protected:
  /// What is wrong with a read of this place, in one line; empty where it lies inside the stage.
  std::string place_error(Stage stage, std::size_t head, const CellRect& rect) const;
  std::string block_error(Stage stage, std::size_t head, unsigned level, const CellRect& blocks) const;

 private:
  StageRanges ranges_;
};

/// A trace whose every number is in memory.
class StoredTrace final : public Trace, public std::enable_shared_from_this<StoredTrace> {
 public:
  StoredTrace(Input input, std::shared_ptr<const Arrays<float>> arrays, std::uint64_t revision);

  const Input& input() const override { return input_; }
  const Dimensions& dimensions() const override { return arrays_->dimensions(); }
  std::uint64_t revision() const override { return revision_; }
  Read read(Stage stage, std::size_t head, const CellRect& rect) const override;
  bool row_ready(Stage, std::size_t, std::size_t) const override { return true; }
  std::optional<double> known_largest(Stage stage) const override;
  std::uint64_t bytes() const override { return arrays_->bytes(); }
  const Arrays<float>& arrays() const { return *arrays_; }
  const Arrays<float>* whole() const override { return arrays_.get(); }

 private:
  Input input_;
  std::shared_ptr<const Arrays<float>> arrays_;
  std::uint64_t revision_;
  mutable std::once_flag range_read_;
  mutable DerivedRange range_;
};

/// Whole rows of a stage that a read may ask for without ever being pending: all of them, or some where it
/// streams.
std::size_t rows_at_once(const Trace& trace, Stage stage);

}  // namespace attn
