#include "app/gpu/gpu_thread.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

using namespace attn;
using namespace attn::gpu;

namespace {

/// A context that only counts: the thread itself needs no OpenGL.
class CountedContext final : public gl::Context {
 public:
  explicit CountedContext(std::atomic<int>& alive) : alive_(alive) {
    ++alive_;
    info_.renderer = "counted";
  }
  ~CountedContext() override { --alive_; }
  void make_current() override {}
  void release() override {}
  const gl::ContextInfo& info() const override { return info_; }

 private:
  std::atomic<int>& alive_;
  gl::ContextInfo info_;
};

}  // namespace

TEST_CASE("jobs run one after the other, in order, on the thread of the context") {
  std::atomic<int> alive = 0;
  std::vector<int> order;
  std::vector<std::thread::id> threads;
  {
    GpuThread thread([&] {
      threads.push_back(std::this_thread::get_id());
      return std::make_unique<CountedContext>(alive);
    });
    CHECK(thread.info().renderer == "counted");
    for (int i = 0; i < 100; ++i) {
      thread.post([&, i] {
        order.push_back(i);
        threads.push_back(std::this_thread::get_id());
      });
    }
    CHECK(thread.call([&] { return order.size(); }) == 100);
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
  for (int i = 0; i < 100; ++i) CHECK(order[static_cast<std::size_t>(i)] == i);
  for (const std::thread::id id : threads) CHECK(id == threads.front());
  CHECK(threads.front() != std::this_thread::get_id());
}

TEST_CASE("jobs that wait when the thread ends are finished first") {
  std::atomic<int> alive = 0;
  std::atomic<int> done = 0;
  {
    GpuThread thread([&] { return std::make_unique<CountedContext>(alive); });
    for (int i = 0; i < 50; ++i) thread.post([&] { done += alive; });
  }
  CHECK(done == 50);  // each saw the context alive
}

TEST_CASE("what a job throws arrives where it is waited for, and the thread goes on") {
  std::atomic<int> alive = 0;
  GpuThread thread([&] { return std::make_unique<CountedContext>(alive); });
  CHECK_THROWS_WITH_AS(thread.call([]() -> int { throw std::runtime_error("no"); }), "no",
                       std::runtime_error);
  CHECK(thread.call([] { return 7; }) == 7);
}

TEST_CASE("a factory that fails leaves no thread behind") {
  const gl::ContextFactory refuse = []() -> std::unique_ptr<gl::Context> {
    throw gl::ContextError("refused");
  };
  CHECK_THROWS_WITH_AS(GpuThread{refuse}, "refused", gl::ContextError);
}
