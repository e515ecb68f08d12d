#pragma once
// Keeps a pull going between frames: at once for small inputs, on a thread of its own for large ones.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/session/pull.h"

namespace attn::session {

/// What a pull has come to.
struct PullProgress {
  Input input;
  PullReport report;
};

/// All functions belong to one thread, the window's.
class PullRunner {
 public:
  struct Options {
    std::chrono::microseconds budget{4000};  ///< time a call may take on the calling thread
    double direct_operations = 1.0e6;        ///< inputs above this (estimated_operations) go to the worker
    std::uint64_t memory_limit = std::uint64_t{4} << 30;  ///< bytes that solving may take
    std::function<void()> wake;                           ///< called by the worker when there is progress
  };
  /// Throws as PullSolver does, RunError with the figures when the limit is too low.
  PullRunner(Input pressed, PullTarget target, PullFreedom freedom, Options options);
  ~PullRunner();  ///< stops the worker, and waits for the step that it is in
  PullRunner(const PullRunner&) = delete;
  PullRunner& operator=(const PullRunner&) = delete;

  const PullTarget& target() const { return target_; }

  /// Throws as PullSolver::set_goal does.
  void set_goal(std::vector<double> goal);
  /// Goes on for at most the budget. Newest progress when there is any since the last call; the first one
  /// says how it stood at the press.
  /// Throws RunError when the worker could not go on.
  std::optional<PullProgress> advance();
  bool moving() const;

  /// Asks the worker to end, without waiting for it. There is no progress any more.
  void stop();
  /// Whether destroying this would not wait.
  bool stopped() const;

 private:
  class Worker;
  Options options_;
  PullTarget target_;
  std::optional<PullSolver> solver_;  ///< on the calling thread
  bool fresh_ = true;                 ///< the solver has progress that was not handed out
  std::unique_ptr<Worker> worker_;
};

}  // namespace attn::session
