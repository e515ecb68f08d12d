#pragma once
// Pull on the answer: a result is dragged, and the inputs that are free move to make it true, by the
// exact gradient.

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "app/session/pull_limit.h"
#include "app/session/view.h"
#include "core/attention/input.h"
#include "core/attention/plane.h"
#include "core/attention/stage.h"

namespace attn::session {

/// What is pulled: one cell of scores, scaled, biased, masked, weights, head_outputs or output; some
/// components of one row of head_outputs or output; or where such a row lies in a plane.
struct PullTarget {
  Stage stage = Stage::weights;
  std::size_t head = 0;
  std::size_t row = 0;
  std::vector<std::size_t> columns;  ///< one for a score or weight; none where there is a plane
  Plane plane{};                     ///< of a row of head_outputs or output: its directions are pulled along

  static PullTarget weight(std::size_t head, std::size_t row, std::size_t column) {
    return cell({Stage::weights, head, row, column});
  }
  static PullTarget cell(const CellRef& cell) { return {cell.stage, cell.head, cell.row, {cell.column}}; }
  static PullTarget output_row(std::size_t row, std::vector<std::size_t> columns = {0, 1}) {
    return {Stage::output, 0, row, std::move(columns)};
  }
  static PullTarget in_plane(Stage stage, std::size_t head, std::size_t row, Plane plane) {
    return {stage, head, row, {}, std::move(plane)};
  }
  /// How many numbers are pulled.
  std::size_t size() const { return columns.empty() ? plane.directions.size() : columns.size(); }
  bool operator==(const PullTarget&) const = default;
};

/// How hard the answer is to move, from how much room the softmax has left.
enum class Stiffness { loose, stiff, saturated };

enum class PullEnd {
  moving,        ///< more steps to take
  arrived,       ///< the goal is reached to four decimals
  nothing_free,  ///< the gradient is 0: nothing that is free has any effect on it
  held_back,     ///< nothing free can bring it nearer
  step_limit,    ///< stopped after PullSolver::kMaxSteps
};

/// Why a pull cannot arrive, where that is known for certain.
enum class PullObstacle {
  none,
  hidden,    ///< the mask hides the pulled weight or masked score
  no_rival,  ///< the weight has nothing to share with: it is 1 whatever is done
  after,     ///< what is free takes part only after the target: W_V behind a weight or score
  flat,      ///< the slope is 0 here: nothing that is free moves it to first order
  hull,   ///< the goal lies outside the hull of the values, which only the parameters of scores cannot leave
  range,  ///< the goal lies outside PullReport::range
};

std::string_view name(PullObstacle obstacle);
std::string_view name(Stiffness stiffness);
std::string_view name(PullEnd end);

/// Where a pull stands. All numbers belong to the input that the solver holds now.
struct PullReport {
  PullTarget target;
  PullFreedom freedom = PullFreedom::this_word;
  std::vector<double> start;  ///< at the press, one for each number that is pulled
  std::vector<double> goal;
  std::vector<double> reached;
  double distance = 0.0;  ///< Euclidean, from reached to goal
  double moved = 0.0;     ///< Euclidean, of the free inputs from where they were at the press
  /// How far the target moves for a unit step of the free inputs in the best direction (largest singular
  /// value of the Jacobian). 0: it cannot be moved.
  double give = 0.0;
  /// Room of the softmax: α(1−α) of the pulled weight, at most 1/4; for an output the sum of α(1−α) over
  /// the row, mean of the heads, at most 1 − 1/n_keys; 1 for a score, which is before the softmax.
  double room = 0.0;
  Stiffness stiffness = Stiffness::loose;
  PullEnd end = PullEnd::moving;
  int steps = 0;
  PullObstacle obstacle = PullObstacle::none;
  /// What the target can be at all where the score is bounded (cosine, additive).
  std::optional<std::array<double, 2>> range;
  std::optional<PullLimit> limit;  ///< set when only W_Q and W_K are free and the goal is beyond a bound
};

/// Throws std::invalid_argument unless there is one finite number for each number that is pulled.
void check_goal(const PullTarget& target, const std::vector<double>& goal);

/// Moves the free inputs from a pressed input towards a goal. Each goal is solved anew from the pressed
/// input, so the same goal always gives the same answer and dragging back restores. Deterministic.
///
/// Damped Gauss–Newton steps of least length inside a trust region, each of which must lessen the
/// distance; weights are led by their logit, whose slope does not vanish where the softmax is saturated.
/// Every state on the way is a valid float32 input; values and gradients are computed in float64.
class PullSolver {
 public:
  static constexpr int kMaxSteps = 200;

  /// `pressed` must pass validate().
  /// Throws std::invalid_argument when the target is not a cell of this input.
  PullSolver(Input pressed, PullTarget target, PullFreedom freedom);
  ~PullSolver();
  PullSolver(PullSolver&&) noexcept;
  PullSolver& operator=(PullSolver&&) noexcept;

  /// Starts over from the pressed input. One number for each that is pulled; the goal of a weight under a
  /// softmax is moved into [0, 1]. Throws as check_goal does.
  void set_goal(std::vector<double> goal);

  /// Takes up to `max_steps` steps, none after `deadline`. True while there are more to take.
  bool advance(int max_steps = kMaxSteps,
               std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max());

  /// The best input so far: the pressed one (by pointer) when nothing had to move.
  const Input& input() const;
  const PullReport& report() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attn::session
