#pragma once
// Threads that share the rows of a large computation. They sleep until there is work: none of them spins, and
// a program that computes nothing large never starts them.

#include <cstddef>
#include <type_traits>

namespace attn::kernel {

/// Multiplications that are worth waking threads for: five milliseconds of one. With less, a thread whose
/// processor is busy elsewhere costs more than it brings.
inline constexpr std::size_t kWorthSharing = std::size_t{1} << 28;

/// How many threads parallel_for() may use, the caller among them: one for each processor unless limited.
std::size_t thread_limit();

/// Fewer threads, until the object goes: for measurements and tests.
class ThreadLimit {
 public:
  explicit ThreadLimit(std::size_t threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  std::size_t before_;
};

/// What is to be done `count` times, without an allocation: task(context, k).
struct Tasks {
  void (*task)(const void* context, std::size_t k) = nullptr;
  const void* context = nullptr;
  std::size_t count = 0;
};
/// See parallel_for().
void run_tasks(const Tasks& tasks, bool on_many_threads);

/// Calls task(k) once for every k below `count` and returns when all are done. The caller takes part and
/// takes one after the other, so that a thread that the system lets wait holds up at most the task it has
/// begun. If somebody else is using the threads, or with on_many_threads = false, the caller does it all. A
/// task must not throw, and must not call parallel_for().
template <class F>
void parallel_for(std::size_t count, bool on_many_threads, const F& task) {
  run_tasks({[](const void* context, std::size_t k) { (*static_cast<const F*>(context))(k); }, &task, count},
            on_many_threads);
}

}  // namespace attn::kernel
