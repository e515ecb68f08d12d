#include "app/session/pull_runner.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "app/session/engine_runner.h"

namespace attn::session {

/// Solves on a thread of its own: the newest goal in, the newest progress out.
class PullRunner::Worker {
 public:
  Worker(PullSolver solver, std::function<void()> wake)
      : solver_(std::move(solver)), wake_(std::move(wake)), thread_([this] { loop(); }) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void set_goal(std::vector<double> goal) {
    {
      const std::lock_guard lock(mutex_);
      goal_ = std::move(goal);
      moving_ = true;
    }
    changed_.notify_all();
  }
  std::optional<PullProgress> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(progress_, std::nullopt);
  }
  bool moving() const {
    const std::lock_guard lock(mutex_);
    return moving_;
  }

 private:
  void loop() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stop_ || moving_; });
      if (stop_) return;
      std::optional<std::vector<double>> goal = std::exchange(goal_, std::nullopt);
      lock.unlock();
      if (goal) solver_.set_goal(std::move(*goal));
      const bool more = solver_.advance(1);
      PullProgress progress{solver_.input(), solver_.report()};
      lock.lock();
      moving_ = more || goal_;
      progress_ = std::move(progress);
      if (!wake_) continue;
      lock.unlock();
      wake_();
      lock.lock();
    }
  }

  PullSolver solver_;  ///< only the thread touches it
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  bool moving_ = false;
  std::optional<std::vector<double>> goal_;
  std::optional<PullProgress> progress_;
  std::thread thread_;  ///< last: it starts when everything else is there
};

PullRunner::PullRunner(Input pressed, PullTarget target, PullFreedom freedom, Options options)
    : options_(std::move(options)) {
  const bool small = estimated_operations(pressed, validate(pressed)) <= options_.direct_operations;
  PullSolver solver(std::move(pressed), std::move(target), freedom);
  start_ = solver.report();
  if (small) {
    solver_ = std::move(solver);
  } else {
    worker_ = std::make_unique<Worker>(std::move(solver), options_.wake);
  }
}

PullRunner::~PullRunner() = default;

void PullRunner::set_goal(std::vector<double> goal) {
  if (solver_) {
    solver_->set_goal(std::move(goal));
    fresh_ = true;
    return;
  }
  check_goal(start_.target, goal);
  worker_->set_goal(std::move(goal));
}

std::optional<PullProgress> PullRunner::advance() {
  if (worker_) return worker_->take();
  if (!fresh_) return std::nullopt;
  fresh_ = solver_->advance(PullSolver::kMaxSteps, std::chrono::steady_clock::now() + options_.budget);
  return PullProgress{solver_->input(), solver_->report()};
}

bool PullRunner::moving() const { return worker_ ? worker_->moving() : fresh_; }

}  // namespace attn::session
