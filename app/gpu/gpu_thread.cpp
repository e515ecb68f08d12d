#include "app/gpu/gpu_thread.h"

namespace attn::gpu {

GpuThread::GpuThread(const gl::ContextFactory& factory) {
  std::promise<gl::ContextInfo> started;
  thread_ = std::thread([&] { work(factory, started); });
  try {
    info_ = started.get_future().get();
  } catch (...) {
    thread_.join();
    throw;
  }
}

GpuThread::~GpuThread() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void GpuThread::post_in(Jobs& jobs, std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs.push_back(std::move(job));
  }
  wake_.notify_one();
}

std::function<void()> GpuThread::next() {
  Jobs& jobs = urgent_.empty() ? jobs_ : urgent_;
  if (jobs.empty()) return {};
  std::function<void()> job = std::move(jobs.front());
  jobs.pop_front();
  return job;
}

void GpuThread::serve_urgent() {
  for (;;) {
    std::function<void()> job;
    {
      const std::lock_guard lock(mutex_);
      if (urgent_.empty()) return;
      job = next();
    }
    job();
  }
}

void GpuThread::work(const gl::ContextFactory& factory, std::promise<gl::ContextInfo>& started) {
  std::unique_ptr<gl::Context> context;
  try {
    context = factory();
    if (context == nullptr) throw gl::ContextError("no OpenGL context");
    context->make_current();
  } catch (...) {
    context.reset();
    started.set_exception(std::current_exception());
    return;
  }
  // The constructor, and with it `factory` and `started`, may be gone once this is set.
  started.set_value(context->info());
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stop_ || !jobs_.empty() || !urgent_.empty(); });
      job = next();
      if (!job) break;
    }
    job();
  }
}

}  // namespace attn::gpu
