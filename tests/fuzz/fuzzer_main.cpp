// What libFuzzer calls; each fuzz program links one target.

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const attn::fuzz::Target& target : attn::fuzz::targets()) target.run({data, size});
  return 0;
}
