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

void GpuThread::post(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
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
      wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
      if (jobs_.empty()) break;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace attn::gpu
