#pragma once
// The one thread that owns the compute context and gives it work.

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>

#include "app/platform/gl_context.h"

namespace attn::gpu {

class GpuThread {
 public:
  /// Starts the thread, which makes its context by `factory` and keeps it current.
  /// Throws what the factory throws (gl::ContextError), and no thread remains.
  explicit GpuThread(const gl::ContextFactory& factory);
  /// Finishes the jobs in the queue, then destroys the context.
  ~GpuThread();
  GpuThread(const GpuThread&) = delete;
  GpuThread& operator=(const GpuThread&) = delete;

  const gl::ContextInfo& info() const { return info_; }
  /// Queues a job for the thread of the context.
  void post(std::function<void()> job) { post_in(jobs_, std::move(job)); }
  /// Runs a job there and waits for it; what it throws is thrown here.
  template <class Job>
  auto call(Job job) -> std::invoke_result_t<Job> {
    return call_in(jobs_, std::move(job));
  }
  /// The same for a short job that somebody waits for: it comes before all others, and in the middle of one
  /// that calls serve_urgent().
  template <class Job>
  auto call_soon(Job job) -> std::invoke_result_t<Job> {
    return call_in(urgent_, std::move(job));
  }
  /// Does the urgent jobs; for jobs on the thread.
  void serve_urgent();

 private:
  using Jobs = std::deque<std::function<void()>>;
  template <class Job>
  auto call_in(Jobs& jobs, Job job) -> std::invoke_result_t<Job> {
    auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Job>()>>(std::move(job));
    auto result = task->get_future();
    post_in(jobs, [task] { (*task)(); });
    return result.get();
  }
  void post_in(Jobs& jobs, std::function<void()> job);
  /// The next job, an urgent one first; empty when there is none. mutex_ is held.
  std::function<void()> next();
  void work(const gl::ContextFactory& factory, std::promise<gl::ContextInfo>& started);

  std::mutex mutex_;
  std::condition_variable wake_;
  Jobs jobs_;
  Jobs urgent_;
  bool stop_ = false;
  gl::ContextInfo info_;
  std::thread thread_;  ///< last: it uses the members above
};

}  // namespace attn::gpu
