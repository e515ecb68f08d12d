#pragma once
// Owns computing: document in, trace out. Small inputs are computed at once on the calling thread, so a
// drag is seen in the next frame; the others by one worker, whose running job finishes while one slot
// keeps the newest request.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/session/document.h"
#include "core/attention/backend.h"

namespace attn::session {

struct RunnerOptions {
  std::uint64_t memory_limit = std::uint64_t{4} << 30;  ///< bytes a trace may take
  /// Computes small inputs on the calling thread; absent: every request goes to the worker.
  std::shared_ptr<Backend> direct;
  double direct_operations = 1.0e6;  ///< estimated multiplications up to which `direct` is used
  /// Called from the worker's thread when there is something to collect: wakes a waiting window.
  std::function<void()> wake;
};

/// A backend that was given up, and why.
struct LostBackend {
  std::string name;
  std::string reason;
};

struct RunnerStatus {
  std::string backend;               ///< the one that made the trace, "CPU"; empty before the first
  std::string description;           ///< its processor or driver
  std::vector<Stage> on_cpu;         ///< stages that it lacks and the CPU computed for it
  bool computing = false;            ///< a request has no answer yet
  bool stopped = false;              ///< the newest request was given up: cancel()
  float fraction = 0.0f;             ///< of the running job, 0 to 1
  std::optional<std::string> error;  ///< why the newest answered request has no trace; the old one stays
  std::vector<LostBackend> lost;     ///< in the order in which they failed
};

/// How the newest trace came to be, measured.
struct TraceFacts {
  std::vector<StageTime> times;  ///< empty where the backend cannot tell
  bool updated = false;          ///< part of it was computed by an earlier run
  /// Of the newest movement of a gesture that has its trace: from the request to the trace, by the clock.
  std::optional<double> drag_seconds;
};

/// Multiplications and exponentials of one forward pass, roughly: a nanosecond each.
double estimated_operations(const Input& input, const Dimensions& d);

/// All functions belong to one thread, the window's.
class EngineRunner {
 public:
  /// `backends` in the order in which they are tried, at least one. The same backend may be shared.
  EngineRunner(std::vector<std::shared_ptr<Backend>> backends, RunnerOptions options = {});
  ~EngineRunner();  ///< cancels the running job and waits for it
  EngineRunner(const EngineRunner&) = delete;
  EngineRunner& operator=(const EngineRunner&) = delete;

  /// Asks for the trace of this document. Revisions must grow. A direct answer is there on return.
  /// `preview`: a movement of a gesture, where the worker may compute what differs from the last trace alone.
  void request(const Document& document, std::uint64_t revision, bool preview = false);
  /// The gesture is over: a trace that was computed in parts is computed as a whole. Until then it stays,
  /// with the revision that it has; nothing is computing, as status() sees it.
  void settle_preview();
  /// Takes what the worker has finished. True when trace() or status() changed.
  bool collect();
  /// Stops the running job and forgets the waiting one; the trace stays as it is.
  void cancel();
  /// Waits until nothing is under way, then collects: for programs without frames and for tests.
  void wait();

  /// The newest finished trace; empty before the first. Its revision() tells which document it shows.
  const std::shared_ptr<const Trace>& trace() const { return trace_; }
  RunnerStatus status() const;
  const TraceFacts& facts() const { return facts_; }

  /// Bytes that traces may take from the next request on.
  void set_memory_limit(std::uint64_t bytes) { options_.memory_limit = bytes; }
  std::uint64_t memory_limit() const { return options_.memory_limit; }

 private:
  class Worker;
  using Clock = std::chrono::steady_clock;
  /// A movement of a gesture whose trace has not come.
  struct Movement {
    std::uint64_t revision = 0;
    Clock::time_point since;
  };
  void take(std::uint64_t revision, RunResult result, std::string backend, std::string description);
  void fail(std::uint64_t revision, std::string error);
  bool run_directly(const Input& input, std::uint64_t revision);
  /// Whether an answer to this revision says more than what is there.
  bool is_news(std::uint64_t revision, bool updated) const;

  RunnerOptions options_;
  std::shared_ptr<const Trace> trace_;
  std::uint64_t answered_ = 0;       ///< newest revision with a trace or an error
  std::vector<Movement> movements_;  ///< in the order of their revisions
  std::uint64_t requested_ = 0;      ///< newest revision asked for
  std::optional<Document> preview_;  ///< the document asked for last, if the worker has it and may update
  std::uint64_t forgotten_ = 0;      ///< up to here nobody waits for an answer any more
  RunnerStatus status_;
  TraceFacts facts_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace attn::session
