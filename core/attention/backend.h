#pragma once
// A backend turns an Input into a Trace. The CPU is the definition; others must agree with it.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/attention/error.h"
#include "core/attention/trace.h"

namespace attn {

/// How long stages that were computed in one go took.
struct StageTime {
  std::vector<Stage> stages;  ///< in their order
  double seconds = 0.0;       ///< by the clock
  double operations = 0.0;    ///< multiplications and additions of their products; 0: none were counted
};

/// Shared between the one who waits and the one who computes.
struct Progress {
  std::atomic<float> fraction{0.0f};  ///< 0 to 1
  std::atomic<bool> cancel{false};    ///< set from outside; the run then throws Cancelled soon
  bool measures = false;              ///< whether `times` is written
  std::vector<StageTime> times;       ///< to be read when the run is over
};

struct RunOptions {
  /// Bytes a trace may take, with all that it makes later to answer reads.
  std::uint64_t memory_limit = std::uint64_t{4} << 30;
  std::uint64_t revision = 0;  ///< given to the trace
  Progress* progress = nullptr;
  /// Whether what an earlier run computed may be used again: faster, and as near to the exact value, but not
  /// to the bit what a full run gives.
  bool may_update = false;
  /// Called by a thread of the trace when a read that was pending can be answered, or is further on its way
  /// (Trace::making): wakes a waiting window. May be empty.
  std::function<void()> wake = {};
  /// Whether RunResult::times is wanted.
  bool measures = false;
};

struct RunResult {
  std::shared_ptr<const Trace> trace;
  std::vector<Stage> on_cpu;          ///< stages that this backend lacks and the CPU computed for it
  bool updated = false;               ///< part of it was computed by an earlier run
  std::vector<StageTime> times = {};  ///< where they were wanted and this backend can tell
};

class Backend {
 public:
  virtual ~Backend() = default;
  /// "CPU", "GPU": what the status shows.
  virtual std::string name() const = 0;
  /// Which processor or driver this is, in one line.
  virtual std::string description() const = 0;
  /// Computes every stage. The input must have passed validate().
  /// Throws RunError (the input's fault), Cancelled, BackendLost (the device's fault).
  virtual RunResult run(const Input& input, const RunOptions& options) = 0;
  /// Makes what the next run may need, while nobody waits for one: some milliseconds, from where run() is
  /// called.
  virtual void make_ready() {}
};

std::unique_ptr<Backend> make_cpu_backend();

/// Throws RunError with the figures when storing this trace would take more than the limit.
void check_memory(const Input& input, const Dimensions& d, std::uint64_t memory_limit);

}  // namespace attn
