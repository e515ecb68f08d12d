#include "core/kernel/pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace attn::kernel {
namespace {

std::atomic<std::size_t> limit{0};  ///< 0: one for each processor

class Pool {
 public:
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    work_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void run(const Tasks& tasks, std::size_t helpers) {
    {
      const std::lock_guard lock(mutex_);
      while (threads_.size() < helpers) threads_.emplace_back([this] { help(); });
      tasks_ = tasks;
      next_ = 0;
      places_ = helpers;
    }
    work_.notify_all();
    take_tasks(tasks);
    std::unique_lock lock(mutex_);
    places_ = 0;  // who wakes up only now finds nothing to do
    done_.wait(lock, [this] { return at_work_ == 0; });
  }

 private:
  void help() {
    std::unique_lock lock(mutex_);
    while (true) {
      work_.wait(lock, [this] { return stop_ || places_ > 0; });
      if (stop_) return;
      --places_;
      ++at_work_;
      const Tasks tasks = tasks_;
      lock.unlock();
      take_tasks(tasks);
      lock.lock();
      if (--at_work_ == 0) done_.notify_one();
    }
  }

  void take_tasks(const Tasks& tasks) {
    for (std::size_t k = next_++; k < tasks.count; k = next_++) tasks.task(tasks.context, k);
  }

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable done_;
  std::vector<std::thread> threads_;
  Tasks tasks_;
  std::atomic<std::size_t> next_{0};
  std::size_t places_ = 0;   ///< helpers that may still join in
  std::size_t at_work_ = 0;  ///< helpers that have
  bool stop_ = false;
};

}  // namespace

std::size_t thread_limit() {
  static const std::size_t kProcessors = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t chosen = limit.load(std::memory_order_relaxed);
  return chosen == 0 ? kProcessors : chosen;
}

ThreadLimit::ThreadLimit(std::size_t threads) : before_(limit.exchange(threads)) {}
ThreadLimit::~ThreadLimit() { limit = before_; }

void run_tasks(const Tasks& tasks, bool on_many_threads) {
  static Pool pool;
  static std::mutex in_use;
  const std::size_t threads = std::min(thread_limit(), tasks.count);
  if (on_many_threads && threads > 1) {
    const std::unique_lock mine(in_use, std::try_to_lock);
    if (mine.owns_lock()) return pool.run(tasks, threads - 1);
  }
  for (std::size_t k = 0; k < tasks.count; ++k) tasks.task(tasks.context, k);
}

}  // namespace attn::kernel
