// Products of matrices in AVX2 and FMA.

#include "core/kernel/avx2.h"

#if defined(ATTN_HAS_AVX2_TABLE)

namespace attn::kernel::avx2 {
namespace {

/// Inner indices that are worked through at a time: 768 rows of a panel are 48 KB. That is more than the
/// first cache, but the panel is read from front to back, and the second gives it fast enough; with fewer,
/// the cells of a tile are loaded and stored more often, which cost 5 % with 256.
constexpr size_t kInnerBlock = 768;

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
      // The next panel's numbers are on their way while this one is worked with, some for each tile of rows.
      const float* const next = b + p.b_panel_step;
      const size_t ahead = c + kPanel < p.columns ? (inner * kTileRows + p.rows - 1) / p.rows : 0;
      for (size_t r = 0; r < p.rows; r += kTileRows) {
        for (size_t k = r / kTileRows * ahead, end = smaller(inner, k + ahead); k < end; ++k)
          _mm_prefetch(reinterpret_cast<const char*>(next + k * p.b_stride), _MM_HINT_T0);
        const size_t rows = smaller(kTileRows, p.rows - r);
        tiles[rows - 1](p.a + r * p.a_stride + t, p.a_stride, b, p.b_stride, inner,
                        p.out + r * p.out_stride + c, p.out_stride, columns, p.add || t != 0);
      }
    }
  }
}

}  // namespace

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

namespace {

/// Up to eight rows of eight become columns of eight, kPanel apart; the rows that are not there are 0.
template <bool kAllRows>
ATTN_AVX2_INLINE void transpose_8x8(const float* from, size_t stride, size_t rows, float* to) {
  __m256 r[8];
#pragma GCC unroll 8
  for (size_t i = 0; i < 8; ++i)
    r[i] = kAllRows || i < rows ? _mm256_loadu_ps(from + i * stride) : _mm256_setzero_ps();
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

}  // namespace

ATTN_AVX2 void pack_transposed(const float* b, size_t stride, size_t columns, size_t inner, float* panels) {
  for (size_t c = 0; c < columns; c += kPanel, panels += inner * kPanel) {
    for (size_t half = 0; half < kPanel; half += kLanes) {
      const size_t first = c + half;
      const size_t count = first >= columns ? 0 : smaller(kLanes, columns - first);
      size_t t = 0;
      for (; t + kLanes <= inner; t += kLanes) {
        const float* from = b + (count == 0 ? 0 : first * stride) + t;
        float* to = panels + t * kPanel + half;
        count == kLanes ? transpose_8x8<true>(from, stride, count, to)
                        : transpose_8x8<false>(from, stride, count, to);
      }
      for (; t < inner; ++t) {
        float* to = panels + t * kPanel + half;
        for (size_t j = 0; j < count; ++j) to[j] = b[(first + j) * stride + t];
        for (size_t j = count; j < kLanes; ++j) to[j] = 0;
      }
    }
  }
}

void multiply(const Product& product) { multiply_tiles<true>(product); }
void multiply_unfused(const Product& product) { multiply_tiles<false>(product); }

}  // namespace attn::kernel::avx2

#endif
