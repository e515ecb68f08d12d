#include <algorithm>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "core/attention/attention.h"
#include "core/attention/backend.h"

namespace attn {
namespace {

/// Runs the forward pass on the calling thread. Arrays that nobody reads any more are used again, so a
/// drag does not allocate.
class CpuBackend final : public Backend {
 public:
  std::string name() const override { return "CPU"; }
  std::string description() const override { return "Eigen, float32, one thread"; }

  RunResult run(const Input& input, const RunOptions& options) override {
    const Dimensions d = validate(input);
    check_memory(input, d, options.memory_limit);
    const std::shared_ptr<Arrays<float>> arrays = spare_arrays();
    forward<float>(input, d, *arrays, options.progress);
    return {std::make_shared<StoredTrace>(input, arrays, options.revision), {}};
  }

 private:
  /// Two traces are usually alive: the one on screen and the one being made.
  static constexpr std::size_t kKept = 3;

  std::shared_ptr<Arrays<float>> spare_arrays() {
    const std::lock_guard lock(mutex_);
    for (const auto& arrays : kept_) {
      if (arrays.use_count() == 1) return arrays;
    }
    auto fresh = std::make_shared<Arrays<float>>();
    if (kept_.size() == kKept) kept_.erase(kept_.begin());
    kept_.push_back(fresh);
    return fresh;
  }

  std::mutex mutex_;
  std::vector<std::shared_ptr<Arrays<float>>> kept_;
};

}  // namespace

std::unique_ptr<Backend> make_cpu_backend() { return std::make_unique<CpuBackend>(); }

void check_memory(const Input& input, const Dimensions& d, std::uint64_t memory_limit) {
  const std::uint64_t needed = trace_bytes(input, d, sizeof(float));
  if (needed <= memory_limit) return;
  throw RunError(fmt::format("the trace of {} queries × {} keys × {} heads needs {} bytes, allowed are {}",
                             d.n_queries, d.n_keys, d.n_heads, needed, memory_limit));
}

}  // namespace attn
