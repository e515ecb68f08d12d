#include "core/attention/ops.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/attention/input.h"
#include "core/attention/philox.h"
#include "core/attention/stage_range.h"

namespace attn {
namespace {

template <class T>
constexpr T kHidden = -std::numeric_limits<T>::infinity();

constexpr double kPositionBase = 10000.0;

/// How softmax treats one line of scores, a row or a column alike: `count` numbers, `step` apart.
template <class T>
void softmax_line(const T* scores, std::size_t score_step, T* out, std::size_t out_step, std::size_t count) {
  T maximum = kHidden<T>;
  for (std::size_t k = 0; k < count; ++k) maximum = std::max(maximum, scores[k * score_step]);
  if (maximum == kHidden<T>) {  // nothing visible: −∞ − −∞ would be NaN
    for (std::size_t k = 0; k < count; ++k) out[k * out_step] = 0;
    return;
  }
  T sum = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const T e = std::exp(scores[k * score_step] - maximum);
    out[k * out_step] = e;
    sum += e;
  }
  for (std::size_t k = 0; k < count; ++k) out[k * out_step] /= sum;
}

template <class T>
void softmax_line_without_max(const T* scores, std::size_t score_step, T* out, std::size_t out_step,
                              std::size_t count) {
  T sum = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const T e = std::exp(scores[k * score_step]);
    out[k * out_step] = e;
    sum += e;
  }
  for (std::size_t k = 0; k < count; ++k) {
    // A hidden cell stays 0 whatever the sum has become: masking never gives NaN.
    if (scores[k * score_step] == kHidden<T>) {
      out[k * out_step] = 0;
    } else {
      out[k * out_step] /= sum;
    }
  }
}

}  // namespace

template <class T>
void add_to(MatrixView<const T> in, MatrixView<T> out) {
  for (std::size_t i = 0; i < in.rows; ++i) {
    for (std::size_t j = 0; j < in.columns; ++j) out(i, j) += in(i, j);
  }
}

template <class T>
void add_to_rows(MatrixView<T> m, std::span<const T> vector) {
  for (std::size_t i = 0; i < m.rows; ++i) {
    for (std::size_t j = 0; j < m.columns; ++j) m(i, j) += vector[j];
  }
}

double sinusoidal_position(std::size_t position, std::size_t column, std::size_t d) {
  const auto even = static_cast<double>(column - column % 2);
  const double angle = static_cast<double>(position) / std::pow(kPositionBase, even / static_cast<double>(d));
  return column % 2 == 0 ? std::sin(angle) : std::cos(angle);
}

double rotary_angle(std::size_t position, std::size_t pair, std::size_t d_k) {
  const double exponent = -2.0 * static_cast<double>(pair) / static_cast<double>(d_k);
  return static_cast<double>(position) * std::pow(kPositionBase, exponent);
}

template <class T>
void rotate_pairs(MatrixView<const T> in, MatrixView<T> out, std::size_t first) {
  for (std::size_t p = 0; p < in.rows; ++p) {
    for (std::size_t c = 0; 2 * c < in.columns; ++c) {
      const double angle = rotary_angle(first + p, c, in.columns);
      const T cosine = static_cast<T>(std::cos(angle));
      const T sine = static_cast<T>(std::sin(angle));
      const T a = in(p, 2 * c);
      const T b = in(p, 2 * c + 1);
      out(p, 2 * c) = a * cosine - b * sine;
      out(p, 2 * c + 1) = a * sine + b * cosine;
    }
  }
}

double alibi_slope(std::size_t head, std::size_t n_heads) {
  return std::exp2(-8.0 * static_cast<double>(head + 1) / static_cast<double>(n_heads));
}

template <class T>
void normalise_rows(MatrixView<const T> in, MatrixView<T> out) {
  for (std::size_t i = 0; i < in.rows; ++i) {
    T largest = 0;
    for (const T value : in.row(i)) largest = std::max(largest, std::abs(value));
    if (largest == T{0}) {
      std::ranges::fill(out.row(i), T{0});
      continue;
    }
    T squares = 0;
    for (std::size_t t = 0; t < in.columns; ++t) {
      out(i, t) = in(i, t) / largest;
      squares += out(i, t) * out(i, t);
    }
    const T length = std::sqrt(squares);
    for (T& value : out.row(i)) value /= length;
  }
}

template <class T>
void additive_scores(MatrixView<const T> q, MatrixView<const T> k, std::span<const T> v, MatrixView<T> out) {
  for (std::size_t i = 0; i < q.rows; ++i) {
    for (std::size_t j = 0; j < k.rows; ++j) {
      T sum = 0;
      for (std::size_t t = 0; t < v.size(); ++t) sum += v[t] * std::tanh(q(i, t) + k(j, t));
      out(i, j) = sum;
    }
  }
}

template <class T>
void scale_scores(MatrixView<const T> scores, T factor, MatrixView<T> out) {
  for (std::size_t i = 0; i < scores.rows; ++i) {
    const T* in = scores.row(i).data();
    T* to = out.row(i).data();
    for (std::size_t j = 0; j < scores.columns; ++j) to[j] = in[j] * factor;
  }
}

template <class T>
void add_alibi(MatrixView<const T> in, double slope, MatrixView<T> out, const Place& at) {
  for (std::size_t row = 0; row < in.rows; ++row) {
    for (std::size_t column = 0; column < in.columns; ++column) {
      const std::size_t i = at.row + row;
      const std::size_t j = at.column + column;
      const double distance = static_cast<double>(i > j ? i - j : j - i);
      out(row, column) = in(row, column) + static_cast<T>(-slope * distance);
    }
  }
}

