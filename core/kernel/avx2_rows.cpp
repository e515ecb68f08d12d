// Rows of long inputs, some keys at a time, in AVX2 and FMA.

#include "core/kernel/avx2_lanes.h"

#if defined(ATTN_HAS_AVX2_TABLE)

namespace attn::kernel::avx2 {
namespace {

constexpr size_t kEight = 8;  ///< groups of kPanel cells that are joined at a time

/// Of two numbers the one whose product with the factor is larger.
template <bool kNegative>
ATTN_AVX2_INLINE __m256 larger_once_scaled(__m256 a, __m256 b) {
  return kNegative ? _mm256_min_ps(a, b) : _mm256_max_ps(a, b);
}
template <bool kNegative>
struct LargerOnceScaled {
  ATTN_AVX2_INLINE __m256 operator()(__m256 a, __m256 b) const { return larger_once_scaled<kNegative>(a, b); }
};

/// Of one group, from each two lanes.
template <bool kNegative>
ATTN_AVX2_INLINE __m256 most_of_group(const float* cells) {
  return larger_once_scaled<kNegative>(_mm256_loadu_ps(cells), _mm256_loadu_ps(cells + kLanes));
}

/// Powers of two of one group, in place; returns the sums of each two lanes.
ATTN_AVX2_INLINE __m256 powers_of_group(float* cells, __m256 factor, __m256 maximum) {
  const __m256 left = power_of_two(_mm256_fmsub_ps(_mm256_loadu_ps(cells), factor, maximum));
  const __m256 right = power_of_two(_mm256_fmsub_ps(_mm256_loadu_ps(cells + kLanes), factor, maximum));
  _mm256_storeu_ps(cells, left);
  _mm256_storeu_ps(cells + kLanes, right);
  return _mm256_add_ps(left, right);
}

/// Writes what eight groups gave, as many of them as there are.
ATTN_AVX2_INLINE void store_groups(float* to, size_t count, __m256 values) {
  if (count >= kEight) {
    _mm256_storeu_ps(to, values);
  } else {
    _mm256_maskstore_ps(to, lanes_below(count), values);
  }
}

/// The largest score of a run once it is scaled, and that of each group where they are asked for.
template <bool kNegative>
ATTN_AVX2_INLINE float most_of_run(const ExponentialRun& run, size_t groups) {
  const __m256 none = _mm256_set1_ps(kNegative ? __builtin_inff() : -__builtin_inff());
  __m256 most = none;
  size_t g = 0;
  if (run.group_most != nullptr) {
    for (; g < groups; g += kEight) {
      __m256 halves[kEight];
#pragma GCC unroll 8
      for (size_t k = 0; k < kEight; ++k)
        halves[k] = g + k < groups ? most_of_group<kNegative>(run.row + (g + k) * kPanel) : none;
      const __m256 eight = joined(halves, LargerOnceScaled<kNegative>());
      store_groups(run.group_most + g, groups - g, eight);
      most = larger_once_scaled<kNegative>(most, eight);
    }
  }
  for (; g < groups; ++g)
    most = larger_once_scaled<kNegative>(most, most_of_group<kNegative>(run.row + g * kPanel));
  return kNegative ? -largest_of(_mm256_sub_ps(_mm256_setzero_ps(), most)) : largest_of(most);
}

}  // namespace

// Exponentials as powers of two, as softmax() makes them (avx2_softmax.cpp).
ATTN_AVX2 ExponentialSum running_exponentials(const ExponentialRun& run) {
  const size_t groups = (run.count + kPanel - 1) / kPanel;
  const float by = run.factor * kLog2E;
  const __m256 factor = _mm256_set1_ps(by);
  // Rounding keeps the order: the largest scaled score is that of the largest score.
  const float found = by * (by < 0 ? most_of_run<true>(run, groups) : most_of_run<false>(run, groups));
  const float maximum = found > run.maximum ? found : run.maximum;
  if (maximum == -__builtin_inff()) {
    for (size_t j = 0; j < groups * kPanel; j += kLanes) _mm256_storeu_ps(run.row + j, _mm256_setzero_ps());
    if (run.group_sums != nullptr)
      for (size_t g = 0; g < groups; ++g) run.group_sums[g] = 0;
    return {maximum, 0};
  }
  const __m256 less = _mm256_set1_ps(maximum);
  __m256 sum = _mm256_setzero_ps();
  if (run.group_sums != nullptr) {
    for (size_t g = 0; g < groups; g += kEight) {
      __m256 halves[kEight];
#pragma GCC unroll 8
      for (size_t k = 0; k < kEight; ++k) {
        halves[k] =
            g + k < groups ? powers_of_group(run.row + (g + k) * kPanel, factor, less) : _mm256_setzero_ps();
      }
      const __m256 eight = joined(halves, Adding());
      store_groups(run.group_sums + g, groups - g, eight);
      sum = _mm256_add_ps(sum, eight);
    }
  } else {
    for (size_t g = 0; g < groups; ++g)
      sum = _mm256_add_ps(sum, powers_of_group(run.row + g * kPanel, factor, less));
  }
  return {maximum, sum_of(sum)};
}

ATTN_AVX2 void shares(float* row, size_t count, float factor, float maximum, float share) {
  const __m256 by = _mm256_set1_ps(factor * kLog2E);
  const __m256 less = _mm256_set1_ps(maximum);
  const __m256 of = _mm256_set1_ps(share);
  size_t j = 0;
  for (; j + kLanes <= count; j += kLanes) {
    const __m256 power = power_of_two(_mm256_fmsub_ps(_mm256_loadu_ps(row + j), by, less));
    _mm256_storeu_ps(row + j, _mm256_mul_ps(power, of));
  }
  if (j == count) return;
  const __m256i lanes = lanes_below(count - j);
  const __m256 power = power_of_two(_mm256_fmsub_ps(_mm256_maskload_ps(row + j, lanes), by, less));
  _mm256_maskstore_ps(row + j, lanes, _mm256_mul_ps(power, of));
}

ATTN_AVX2 void add_groups(const float* row, size_t groups, const GroupValues& to) {
  for (size_t g = 0; g < groups; g += kEight) {
    __m256 sums[kEight];
    __m256 most[kEight];
    __m256 least[kEight];
#pragma GCC unroll 8
    for (size_t k = 0; k < kEight; ++k) {
      const float* cells = row + (g + k < groups ? g + k : g) * kPanel;
      const __m256 left = _mm256_loadu_ps(cells);
      const __m256 right = _mm256_loadu_ps(cells + kLanes);
      sums[k] = _mm256_add_ps(left, right);
      most[k] = _mm256_max_ps(left, right);
      least[k] = _mm256_min_ps(left, right);
    }
    const __m256i lanes = lanes_below(groups - g);
    const auto put = [&](float* at, __m256 values) __attribute__((target("avx2,fma"), always_inline)) {
      _mm256_maskstore_ps(at + g, lanes, values);
    };
    put(to.sums, _mm256_add_ps(_mm256_maskload_ps(to.sums + g, lanes), joined(sums, Adding())));
    put(to.most, _mm256_max_ps(_mm256_maskload_ps(to.most + g, lanes), joined(most, Largest())));
    put(to.least, _mm256_min_ps(_mm256_maskload_ps(to.least + g, lanes), joined(least, Least())));
  }
}

}  // namespace attn::kernel::avx2

#endif
