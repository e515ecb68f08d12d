// The table for processors with AVX2 and FMA.

#include "core/kernel/avx2.h"
#include "core/kernel/tables.h"

namespace attn::kernel {

#if defined(ATTN_HAS_AVX2_TABLE)

namespace {

constexpr Table kAvx2 = {.pack = avx2::pack,
                         .pack_transposed = avx2::pack_transposed,
                         .multiply = avx2::multiply,
                         .multiply_unfused = avx2::multiply_unfused,
                         .softmax = avx2::softmax,
                         .exponentials = avx2::exponentials,
                         .scale = avx2::scale,
                         .stream = avx2::stream,
                         .stream_zeros = avx2::stream_zeros,
                         .end_streams = avx2::end_streams,
                         .only_multiply = avx2::only_multiply,
                         .largest = avx2::largest,
                         .running_exponentials = avx2::running_exponentials,
                         .shares = avx2::shares,
                         .add_groups = avx2::add_groups,
                         .multiply_vector = avx2::multiply_vector,
                         .rejoin = avx2::rejoin,
                         .blend = avx2::blend};

}  // namespace

const Table* avx2_table() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kAvx2 : nullptr;
}

#else

const Table* avx2_table() { return nullptr; }

#endif

}  // namespace attn::kernel