template <class T>
void apply_mask(MatrixView<const T> scores, const MaskConfig& mask, MatrixView<T> out, const Place& at) {
  const T hidden = mask.hidden_value ? static_cast<T>(*mask.hidden_value) : kHidden<T>;
  for (std::size_t i = 0; i < scores.rows; ++i) {
    // Of the row's cells at.column, at.column + 1, … those in one run are left by causal mask and window.
    const CellRun run = visible_run(mask, at.row + i, at.column + scores.columns);
    const std::size_t first = std::max(run.first, at.column) - at.column;
    const std::size_t last = std::max(std::max(run.last, run.first), at.column) - at.column;
    const std::span<const T> in = scores.row(i);
    const std::span<T> to = out.row(i);
    std::ranges::fill(to.first(std::min(first, last)), hidden);
    std::ranges::fill(to.subspan(last), hidden);
    if (first >= last) continue;
    std::ranges::copy(in.subspan(first, last - first), to.begin() + static_cast<std::ptrdiff_t>(first));
    if (!masks_by_cells(mask)) continue;
    for (std::size_t j = first; j < last; ++j) {
      if (!visible(mask, at.row + i, at.column + j)) to[j] = hidden;
    }
  }
}

template <class T>
void softmax_rows(MatrixView<const T> scores, MatrixView<T> out) {
  for (std::size_t i = 0; i < scores.rows; ++i) {
    softmax_line(scores.row(i).data(), 1, out.row(i).data(), 1, scores.columns);
  }
}

template <class T>
void softmax_columns(MatrixView<const T> scores, MatrixView<T> out) {
  for (std::size_t j = 0; j < scores.columns; ++j) {
    softmax_line(scores.data + j, scores.stride, out.data + j, out.stride, scores.rows);
  }
}

template <class T>
void softmax_rows_without_max(MatrixView<const T> scores, MatrixView<T> out) {
  for (std::size_t i = 0; i < scores.rows; ++i) {
    softmax_line_without_max(scores.row(i).data(), 1, out.row(i).data(), 1, scores.columns);
  }
}

template <class T>
void softmax_columns_without_max(MatrixView<const T> scores, MatrixView<T> out) {
  for (std::size_t j = 0; j < scores.columns; ++j) {
    softmax_line_without_max(scores.data + j, scores.stride, out.data + j, out.stride, scores.rows);
  }
}

template <class T>
void scores_as_weights(MatrixView<const T> scores, MatrixView<T> out) {
  for (std::size_t i = 0; i < scores.rows; ++i) {
    for (std::size_t j = 0; j < scores.columns; ++j) {
      out(i, j) = scores(i, j) == kHidden<T> ? T{0} : scores(i, j);
    }
  }
}

double dropout_uniform(std::uint64_t seed, std::size_t head, std::size_t i, std::size_t j) {
  const std::array<std::uint32_t, 4> words = philox(
      seed,
      {static_cast<std::uint32_t>(j), static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(head), 0});
  return static_cast<double>(words[0]) * 0x1p-32;
}

template <class T>
void apply_dropout(MatrixView<const T> weights, const Dropout& dropout, std::size_t head, MatrixView<T> out,
                   const Place& at) {
  const T keep = static_cast<T>(1.0 - dropout.p);
  for (std::size_t i = 0; i < weights.rows; ++i) {
    for (std::size_t j = 0; j < weights.columns; ++j) {
      const double u = dropout_uniform(dropout.seed, head, at.row + i, at.column + j);
      out(i, j) = u >= dropout.p ? weights(i, j) / keep : T{0};
    }
  }
}

#define ATTN_INSTANTIATE(T)                                                                         \
  template void add_to<T>(MatrixView<const T>, MatrixView<T>);                                      \
  template void add_to_rows<T>(MatrixView<T>, std::span<const T>);                                  \
  template void rotate_pairs<T>(MatrixView<const T>, MatrixView<T>, std::size_t);                   \
  template void normalise_rows<T>(MatrixView<const T>, MatrixView<T>);                              \
  template void additive_scores<T>(MatrixView<const T>, MatrixView<const T>, std::span<const T>,    \
                                   MatrixView<T>);                                                  \
  template void scale_scores<T>(MatrixView<const T>, T, MatrixView<T>);                             \
  template void add_alibi<T>(MatrixView<const T>, double, MatrixView<T>, const Place&);             \
  template void apply_mask<T>(MatrixView<const T>, const MaskConfig&, MatrixView<T>, const Place&); \
  template void softmax_rows<T>(MatrixView<const T>, MatrixView<T>);                                \
  template void softmax_columns<T>(MatrixView<const T>, MatrixView<T>);                             \
  template void softmax_rows_without_max<T>(MatrixView<const T>, MatrixView<T>);                    \
  template void softmax_columns_without_max<T>(MatrixView<const T>, MatrixView<T>);                 \
  template void scores_as_weights<T>(MatrixView<const T>, MatrixView<T>);                           \
  template void apply_dropout<T>(MatrixView<const T>, const Dropout&, std::size_t, MatrixView<T>,   \
                                 const Place&);

ATTN_INSTANTIATE(float)
ATTN_INSTANTIATE(double)
#undef ATTN_INSTANTIATE

}  // namespace attn
