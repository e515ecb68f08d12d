// What follows one moving word, in AVX2 and FMA: each reads and writes its rows once, at the speed of the
// caches.

#include "core/kernel/avx2_lanes.h"

#if defined(ATTN_HAS_AVX2_TABLE)

namespace attn::kernel::avx2 {
namespace {

constexpr size_t kRowsAtOnce = 8;

/// Rows [0, count) of m, count ≤ 8; the others are taken to be the last one.
ATTN_AVX2_INLINE __m256 products_of(const float* m, size_t stride, size_t count, size_t width,
                                    const float* v) {
  const float* rows[kRowsAtOnce];
  __m256 sums[kRowsAtOnce];
#pragma GCC unroll 8
  for (size_t r = 0; r < kRowsAtOnce; ++r) {
    rows[r] = m + smaller(r, count - 1) * stride;
    sums[r] = _mm256_setzero_ps();
  }
  size_t t = 0;
  for (; t + kLanes <= width; t += kLanes) {
    const __m256 factor = _mm256_loadu_ps(v + t);
#pragma GCC unroll 8
    for (size_t r = 0; r < kRowsAtOnce; ++r)
      sums[r] = _mm256_fmadd_ps(_mm256_loadu_ps(rows[r] + t), factor, sums[r]);
  }
  if (t < width) {
    const __m256i lanes = lanes_below(width - t);
    const __m256 factor = _mm256_maskload_ps(v + t, lanes);
#pragma GCC unroll 8
    for (size_t r = 0; r < kRowsAtOnce; ++r)
      sums[r] = _mm256_fmadd_ps(_mm256_maskload_ps(rows[r] + t, lanes), factor, sums[r]);
  }
  return joined(sums, Adding{});
}

}  // namespace

ATTN_AVX2 void multiply_vector(const float* m, size_t stride, size_t rows, size_t width, const float* v,
                               float* out) {
  size_t i = 0;
  for (; i + kRowsAtOnce <= rows; i += kRowsAtOnce)
    _mm256_storeu_ps(out + i, products_of(m + i * stride, stride, kRowsAtOnce, width, v));
  if (i == rows) return;
  _mm256_maskstore_ps(out + i, lanes_below(rows - i),
                      products_of(m + i * stride, stride, rows - i, width, v));
}

ATTN_AVX2 void rejoin(const Rejoin& r) {
  const __m256 lowest = _mm256_set1_ps(-__FLT_MAX__);  // so that −∞ less the larger of both is −∞, not NaN
  for (size_t i = 0; i < r.rows; i += kLanes) {
    const __m256i lanes = lanes_below(smaller(kLanes, r.rows - i));
    const __m256 score = _mm256_maskload_ps(r.scores + i, lanes);
    const __m256 reference = _mm256_maskload_ps(r.reference + i, lanes);
    const __m256 larger = _mm256_max_ps(lowest, _mm256_max_ps(score, reference));
    const __m256 rest =
        _mm256_mul_ps(_mm256_maskload_ps(r.sums + i, lanes), exponential(_mm256_sub_ps(reference, larger)));
    const __m256 word = exponential(_mm256_sub_ps(score, larger));
    const __m256 sum = _mm256_add_ps(rest, word);
    const __m256 some = _mm256_cmp_ps(sum, _mm256_setzero_ps(), _CMP_GT_OQ);
    _mm256_maskstore_ps(r.rest_share + i, lanes, _mm256_and_ps(some, _mm256_div_ps(rest, sum)));
    _mm256_maskstore_ps(r.word_share + i, lanes, _mm256_and_ps(some, _mm256_div_ps(word, sum)));
  }
}

ATTN_AVX2 void blend(const Blend& b) {
  for (size_t i = 0; i < b.rows; ++i) {
    const float* const rest = b.rest + i * b.rest_stride;
    float* const out = b.out + i * b.out_stride;
    const __m256 kept = _mm256_broadcast_ss(b.rest_share + i);
    const __m256 joined = _mm256_broadcast_ss(b.word_share + i);
    size_t c = 0;
    for (; c + kLanes <= b.columns; c += kLanes) {
      const __m256 word = _mm256_mul_ps(joined, _mm256_loadu_ps(b.word + c));
      _mm256_storeu_ps(out + c, _mm256_fmadd_ps(kept, _mm256_loadu_ps(rest + c), word));
    }
    if (c == b.columns) continue;
    const __m256i lanes = lanes_below(b.columns - c);
    const __m256 word = _mm256_mul_ps(joined, _mm256_maskload_ps(b.word + c, lanes));
    _mm256_maskstore_ps(out + c, lanes, _mm256_fmadd_ps(kept, _mm256_maskload_ps(rest + c, lanes), word));
  }
}

}  // namespace attn::kernel::avx2

#endif
