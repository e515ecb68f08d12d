// Rows in AVX2 and FMA: exponentials, softmax, the largest magnitude, and writing past the caches.

#include "core/kernel/avx2_lanes.h"

#if defined(ATTN_HAS_AVX2_TABLE)

namespace attn::kernel::avx2 {
namespace {

ATTN_AVX2_INLINE void zeros(float* to, float* end) {
  for (; to + kLanes <= end; to += kLanes) _mm256_storeu_ps(to, _mm256_setzero_ps());
  for (; to < end; ++to) *to = 0;
}

}  // namespace

// Numerators as powers of 2: exp(factor·s − max) = 2^(c·s − largest c·s) with c = factor · log2 e. One fused
// operation makes the exponent. That c is rounded multiplies every difference of scores by one same number
// within 2^-24 of 1: no more than the rounding of the difference itself.
ATTN_AVX2 float softmax(const SoftmaxRow& s) {
  zeros(s.row, s.row + s.first);
  zeros(s.row + s.last, s.row + s.count);
  if (s.first >= s.last) return 0;
  float* const begin = s.row + s.first;
  const size_t count = s.last - s.first;
  const size_t whole = count / kLanes * kLanes;
  const __m256i in_rest = lanes_below(count - whole);
  const __m256 hidden = _mm256_set1_ps(-__builtin_inff());
  const __m256 factor = _mm256_set1_ps(s.factor * 1.44269504f);
  // The cells past the last whole register; the lanes that are not of the row are −∞ once they are scaled.
  const __m256 rest =
      _mm256_blendv_ps(_mm256_set1_ps(s.factor > 0 ? -__builtin_inff() : __builtin_inff()),
                       _mm256_maskload_ps(begin + whole, in_rest), _mm256_castsi256_ps(in_rest));
  __m256 most[2] = {_mm256_mul_ps(rest, factor), hidden};
  size_t j = 0;
  for (; j + 2 * kLanes <= whole; j += 2 * kLanes) {
    most[0] = _mm256_max_ps(most[0], _mm256_mul_ps(_mm256_loadu_ps(begin + j), factor));
    most[1] = _mm256_max_ps(most[1], _mm256_mul_ps(_mm256_loadu_ps(begin + j + kLanes), factor));
  }
  if (j < whole) most[0] = _mm256_max_ps(most[0], _mm256_mul_ps(_mm256_loadu_ps(begin + j), factor));
  const float largest = largest_of(_mm256_max_ps(most[0], most[1]));
  if (largest == -__builtin_inff()) {
    zeros(begin, begin + count);
    return 0;
  }

  const __m256 maximum = _mm256_set1_ps(largest);
  __m256 sums[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
  for (j = 0; j + 2 * kLanes <= whole; j += 2 * kLanes) {
    const __m256 first = power_of_two(_mm256_fmsub_ps(_mm256_loadu_ps(begin + j), factor, maximum));
    const __m256 second = power_of_two(_mm256_fmsub_ps(_mm256_loadu_ps(begin + j + kLanes), factor, maximum));
    _mm256_storeu_ps(begin + j, first);
    _mm256_storeu_ps(begin + j + kLanes, second);
    sums[0] = _mm256_add_ps(sums[0], first);
    sums[1] = _mm256_add_ps(sums[1], second);
  }
  if (j < whole) {
    const __m256 e = power_of_two(_mm256_fmsub_ps(_mm256_loadu_ps(begin + j), factor, maximum));
    _mm256_storeu_ps(begin + j, e);
    sums[0] = _mm256_add_ps(sums[0], e);
  }
  const __m256 e_rest = power_of_two(_mm256_fmsub_ps(rest, factor, maximum));
  _mm256_maskstore_ps(begin + whole, in_rest, e_rest);
  return 1.0f / sum_of(_mm256_add_ps(_mm256_add_ps(sums[0], sums[1]), e_rest));
}

ATTN_AVX2 void exponentials(const float* in, size_t count, float* out) {
  for (size_t c = 0; c < count; c += kLanes) {
    const __m256i lanes = lanes_below(smaller(kLanes, count - c));
    _mm256_maskstore_ps(out + c, lanes, exponential(_mm256_maskload_ps(in + c, lanes)));
  }
}

ATTN_AVX2 float largest(const float* in, size_t count) {
  // Magnitudes compared as whole numbers: there NaN is larger than ∞, and ∞ than any number.
  const __m256i magnitude = _mm256_set1_epi32(0x7FFFFFFF);
  __m256i chains[4] = {};  // none waits for another
  size_t c = 0;
  for (; c + 4 * kLanes <= count; c += 4 * kLanes) {
#pragma GCC unroll 4
    for (size_t k = 0; k < 4; ++k) {
      const __m256i bits = _mm256_castps_si256(_mm256_loadu_ps(in + c + k * kLanes));
      chains[k] = _mm256_max_epi32(chains[k], _mm256_and_si256(magnitude, bits));
    }
  }
  __m256i most =
      _mm256_max_epi32(_mm256_max_epi32(chains[0], chains[1]), _mm256_max_epi32(chains[2], chains[3]));
  for (; c + kLanes <= count; c += kLanes) {
    most = _mm256_max_epi32(most, _mm256_and_si256(magnitude, _mm256_castps_si256(_mm256_loadu_ps(in + c))));
  }
  const __m256i rest = _mm256_castps_si256(_mm256_maskload_ps(in + c, lanes_below(count - c)));
  most = _mm256_max_epi32(most, _mm256_and_si256(magnitude, rest));
  alignas(32) int lanes[kLanes];
  _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), most);
  int found = 0;
  for (const int lane : lanes) found = lane > found ? lane : found;
  return _mm_cvtss_f32(_mm_castsi128_ps(_mm_cvtsi32_si128(found)));
}

namespace {

/// Numbers until `to` is a multiple of 32 bytes.
size_t until_aligned(const float* to, size_t count) {
  const size_t past = reinterpret_cast<std::uintptr_t>(to) / sizeof(float) % kLanes;
  return smaller(count, past == 0 ? 0 : kLanes - past);
}

}  // namespace

ATTN_AVX2 void scale(const float* in, size_t count, float factor, float* out) {
  const __m256 by = _mm256_set1_ps(factor);
  size_t c = 0;
  for (; c + kLanes <= count; c += kLanes)
    _mm256_storeu_ps(out + c, _mm256_mul_ps(_mm256_loadu_ps(in + c), by));
  for (; c < count; ++c) out[c] = in[c] * factor;
}

ATTN_AVX2 void stream(const float* in, size_t count, float factor, float* out) {
  const __m256 by = _mm256_set1_ps(factor);
  size_t c = 0;
  for (const size_t start = until_aligned(out, count); c < start; ++c) out[c] = in[c] * factor;
  for (; c + kLanes <= count; c += kLanes)
    _mm256_stream_ps(out + c, _mm256_mul_ps(_mm256_loadu_ps(in + c), by));
  for (; c < count; ++c) out[c] = in[c] * factor;
}

ATTN_AVX2 void stream_zeros(size_t count, float* out) {
  size_t c = 0;
  for (const size_t start = until_aligned(out, count); c < start; ++c) out[c] = 0;
  for (; c + kLanes <= count; c += kLanes) _mm256_stream_ps(out + c, _mm256_setzero_ps());
  for (; c < count; ++c) out[c] = 0;
}

ATTN_AVX2 void end_streams() { _mm_sfence(); }

}  // namespace attn::kernel::avx2

#endif
