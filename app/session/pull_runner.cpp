#include "app/session/pull_runner.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "app/session/engine_runner.h"
#include "app/session/pull_gauge.h"
#include "app/session/pull_part.h"
#include "core/attention/error.h"
#include "core/attention/stage.h"

namespace attn::session {
namespace {

/// Two forward passes in float64 and a backward pass are in memory at a time.
constexpr std::uint64_t kTraces = 3;

void check_pull_memory(const Input& input, const Dimensions& d, std::uint64_t limit) {
  const std::uint64_t one = trace_bytes(input, d, sizeof(double));
  if (one <= limit / kTraces) return;
  throw RunError(fmt::format(
      "a pull on {} queries × {} keys × {} heads needs {} traces of {} bytes, allowed are {} bytes",
      d.n_queries, d.n_keys, d.n_heads, kTraces, one, limit));
}

}  // namespace

/// Solves on a thread of its own: the newest goal in, the newest progress out.
class PullRunner::Worker {
 public:
  Worker(Input pressed, PullTarget target, PullFreedom freedom, std::function<void()> wake)
      : wake_(std::move(wake)),
        thread_([this, pressed = std::move(pressed), target = std::move(target), freedom] {
          work(pressed, target, freedom);
          ended_ = true;
        }) {}
  ~Worker() {
    stop();
    thread_.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void set_goal(std::vector<double> goal) {
    {
      const std::lock_guard lock(mutex_);
      goal_ = std::move(goal);
    }
    changed_.notify_all();
  }
  std::optional<PullProgress> take() {
    const std::lock_guard lock(mutex_);
    if (error_) throw RunError(*std::exchange(error_, std::nullopt));
    return std::exchange(progress_, std::nullopt);
  }
  bool moving() const {
    const std::lock_guard lock(mutex_);
    return !ended_ && (moving_ || goal_);
  }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
  }
  bool ended() const { return ended_; }

 private:
  void work(const Input& pressed, const PullTarget& target, PullFreedom freedom) {
    try {
      PullSolver solver(pressed, target, freedom);
      while (publish(solver)) {
        if (std::optional<std::vector<double>> goal = next_goal()) solver.set_goal(std::move(*goal));
        solver.advance(1);
      }
    } catch (const std::exception& problem) {
      const std::lock_guard lock(mutex_);
      error_ = problem.what();
      moving_ = false;
    }
    if (wake_) wake_();
  }

  /// Shows where the solver stands and waits until there is more to do. False when it shall end.
  bool publish(const PullSolver& solver) {
    std::unique_lock lock(mutex_);
    moving_ = solver.report().end == PullEnd::moving;
    progress_ = PullProgress{solver.input(), solver.report()};
    if (wake_ && !stop_) {
      lock.unlock();
      wake_();
      lock.lock();
    }
    changed_.wait(lock, [this] { return stop_ || moving_ || goal_; });
    return !stop_;
  }
  std::optional<std::vector<double>> next_goal() {
    const std::lock_guard lock(mutex_);
    moving_ = true;
    return std::exchange(goal_, std::nullopt);
  }

  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  bool moving_ = true;  ///< until the first report is there
  std::optional<std::vector<double>> goal_;
  std::optional<PullProgress> progress_;
  std::optional<std::string> error_;
  std::atomic<bool> ended_{false};
  std::thread thread_;  ///< last: it starts when everything else is there
};

PullRunner::PullRunner(Input pressed, PullTarget target, PullFreedom freedom, Options options)
    : options_(std::move(options)), target_(std::move(target)) {
  const Dimensions d = validate(pressed);
  const PullGauge checked(pressed, d, target_);  // a wrong target is refused here, not by the worker
  const Input part = PullPart(pressed, d, target_).of(pressed);
  check_pull_memory(part, validate(part), options_.memory_limit);
  if (estimated_operations(pressed, d) <= options_.direct_operations) {
    solver_.emplace(std::move(pressed), target_, freedom);
  } else {
    worker_ = std::make_unique<Worker>(std::move(pressed), target_, freedom, options_.wake);
  }
}

PullRunner::~PullRunner() = default;

void PullRunner::set_goal(std::vector<double> goal) {
  check_goal(target_, goal);
  if (solver_) {
    solver_->set_goal(std::move(goal));
    fresh_ = true;
  } else {
    worker_->set_goal(std::move(goal));
  }
}

std::optional<PullProgress> PullRunner::advance() {
  if (worker_) return worker_->take();
  if (!fresh_) return std::nullopt;
  fresh_ = solver_->advance(PullSolver::kMaxSteps, std::chrono::steady_clock::now() + options_.budget);
  return PullProgress{solver_->input(), solver_->report()};
}

bool PullRunner::moving() const { return worker_ ? worker_->moving() : fresh_; }

void PullRunner::stop() {
  if (worker_) worker_->stop();
}

bool PullRunner::stopped() const { return !worker_ || worker_->ended(); }

}  // namespace attn::session
