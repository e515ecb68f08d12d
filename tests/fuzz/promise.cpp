#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/fuzz_target.h"

namespace attn::fuzz {

void promise(bool kept, const char* what) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

}  // namespace attn::fuzz
