#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/attention/attention.h"
#include "core/attention/backend.h"
#include "core/kernel/kernels.h"
#include "core/kernel/pool.h"
#include "core/update/drags.h"
#include "core/update/streamed_trace.h"
#include "core/update/streaming.h"
#include "core/update/update.h"

namespace attn {
namespace {

/// Runs on the calling thread, which is joined by others where the work is large. Arrays that nobody reads
/// any more are used again. Where it may update, the movements of a gesture compute what follows the moving
/// words (drag.h), or what differs from an earlier input (update.h).
class CpuBackend final : public Backend {
 public:
  std::string name() const override { return "CPU"; }
  std::string description() const override {
    if (kernel::table() == nullptr) return "float32, Eigen, one thread";
    const std::size_t threads = kernel::thread_limit();
    return fmt::format("float32, AVX2 and FMA, {}",
                       threads == 1 ? "one thread" : fmt::format("{} threads", threads));
  }

  RunResult run(const Input& input, const RunOptions& options) override {
    const Dimensions d = validate(input);
    if (needs_streaming(input, d, options.memory_limit)) {
      const auto began = std::chrono::steady_clock::now();
      RunResult result{StreamedTrace::run(input, options), {}, false};
      const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - began;
      if (options.measures) result.times.push_back({stages_of(input), lasted.count(), 0.0});
      return result;
    }
    if (options.may_update) {
      if (auto trace = drags_.follow(input, options.revision)) return {std::move(trace), {}, true};
    } else {
      drags_.forget();  // its memory serves this run, unless somebody still reads it
    }
    Progress own;
    Progress* const progress = options.progress == nullptr && options.measures ? &own : options.progress;
    if (progress != nullptr) progress->measures = options.measures;
    const Start start = begin(input, options.may_update);
    if (start.moved) {
      if (start.copied_from) start.arrays->assign(*start.copied_from);
      update<float>(input, *start.moved, *start.arrays, progress);
    } else {
      forward<float>(input, d, *start.arrays, progress);
    }
    finished(start.arrays, input);
    auto trace = std::make_shared<StoredTrace>(input, start.arrays, options.revision);
    if (!start.moved) drags_.pressed(trace);
    RunResult result;
    result.trace = std::move(trace);
    result.updated = start.moved.has_value();
    if (progress != nullptr) result.times = std::move(progress->times);
    return result;
  }

  void make_ready() override { drags_.make_ready(); }

 private:
  /// Two traces are usually alive: the one on screen and the one being made.
  static constexpr std::size_t kKept = 3;

  struct Kept {
    std::shared_ptr<Arrays<float>> arrays;
    std::optional<Input> holds;  ///< what they were computed from; nothing while they are written
  };
  /// Where a run writes, and what it need not compute.
  struct Start {
    std::shared_ptr<Arrays<float>> arrays;
    std::optional<MovedWords> moved;                   ///< absent: everything is computed
    std::shared_ptr<const Arrays<float>> copied_from;  ///< whose numbers come first; absent: its own
  };

  Start begin(const Input& input, bool may_update) {
    const std::lock_guard lock(mutex_);
    Start start;
    if (may_update) {
      for (Kept& kept : kept_) {
        if (!kept.holds) continue;
        auto moved = moved_words(*kept.holds, input);
        if (!moved) continue;
        start.moved = std::move(moved);
        if (kept.arrays.use_count() == 1) {
          start.arrays = kept.arrays;
          start.copied_from.reset();
          kept.holds.reset();
          return start;
        }
        start.copied_from = kept.arrays;  // somebody reads them: copied, unless others are free
      }
    }
    start.arrays = spare_arrays();
    return start;
  }

  std::shared_ptr<Arrays<float>> spare_arrays() {
    for (Kept& kept : kept_) {
      if (kept.arrays.use_count() != 1) continue;
      kept.holds.reset();
      return kept.arrays;
    }
    if (kept_.size() == kKept) kept_.erase(kept_.begin());
    kept_.push_back({std::make_shared<Arrays<float>>(), std::nullopt});
    return kept_.back().arrays;
  }

  void finished(const std::shared_ptr<Arrays<float>>& arrays, const Input& input) {
    const std::lock_guard lock(mutex_);
    const auto kept = std::ranges::find(kept_, arrays, &Kept::arrays);
    if (kept != kept_.end()) kept->holds = input;
  }

  std::mutex mutex_;
  std::vector<Kept> kept_;
  Drags drags_;
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
