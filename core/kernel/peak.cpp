#include "core/kernel/peak.h"

#include <cstddef>
#include <ctime>

#include "core/kernel/kernels.h"

namespace attn::kernel {
namespace {

double processor_seconds() {
  std::timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

double measured_peak() {
  const Table* const fast = table();
  if (fast == nullptr) return 0.0;
  constexpr std::size_t kLoops = 400'000;
  const double start = processor_seconds();
  const double operations = fast->only_multiply(kLoops);
  return operations / (processor_seconds() - start);
}

}  // namespace attn::kernel
