#pragma once
// The order of the step-through: every number of a trace in the order in which it is computed, and a
// playhead that moves along it. Inputs (x, source_x) are always known and take no moment.

#include <cstddef>
#include <optional>
#include <vector>

#include "app/session/lesson_veil.h"
#include "core/attention/stage.h"

namespace attn::session {

/// One step: a cell of a stage, or a whole row of it in long inputs (column 0 then). All heads of the
/// stage advance together; the window shows the current one.
struct Moment {
  Stage stage = Stage::q;
  std::size_t row = 0;
  std::size_t column = 0;
  bool operator==(const Moment&) const = default;
};

/// All moments of one input. A position is the number of moments that are computed: 0 is the start, where
/// only inputs are known, count() the end, where everything is.
class StepOrder {
 public:
  /// Up to this many tokens on both sides a moment is one cell, beyond it one row.
  static constexpr std::size_t kCellTokens = 64;

  StepOrder() = default;
  StepOrder(const Input& input, const Dimensions& d);

  std::size_t count() const { return count_; }
  bool by_rows() const { return by_rows_; }
  /// The computed stages in order.
  const std::vector<Stage>& stages() const { return stages_; }
  bool has(Stage stage) const;

  /// The moment that position `position` has just computed; nothing at 0. Past the end: the last one.
  std::optional<Moment> moment(std::size_t position) const;
  /// The position at which `m` is computed; row and column beyond the stage are moved to its last ones.
  /// Nothing when the input does not have the stage.
  std::optional<std::size_t> position_of(const Moment& m) const;

  /// Position before the first moment of a stage, and after its last one.
  std::size_t begin_of(Stage stage) const;
  std::size_t end_of(Stage stage) const;
  /// The nearest end of a stage after (before) `position`; count() and 0 where there is none.
  std::size_t next_stage(std::size_t position) const;
  std::size_t previous_stage(std::size_t position) const;

  /// Whether this cell is known at `position`; inputs always are.
  bool computed(std::size_t position, const CellRef& cell) const;
  /// Whether every cell of the stage is.
  bool complete(std::size_t position, Stage stage) const;

 private:
  struct Part {
    std::size_t begin = 0;    ///< position before its first moment
    std::size_t rows = 0;     ///< 0 when the stage is not in the order
    std::size_t columns = 0;  ///< moments a row
    std::size_t moments() const { return rows * columns; }
  };
  const Part& part(Stage stage) const { return parts_[index(stage)]; }

  std::vector<Stage> stages_;
  std::vector<Part> parts_ = std::vector<Part>(kStageCount);
  std::size_t count_ = 0;
  bool by_rows_ = false;
};

/// Where the step-through stands, and whether it plays.
class Playhead {
 public:
  static constexpr double kMomentsPerSecond = 2.0;  ///< at speed 1

  /// Opens at the end: everything is computed.
  explicit Playhead(StepOrder order);

  const StepOrder& order() const { return order_; }
  std::size_t position() const { return position_; }
  std::optional<Moment> moment() const { return order_.moment(position_); }
  bool at_start() const { return position_ == 0; }
  bool at_end() const { return position_ == order_.count(); }
  /// 0 at the start, 1 at the end: for a scrubber.
  double fraction() const;
  /// Whether this cell is known: computed at this position, and not hidden by a lesson.
  bool computed(const CellRef& cell) const { return order_.computed(position_, cell) && !veil_.hides(cell); }
  /// Whether every cell of the stage is.
  bool complete(Stage stage) const { return order_.complete(position_, stage) && !veil_.hides_some(stage); }
  const Veil& veil() const { return veil_; }
  void set_veil(Veil veil) { veil_ = std::move(veil); }
  bool playing() const { return playing_; }

  /// Every movement by hand stops playing. Positions past the end mean the end.
  void go(std::size_t position);
  /// Does nothing when the input does not have the stage.
  void go(const Moment& m);
  void step_forward();
  void step_back();
  void next_stage() { go(order_.next_stage(position_)); }
  void previous_stage() { go(order_.previous_stage(position_)); }
  void to_start() { go(std::size_t{0}); }
  void to_end() { go(order_.count()); }

  /// From the end it starts over.
  void play();
  void pause() { playing_ = false; }
  /// Moves on by `seconds` at `speed`; stops at the end. True when the position changed.
  bool advance(double seconds, double speed);

  /// Another document: the same place where its stage still exists, the end from the end, else the last
  /// stage before it that exists.
  void change_order(StepOrder order);

 private:
  StepOrder order_;
  std::size_t position_ = 0;
  bool playing_ = false;
  Veil veil_;
  double carried_ = 0.0;  ///< fraction of a moment that has passed
};

}  // namespace attn::session
