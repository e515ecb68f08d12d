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

  /// A whole head of a stage.
  Read read_head(Stage stage, std::size_t head) const;
  Read read_cell(const CellRef& cell) const;

  /// Largest magnitude among all finite numbers of a stage that the mask leaves; 0 where there is none. Read
  /// once, then kept.
  double largest(Stage stage) const { return ranges_.largest(*this, stage); }
  /// The same where this trace can tell without making the stage; any thread may ask.
  virtual std::optional<double> known_largest(Stage) const { return std::nullopt; }

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
  const Arrays<float>& arrays() const { return *arrays_; }

 private:
  Input input_;
  std::shared_ptr<const Arrays<float>> arrays_;
  std::uint64_t revision_;
  mutable std::once_flag range_read_;
  mutable DerivedRange range_;
};

}  // namespace attn
