#pragma once
// A backend that computes on the CPU and fails on order.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/attention/backend.h"

namespace attn::gpu::tests {

class FaultyBackend final : public Backend {
 public:
  /// What is shared with the test: it outlives the backend.
  struct Script {
    int runs = 0;
    std::optional<int> lost_at;  ///< the run, counted from 1, that loses the device
    std::string reason = "context lost";
    std::function<void()> during_run;  ///< called at the start of every run; may be empty
  };
  explicit FaultyBackend(std::shared_ptr<Script> script) : script_(std::move(script)) {}

  std::string name() const override { return "GPU"; }
  std::string description() const override { return "a device made for tests"; }
  RunResult run(const Input& input, const RunOptions& options) override {
    ++script_->runs;
    if (script_->during_run) script_->during_run();
    if (script_->lost_at && script_->runs >= *script_->lost_at) throw BackendLost(script_->reason);
    return cpu_->run(input, options);
  }

 private:
  std::shared_ptr<Script> script_;
  std::unique_ptr<Backend> cpu_ = make_cpu_backend();
};

}  // namespace attn::gpu::tests
