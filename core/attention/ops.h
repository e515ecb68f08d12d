#pragma once
// The operations that attention is made of, each as its formula reads. Views, no allocation of results;
// every function is instantiated for float (what runs) and double (the judge).

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/attention/config.h"
#include "core/attention/matrix.h"

namespace attn {

/// Where the first cell of a block of scores lies among all queries and keys.
struct Place {
  std::size_t row = 0;
  std::size_t column = 0;
};

/// Multiplications up to which a float32 product rounds each operation on its own, in ascending order of the
/// inner index, on every machine: 64 words of width 64 with 64 others. Larger ones are for speed
/// (multiply.cpp).
inline constexpr std::size_t kLargestUnfused = std::size_t{1} << 18;
/// Whether rows · inner · columns ≤ kLargestUnfused.
inline constexpr bool is_unfused(std::size_t rows, std::size_t inner, std::size_t columns) {
  return rows * columns <= kLargestUnfused && rows * columns * inner <= kLargestUnfused;
}

/// out = a · b.  a [rows, inner], b [inner, columns], out [rows, columns].
template <class T>
void multiply(MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out);
/// out = a · bᵀ.  a [rows, inner], b [columns, inner].
template <class T>
void multiply_transposed(MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out);
/// out = aᵀ · b.  a [inner, rows], b [inner, columns].
template <class T>
void transposed_multiply(MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out);

/// out += in, cell by cell.
template <class T>
void add_to(MatrixView<const T> in, MatrixView<T> out);

/// Adds the vector to every row.
template <class T>
void add_to_rows(MatrixView<T> m, std::span<const T> vector);

/// The sinusoidal position code of one position and column of a vector of width d: column 2c holds
/// sin(p / 10000^(2c/d)), column 2c+1 the cosine of the same angle. Source: Vaswani et al. 2017, §3.5.
double sinusoidal_position(std::size_t position, std::size_t column, std::size_t d);

/// The angle by which rotary positions turn the pair (2c, 2c+1) of a vector of width d_k:
/// p · 10000^(−2c/d_k). Source: Su et al. 2021 (RoFormer), §3.2.2.
double rotary_angle(std::size_t position, std::size_t pair, std::size_t d_k);

/// Turns every pair of every row by its angle: (a cos − b sin, a sin + b cos). in, out [n, d_k], d_k even;
/// the first row is at position `first`.
template <class T>
void rotate_pairs(MatrixView<const T> in, MatrixView<T> out, std::size_t first = 0);

/// 2^(−8(i+1)/h): how steeply head i of h forgets with distance. Source: Press et al. 2021 (ALiBi), §3.
double alibi_slope(std::size_t head, std::size_t n_heads);

/// Every row divided by its length; a row of zeros stays zero. Divides by the largest component first,
/// so that tiny and huge vectors keep their direction. in, out [n, d].
template <class T>
void normalise_rows(MatrixView<const T> in, MatrixView<T> out);

/// Additive score: out[i,j] = Σ_t v[t] · tanh(q[i,t] + k[j,t]), with q and k already projected.
/// q [n_queries, d_a], k [n_keys, d_a], v [d_a]. Source: Bahdanau et al. 2015, appendix A.1.2.
template <class T>
void additive_scores(MatrixView<const T> q, MatrixView<const T> k, std::span<const T> v, MatrixView<T> out);

/// Every score times the factor.
template <class T>
void scale_scores(MatrixView<const T> scores, T factor, MatrixView<T> out);

/// out[i,j] = in[i,j] − slope · |i − j|. The scores are a block that begins at `at`; in and out may be the
/// same.
template <class T>
void add_alibi(MatrixView<const T> in, double slope, MatrixView<T> out, const Place& at = {});

/// Cells that the mask hides become −∞, or hidden_value where one is set. The scores are a block that begins
/// at `at`.
template <class T>
void apply_mask(MatrixView<const T> scores, const MaskConfig& mask, MatrixView<T> out, const Place& at = {});

/// Softmax over the keys of every query: out[i,j] = exp(s[i,j] − max_i) / Σ_k exp(s[i,k] − max_i).
/// −∞ marks a hidden key. Rows sum to 1; a row with no visible key is all zeros: it attends to nothing.
/// Source: Vaswani et al. 2017, eq. 1; subtracting the maximum keeps exp() finite.
template <class T>
void softmax_rows(MatrixView<const T> scores, MatrixView<T> out);
/// The same over the queries of every key: columns sum to 1. A common mistake, offered as a setting.
template <class T>
void softmax_columns(MatrixView<const T> scores, MatrixView<T> out);
/// exp(s) / Σ exp(s) without removing the maximum: overflows where exp() does, and the inf or NaN stands.
/// Hidden cells are 0 all the same.
template <class T>
void softmax_rows_without_max(MatrixView<const T> scores, MatrixView<T> out);
template <class T>
void softmax_columns_without_max(MatrixView<const T> scores, MatrixView<T> out);
/// No normalisation: the masked score itself, hidden (−∞) cells 0.
template <class T>
void scores_as_weights(MatrixView<const T> scores, MatrixView<T> out);

/// The uniform number u in [0, 1) that decides whether dropout keeps weight (head, i, j): the first word
/// of Philox4x32-10 with key = seed (low, high word) and counter (j, i, head, 0), times 2^−32.
/// Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
double dropout_uniform(std::uint64_t seed, std::size_t head, std::size_t i, std::size_t j);

/// Kept weights (u ≥ p) divided by 1 − p, the others 0. The weights are a block that begins at `at`.
template <class T>
void apply_dropout(MatrixView<const T> weights, const Dropout& dropout, std::size_t head, MatrixView<T> out,
                   const Place& at = {});

}  // namespace attn
