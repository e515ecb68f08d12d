#pragma once
// A backend that does as it is told: waits at a gate, fails, or loses its device.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/attention/backend.h"

namespace attn::tests {

class FakeBackend final : public Backend {
 public:
  explicit FakeBackend(std::string name = "fake") : name_(std::move(name)) {}

  std::string name() const override { return name_; }
  std::string description() const override { return name_ + " of the tests"; }
  RunResult run(const Input& input, const RunOptions& options) override {
    ++runs;
    if (options.may_update) ++runs_that_may_update;
    if (options.progress) options.progress->fraction = 0.5f;
    wait_at_gate(options);
    if (before) before(input);
    return cpu_->run(input, options);
  }

  /// Runs that begin from now on wait until open() or until they are cancelled.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  void open() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = false;
    }
    changed_.notify_all();
  }
  /// Returns when a run stands at the gate; fails where none comes.
  void wait_until_running() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(30), [this] { return at_gate_; }))
      throw std::runtime_error("fake backend: no run has begun");
  }

  std::function<void(const Input&)> before;  ///< may throw; set it while nothing runs
  std::atomic<int> runs{0};
  std::atomic<int> runs_that_may_update{0};

 private:
  void wait_at_gate(const RunOptions& options) {
    std::unique_lock lock(mutex_);
    at_gate_ = true;
    changed_.notify_all();
    while (closed_) {
      if (options.progress && options.progress->cancel) {
        at_gate_ = false;
        throw Cancelled();
      }
      changed_.wait_for(lock, std::chrono::milliseconds(1));
    }
    at_gate_ = false;
  }

  std::string name_;
  std::shared_ptr<Backend> cpu_ = make_cpu_backend();
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;
  bool at_gate_ = false;
};

}  // namespace attn::tests
