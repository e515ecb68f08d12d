#include "app/session/engine_worker.h"

#include <new>
#include <utility>

namespace attn::session {
namespace {

/// What colours are chosen by takes milliseconds of a long text: it is known before a window asks for it.
void read_ranges(const Trace& trace) {
  for (const Stage stage : stages_of(trace.input())) trace.largest(stage);
}

}  // namespace

EngineRunner::Worker::Worker(std::vector<std::shared_ptr<Backend>> backends, const RunnerOptions& options)
    : options_(options), backends_(std::move(backends)), thread_([this] { loop(); }) {}

EngineRunner::Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    waiting_.reset();
    if (progress_) progress_->cancel = true;
  }
  changed_.notify_all();
  thread_.join();
}

void EngineRunner::Worker::submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    waiting_ = std::move(job);
  }
  changed_.notify_all();
}

void EngineRunner::Worker::cancel() {
  const std::lock_guard lock(mutex_);
  waiting_.reset();
  if (progress_) progress_->cancel = true;
}

std::optional<EngineRunner::Worker::Outcome> EngineRunner::Worker::take_outcome() {
  const std::lock_guard lock(mutex_);
  return std::exchange(outcome_, std::nullopt);
}

std::vector<LostBackend> EngineRunner::Worker::take_lost() {
  const std::lock_guard lock(mutex_);
  return std::exchange(lost_, {});
}

bool EngineRunner::Worker::busy() const {
  const std::lock_guard lock(mutex_);
  return running_ || waiting_;
}

float EngineRunner::Worker::fraction() const {
  const std::lock_guard lock(mutex_);
  return progress_ ? progress_->fraction.load() : 0.0f;
}

void EngineRunner::Worker::wait_until_idle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !running_ && !waiting_; });
}

void EngineRunner::Worker::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || waiting_; });
    if (stop_) return;
    const Job job = *std::exchange(waiting_, std::nullopt);
    const auto progress = std::make_shared<Progress>();
    progress_ = progress;
    running_ = true;
    lock.unlock();
    std::optional<Outcome> outcome = run(job, *progress);
    lock.lock();
    running_ = false;
    progress_.reset();
    if (outcome) outcome_ = std::move(outcome);
    lock.unlock();
    changed_.notify_all();
    if (options_.wake) options_.wake();
    if (!backends_.empty()) backends_.front()->make_ready();
    lock.lock();
  }
}

std::optional<EngineRunner::Worker::Outcome> EngineRunner::Worker::run(const Job& job, Progress& progress) {
  Outcome outcome;
  outcome.revision = job.revision;
  while (!backends_.empty()) {
    Backend& backend = *backends_.front();
    try {
      RunOptions run;
      run.memory_limit = job.memory_limit;
      run.revision = job.revision;
      run.progress = &progress;
      run.may_update = job.may_update;
      run.measures = true;
      run.wake = options_.wake;
      outcome.result = backend.run(job.input, run);
      // During a gesture colours stay those of the press.
      if (!outcome.result->updated) read_ranges(*outcome.result->trace);
      outcome.backend = backend.name();
      outcome.description = backend.description();
      return outcome;
    } catch (const Cancelled&) {
      return std::nullopt;
    } catch (const BackendLost& lost) {
      const std::lock_guard lock(mutex_);
      lost_.push_back({backend.name(), lost.what()});
      backends_.erase(backends_.begin());
    } catch (const std::bad_alloc&) {
      outcome.error = "there is not enough memory for this trace";
      return outcome;
    } catch (const std::exception& problem) {
      outcome.error = problem.what();
      return outcome;
    }
  }
  outcome.error = "no backend is left to compute with";
  return outcome;
}

}  // namespace attn::session
