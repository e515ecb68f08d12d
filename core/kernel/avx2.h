#pragma once
// What the files of the AVX2 table share.
//
// Each function here is compiled for AVX2 by its own attribute, the files are not: nothing of the standard
// library or of another header that is inlined elsewhere too can come out of them with AVX2 inside (the
// linker keeps one copy of an inline function, from whichever file it likes). For the same reason no
// templates of Eigen.

#include "core/kernel/kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define ATTN_HAS_AVX2_TABLE 1

#include <immintrin.h>

#define ATTN_AVX2 __attribute__((target("avx2,fma")))
#define ATTN_AVX2_INLINE __attribute__((target("avx2,fma"), always_inline)) inline

namespace attn::kernel::avx2 {

using std::size_t;

inline constexpr size_t kLanes = 8;

inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// Lanes below `count` are set.
ATTN_AVX2_INLINE __m256i lanes_below(size_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

// The functions of the table (kernels.h).
void pack(const float* b, size_t stride, size_t inner, size_t columns, float* panels, size_t panel_inner);
void pack_transposed(const float* b, size_t stride, size_t columns, size_t inner, float* panels);
void multiply(const Product& product);
void multiply_unfused(const Product& product);
double only_multiply(size_t rounds);
float softmax(const SoftmaxRow& row);
void exponentials(const float* in, size_t count, float* out);
float largest(const float* in, size_t count);
void scale(const float* in, size_t count, float factor, float* out);
void stream(const float* in, size_t count, float factor, float* out);
ExponentialSum running_exponentials(const ExponentialRun& run);
void shares(float* row, size_t count, float factor, float maximum, float share);
void add_groups(const float* row, size_t groups, const GroupValues& to);
void stream_zeros(size_t count, float* out);
void end_streams();
void multiply_vector(const float* m, size_t stride, size_t rows, size_t width, const float* v, float* out);
void rejoin(const Rejoin& rejoin);
void blend(const Blend& blend);

}  // namespace attn::kernel::avx2

#endif
