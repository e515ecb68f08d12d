#include "core/kernel/block.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace attn::kernel {

void prefer_huge_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__)
  madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: whether it is granted makes no difference but in time
#endif
}

Scratch& scratch() {
  thread_local Scratch own;
  return own;
}

}  // namespace attn::kernel
