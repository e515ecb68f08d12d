// The table for processors with AVX2 and FMA.
//
// Each function here is compiled for AVX2 by its own attribute, the file is not: nothing of the standard
// library or of another header that is inlined elsewhere too can come out of it with AVX2 inside (the linker
// keeps one copy of an inline function, from whichever file it likes). For the same reason no templates of
// Eigen.

#include "core/kernel/kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#include "core/kernel/tables.h"

#define ATTN_AVX2 __attribute__((target("avx2,fma")))
#define ATTN_AVX2_INLINE __attribute__((target("avx2,fma"), always_inline)) inline

namespace attn::kernel {
namespace {

using std::size_t;

constexpr size_t kLanes = 8;
/// Inner indices that are worked through at a time: 256 rows of a panel are 16 KB, half of the first cache.
constexpr size_t kInnerBlock = 256;

size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// Lanes below `count` are set.
ATTN_AVX2_INLINE __m256i lanes_below(size_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

// ---- products ----

template <bool kFused>
ATTN_AVX2_INLINE __m256 add_product(__m256 a, __m256 b, __m256 sum) {
  return kFused ? _mm256_fmadd_ps(a, b, sum) : _mm256_add_ps(sum, _mm256_mul_ps(a, b));
}

/// One tile of a product: kRows × 16 cells in twelve registers, one row of b and one number of a at a time.
/// kEdge: fewer than 16 columns.
template <int kRows, bool kFused, bool kEdge>
ATTN_AVX2 void tile(const float* a, size_t a_stride, const float* b, size_t b_stride, size_t inner,
                    float* out, size_t out_stride, size_t columns, bool add) {
  __m256 left[kRows];
  __m256 right[kRows];
  const __m256i in_left = kEdge ? lanes_below(columns) : _mm256_setzero_si256();
  const __m256i in_right =
      kEdge ? lanes_below(columns > kLanes ? columns - kLanes : 0) : _mm256_setzero_si256();
#pragma GCC unroll 6
  for (int r = 0; r < kRows; ++r) {
    const float* cells = out + static_cast<size_t>(r) * out_stride;
    left[r] = _mm256_setzero_ps();
    right[r] = _mm256_setzero_ps();
    if (!add) continue;
    left[r] = kEdge ? _mm256_maskload_ps(cells, in_left) : _mm256_loadu_ps(cells);
    right[r] = kEdge ? _mm256_maskload_ps(cells + kLanes, in_right) : _mm256_loadu_ps(cells + kLanes);
  }
  for (size_t t = 0; t < inner; ++t) {
    const __m256 b_left = kEdge ? _mm256_maskload_ps(b, in_left) : _mm256_loadu_ps(b);
    const __m256 b_right = kEdge ? _mm256_maskload_ps(b + kLanes, in_right) : _mm256_loadu_ps(b + kLanes);
#pragma GCC unroll 6
    for (int r = 0; r < kRows; ++r) {
      const __m256 factor = _mm256_broadcast_ss(a + static_cast<size_t>(r) * a_stride + t);
      left[r] = add_product<kFused>(factor, b_left, left[r]);
      right[r] = add_product<kFused>(factor, b_right, right[r]);
    }
    b += b_stride;
  }
#pragma GCC unroll 6
  for (int r = 0; r < kRows; ++r) {
    float* cells = out + static_cast<size_t>(r) * out_stride;
    if (kEdge) {
      _mm256_maskstore_ps(cells, in_left, left[r]);
      _mm256_maskstore_ps(cells + kLanes, in_right, right[r]);
    } else {
      _mm256_storeu_ps(cells, left[r]);
      _mm256_storeu_ps(cells + kLanes, right[r]);
    }
  }
}

using Tile = void (*)(const float*, size_t, const float*, size_t, size_t, float*, size_t, size_t, bool);

template <bool kFused, bool kEdge>
constexpr Tile kTiles[kTileRows] = {tile<1, kFused, kEdge>, tile<2, kFused, kEdge>, tile<3, kFused, kEdge>,
                                    tile<4, kFused, kEdge>, tile<5, kFused, kEdge>, tile<6, kFused, kEdge>};

template <bool kFused>
void multiply_tiles(const Product& p) {
  if (p.inner == 0 && !p.add) {
    for (size_t r = 0; r < p.rows; ++r)
      for (size_t c = 0; c < p.columns; ++c) p.out[r * p.out_stride + c] = 0;
  }
  for (size_t t = 0; t < p.inner; t += kInnerBlock) {
    const size_t inner = smaller(kInnerBlock, p.inner - t);
    for (size_t c = 0; c < p.columns; c += kPanel) {
      const size_t columns = smaller(kPanel, p.columns - c);
      const float* b = p.b + c / kPanel * p.b_panel_step + t * p.b_stride;
      const Tile* tiles = columns == kPanel ? kTiles<kFused, false> : kTiles<kFused, true>;
      for (size_t r = 0; r < p.rows; r += kTileRows) {
        const size_t rows = smaller(kTileRows, p.rows - r);
        tiles[rows - 1](p.a + r * p.a_stride + t, p.a_stride, b, p.b_stride, inner,
                        p.out + r * p.out_stride + c, p.out_stride, columns, p.add || t != 0);
      }
    }
  }
}

ATTN_AVX2 double only_multiply(size_t rounds) {
  constexpr size_t kChains = 12;  // enough to hide that each waits for itself
  __m256 sums[kChains];
  for (__m256& sum : sums) sum = _mm256_set1_ps(1.0f);
  const __m256 factor = _mm256_set1_ps(0.999f);
  for (size_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (__m256& sum : sums) asm volatile("vfmadd213ps %1, %1, %0" : "+x"(sum) : "x"(factor));
  }
  return 2.0 * kChains * kLanes * static_cast<double>(rounds);
}

// ---- panels ----

ATTN_AVX2 void pack(const float* b, size_t stride, size_t inner, size_t columns, float* panels,
                    size_t panel_inner) {
  for (size_t c = 0; c < columns; c += kPanel, panels += panel_inner * kPanel) {
    const size_t count = smaller(kPanel, columns - c);
    const __m256i in_left = lanes_below(count);
    const __m256i in_right = lanes_below(count > kLanes ? count - kLanes : 0);
    for (size_t t = 0; t < inner; ++t) {
      const float* from = b + t * stride + c;
      _mm256_storeu_ps(panels + t * kPanel, _mm256_maskload_ps(from, in_left));
      _mm256_storeu_ps(panels + t * kPanel + kLanes, _mm256_maskload_ps(from + kLanes, in_right));
    }
  }
}

/// Eight rows of eight become eight columns of eight, kPanel apart.
ATTN_AVX2_INLINE void transpose_8x8(const float* from, size_t stride, float* to) {
  __m256 r[8];
#pragma GCC unroll 8
  for (size_t i = 0; i < 8; ++i) r[i] = _mm256_loadu_ps(from + i * stride);
  __m256 pairs[8];
#pragma GCC unroll 4
  for (size_t i = 0; i < 4; ++i) {
    pairs[2 * i] = _mm256_unpacklo_ps(r[2 * i], r[2 * i + 1]);
    pairs[2 * i + 1] = _mm256_unpackhi_ps(r[2 * i], r[2 * i + 1]);
  }
  __m256 fours[8];  // element k of rows 0–3, then of rows 4–7
#pragma GCC unroll 2
  for (size_t i = 0; i < 2; ++i) {
    fours[4 * i] = _mm256_shuffle_ps(pairs[4 * i], pairs[4 * i + 2], 0x44);
    fours[4 * i + 1] = _mm256_shuffle_ps(pairs[4 * i], pairs[4 * i + 2], 0xEE);
    fours[4 * i + 2] = _mm256_shuffle_ps(pairs[4 * i + 1], pairs[4 * i + 3], 0x44);
    fours[4 * i + 3] = _mm256_shuffle_ps(pairs[4 * i + 1], pairs[4 * i + 3], 0xEE);
  }
#pragma GCC unroll 4
  for (size_t k = 0; k < 4; ++k) {
    _mm256_storeu_ps(to + k * kPanel, _mm256_permute2f128_ps(fours[k], fours[k + 4], 0x20));
    _mm256_storeu_ps(to + (k + 4) * kPanel, _mm256_permute2f128_ps(fours[k], fours[k + 4], 0x31));
  }
}

ATTN_AVX2 void pack_transposed(const float* b, size_t stride, size_t columns, size_t inner, float* panels) {
  for (size_t c = 0; c < columns; c += kPanel, panels += inner * kPanel) {
    for (size_t half = 0; half < kPanel; half += kLanes) {
      const size_t first = c + half;
      const size_t count = first >= columns ? 0 : smaller(kLanes, columns - first);
      size_t t = 0;
      if (count == kLanes) {
        for (; t + kLanes <= inner; t += kLanes)
          transpose_8x8(b + first * stride + t, stride, panels + t * kPanel + half);
      }
      for (; t < inner; ++t) {
        float* to = panels + t * kPanel + half;
        for (size_t j = 0; j < count; ++j) to[j] = b[(first + j) * stride + t];
        for (size_t j = count; j < kLanes; ++j) to[j] = 0;
      }
    }
  }
}

// ---- softmax ----

/// exp(x) for x ≤ 0: 2^n · exp(r) with n = round(x / ln 2) and |r| ≤ ln 2 / 2, exp(r) from a polynomial of
/// degree 6 (minimax, relative error under 4e-9), n added to the exponent's bits. ln 2 comes in two parts, so
/// that r is exact to rounding (Cody and Waite). Under −87.33 the result is 0; x = −∞ is among that.
ATTN_AVX2_INLINE __m256 exponential(__m256 x) {
  const __m256 kSmallest = _mm256_set1_ps(-87.33f);
  const __m256 kShift = _mm256_set1_ps(12582912.0f);  // 1.5 · 2^23: adding it rounds to a whole number
  const __m256 clamped = _mm256_max_ps(x, kSmallest);
  const __m256 shifted = _mm256_fmadd_ps(clamped, _mm256_set1_ps(1.44269504f), kShift);
  const __m256 n = _mm256_sub_ps(shifted, kShift);
  __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(0.693145752f), clamped);
  r = _mm256_fnmadd_ps(n, _mm256_set1_ps(1.42860677e-6f), r);
  __m256 p = _mm256_set1_ps(1.38145988e-3f);
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(8.36871751e-3f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(4.1668389e-2f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.66665211e-1f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(0.49999994f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f));
  const __m256i bits =
      _mm256_add_epi32(_mm256_castps_si256(p), _mm256_slli_epi32(_mm256_castps_si256(shifted), 23));
  return _mm256_and_ps(_mm256_castsi256_ps(bits), _mm256_cmp_ps(x, kSmallest, _CMP_GE_OQ));
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

ATTN_AVX2_INLINE void zeros(float* to, float* end) {
  for (; to + kLanes <= end; to += kLanes) _mm256_storeu_ps(to, _mm256_setzero_ps());
  for (; to < end; ++to) *to = 0;
}

ATTN_AVX2 void softmax(const SoftmaxRow& s) {
  zeros(s.row, s.row + s.first);
  zeros(s.row + s.last, s.row + s.count);
  if (s.first >= s.last) return zeros(s.row, s.row + s.count);
  float* const begin = s.row + s.first;
  const size_t count = s.last - s.first;
  const size_t whole = count / kLanes * kLanes;
  const __m256i in_rest = lanes_below(count - whole);
  const __m256 hidden = _mm256_set1_ps(-__builtin_inff());
  const __m256 factor = _mm256_set1_ps(s.factor);
  // The cells past the last whole register, −∞ in the lanes that are not of the row.
  const __m256 rest =
      _mm256_blendv_ps(hidden, _mm256_mul_ps(_mm256_maskload_ps(begin + whole, in_rest), factor),
                       _mm256_castsi256_ps(in_rest));
  __m256 most[2] = {rest, hidden};
  size_t j = 0;
  for (; j + 2 * kLanes <= whole; j += 2 * kLanes) {
    most[0] = _mm256_max_ps(most[0], _mm256_mul_ps(_mm256_loadu_ps(begin + j), factor));
    most[1] = _mm256_max_ps(most[1], _mm256_mul_ps(_mm256_loadu_ps(begin + j + kLanes), factor));
  }
  if (j < whole) most[0] = _mm256_max_ps(most[0], _mm256_mul_ps(_mm256_loadu_ps(begin + j), factor));
  const float largest = largest_of(_mm256_max_ps(most[0], most[1]));
  if (largest == -__builtin_inff()) return zeros(begin, begin + count);

  const __m256 maximum = _mm256_set1_ps(largest);
  __m256 sums[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
  for (j = 0; j + 2 * kLanes <= whole; j += 2 * kLanes) {
    const __m256 first =
        exponential(_mm256_sub_ps(_mm256_mul_ps(_mm256_loadu_ps(begin + j), factor), maximum));
    const __m256 second =
        exponential(_mm256_sub_ps(_mm256_mul_ps(_mm256_loadu_ps(begin + j + kLanes), factor), maximum));
    _mm256_storeu_ps(begin + j, first);
    _mm256_storeu_ps(begin + j + kLanes, second);
    sums[0] = _mm256_add_ps(sums[0], first);
    sums[1] = _mm256_add_ps(sums[1], second);
  }
  if (j < whole) {
    const __m256 e = exponential(_mm256_sub_ps(_mm256_mul_ps(_mm256_loadu_ps(begin + j), factor), maximum));
    _mm256_storeu_ps(begin + j, e);
    sums[0] = _mm256_add_ps(sums[0], e);
  }
  const __m256 e_rest = exponential(_mm256_sub_ps(rest, maximum));
  const float sum = sum_of(_mm256_add_ps(_mm256_add_ps(sums[0], sums[1]), e_rest));
  const __m256 share = _mm256_set1_ps(1.0f / sum);
  for (j = 0; j < whole; j += kLanes)
    _mm256_storeu_ps(begin + j, _mm256_mul_ps(_mm256_loadu_ps(begin + j), share));
  _mm256_maskstore_ps(begin + whole, in_rest, _mm256_mul_ps(e_rest, share));
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
  __m256i most = _mm256_setzero_si256();
  size_t c = 0;
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

// ---- writing past the caches ----

/// Numbers until `to` is a multiple of 32 bytes.
size_t until_aligned(const float* to, size_t count) {
  const size_t past = reinterpret_cast<std::uintptr_t>(to) / sizeof(float) % kLanes;
  return smaller(count, past == 0 ? 0 : kLanes - past);
}

ATTN_AVX2 void stream(const float* in, size_t count, float* out) {
  size_t c = 0;
  for (const size_t start = until_aligned(out, count); c < start; ++c) out[c] = in[c];
  for (; c + kLanes <= count; c += kLanes) _mm256_stream_ps(out + c, _mm256_loadu_ps(in + c));
  for (; c < count; ++c) out[c] = in[c];
}

ATTN_AVX2 void stream_zeros(size_t count, float* out) {
  size_t c = 0;
  for (const size_t start = until_aligned(out, count); c < start; ++c) out[c] = 0;
  for (; c + kLanes <= count; c += kLanes) _mm256_stream_ps(out + c, _mm256_setzero_ps());
  for (; c < count; ++c) out[c] = 0;
}

ATTN_AVX2 void end_streams() { _mm_sfence(); }

constexpr Table kAvx2 = {.pack = pack,
                         .pack_transposed = pack_transposed,
                         .multiply = multiply_tiles<true>,
                         .multiply_unfused = multiply_tiles<false>,
                         .softmax = softmax,
                         .exponentials = exponentials,
                         .stream = stream,
                         .stream_zeros = stream_zeros,
                         .end_streams = end_streams,
                         .only_multiply = only_multiply,
                         .largest = largest};

}  // namespace

const Table* avx2_table() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kAvx2 : nullptr;
}

}  // namespace attn::kernel

#else

#include "core/kernel/tables.h"

namespace attn::kernel {
const Table* avx2_table() { return nullptr; }
}  // namespace attn::kernel

#endif
