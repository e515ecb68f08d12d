#pragma once
// The thread behind an EngineRunner: one running job, one waiting slot that keeps the newest.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/session/engine_runner.h"

namespace attn::session {

class EngineRunner::Worker {
 public:
  struct Job {
    Input input;
    std::uint64_t revision = 0;
    bool may_update = false;
    std::uint64_t memory_limit = 0;
  };
  /// What came of a job: a result or an error, and the backends that were lost on the way.
  struct Outcome {
    std::uint64_t revision = 0;
    std::optional<RunResult> result;
    std::string backend;
    std::string description;
    std::optional<std::string> error;
  };

  Worker(std::vector<std::shared_ptr<Backend>> backends, const RunnerOptions& options);
  ~Worker();

  void submit(Job job);
  /// Stops the running job and forgets the waiting one.
  void cancel();
  /// The newest outcome since the last call.
  std::optional<Outcome> take_outcome();
  /// Backends lost since the last call.
  std::vector<LostBackend> take_lost();
  bool busy() const;
  float fraction() const;
  void wait_until_idle();

 private:
  void loop();
  /// Nothing when the job was cancelled.
  std::optional<Outcome> run(const Job& job, Progress& progress);

  const RunnerOptions options_;
  std::vector<std::shared_ptr<Backend>> backends_;  ///< those that are left; only the thread touches them
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  bool running_ = false;
  std::optional<Job> waiting_;
  std::shared_ptr<Progress> progress_;  ///< of the running job
  std::optional<Outcome> outcome_;
  std::vector<LostBackend> lost_;
  std::thread thread_;  ///< last: it starts when everything else is there
};

}  // namespace attn::session
