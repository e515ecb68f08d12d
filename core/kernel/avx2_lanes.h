#pragma once
// Eight numbers at a time: their exponentials, their sum, their largest.

#include "core/kernel/avx2.h"

#if defined(ATTN_HAS_AVX2_TABLE)

namespace attn::kernel::avx2 {

/// p · 2^n, where n is the whole number that adding 1.5 · 2^23 has left in the low bits of `shifted`.
ATTN_AVX2_INLINE __m256 with_exponent(__m256 p, __m256 shifted) {
  return _mm256_castsi256_ps(
      _mm256_add_epi32(_mm256_castps_si256(p), _mm256_slli_epi32(_mm256_castps_si256(shifted), 23)));
}

/// exp(x) for x ≤ 0: 2^n · exp(r) with n = round(x / ln 2) and |r| ≤ ln 2 / 2, exp(r) from a polynomial of
/// degree 6 (minimax, relative error under 4e-9), n added to the exponent's bits. ln 2 comes in two parts, so
/// that r is exact to rounding (Cody and Waite). Under −87.33 the result is 0; x = −∞ is among that.
ATTN_AVX2_INLINE __m256 exponential(__m256 x) {
  const __m256 smallest = _mm256_set1_ps(-87.33f);
  const __m256 shift = _mm256_set1_ps(12582912.0f);  // 1.5 · 2^23: adding it rounds to a whole number
  const __m256 clamped = _mm256_max_ps(x, smallest);
  const __m256 shifted = _mm256_fmadd_ps(clamped, _mm256_set1_ps(1.44269504f), shift);
  const __m256 n = _mm256_sub_ps(shifted, shift);
  __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(0.693145752f), clamped);
  r = _mm256_fnmadd_ps(n, _mm256_set1_ps(1.42860677e-6f), r);
  __m256 p = _mm256_set1_ps(1.38145988e-3f);
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(8.36871751e-3f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(4.1668389e-2f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.66665211e-1f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(0.49999994f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f));
  return _mm256_and_ps(with_exponent(p, shifted), _mm256_cmp_ps(x, smallest, _CMP_GE_OQ));
}

/// 2^x for x ≤ 1/2: 2^n · 2^f with n = round(x) and f = x − n, exact; 2^f from a polynomial of degree 6
/// (minimax on |f| ≤ 1/2, relative error under 2e-8), n added to the exponent's bits. Under −126, where
/// float32 has no normal number left, the result is 0; x = −∞ is among that.
ATTN_AVX2_INLINE __m256 power_of_two(__m256 x) {
  const __m256 smallest = _mm256_set1_ps(-126.0f);
  const __m256 shift = _mm256_set1_ps(12582912.0f);  // 1.5 · 2^23: adding it rounds to a whole number
  const __m256 clamped = _mm256_max_ps(x, smallest);
  const __m256 shifted = _mm256_add_ps(clamped, shift);
  const __m256 f = _mm256_sub_ps(clamped, _mm256_sub_ps(shifted, shift));
  __m256 p = _mm256_set1_ps(0.00015353362f);
  p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(0.00133988739f));
  p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(0.00961843692f));
  p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(0.0555033237f));
  p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(0.240226477f));
  p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(0.693147182f));
  p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(1.0f));
  return _mm256_and_ps(with_exponent(p, shifted), _mm256_cmp_ps(x, smallest, _CMP_GE_OQ));
}

ATTN_AVX2_INLINE float largest_of(__m256 v) {
  __m128 m = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  m = _mm_max_ps(m, _mm_movehl_ps(m, m));
  return _mm_cvtss_f32(_mm_max_ss(m, _mm_shuffle_ps(m, m, 1)));
}

ATTN_AVX2_INLINE float sum_of(__m256 v) {
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_shuffle_ps(s, s, 1)));
}

/// Lane k is what `join` makes of the eight lanes of rows[k].
template <class Join>
ATTN_AVX2_INLINE __m256 joined(const __m256* rows, const Join& join) {
  __m256 pairs[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    pairs[i] = join(_mm256_unpacklo_ps(rows[2 * i], rows[2 * i + 1]),
                    _mm256_unpackhi_ps(rows[2 * i], rows[2 * i + 1]));
  }
  // pairs[i]: rows 2i, 2i + 1, 2i, 2i + 1 in each half.
  const __m256 low =
      join(_mm256_shuffle_ps(pairs[0], pairs[1], 0x44), _mm256_shuffle_ps(pairs[0], pairs[1], 0xEE));
  const __m256 high =
      join(_mm256_shuffle_ps(pairs[2], pairs[3], 0x44), _mm256_shuffle_ps(pairs[2], pairs[3], 0xEE));
  return join(_mm256_permute2f128_ps(low, high, 0x20), _mm256_permute2f128_ps(low, high, 0x31));
}

struct Adding {
  ATTN_AVX2_INLINE __m256 operator()(__m256 a, __m256 b) const { return _mm256_add_ps(a, b); }
};
struct Largest {
  ATTN_AVX2_INLINE __m256 operator()(__m256 a, __m256 b) const { return _mm256_max_ps(a, b); }
};
struct Least {
  ATTN_AVX2_INLINE __m256 operator()(__m256 a, __m256 b) const { return _mm256_min_ps(a, b); }
};

}  // namespace attn::kernel::avx2

#endif
