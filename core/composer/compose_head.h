#pragma once
// Parameters of one head written down so that it looks where one wishes, and copies what one wishes. Nothing
// is trained: each matrix follows from a formula. Other heads keep their numbers.

#include <cstddef>
#include <optional>
#include <vector>

#include "core/attention/input.h"
#include "core/composer/wish.h"

namespace attn {

/// Why a head cannot be composed. `needed` and `found` are numbers where the comment names them.
struct Hindrance {
  enum class Kind {
    no_dot_product,    ///< the score is not q · k alone: another score, or rotary positions
    over_features,     ///< attention over features has no tokens to look at
    no_softmax,        ///< the attention weights are not a softmax over the keys
    no_factor,         ///< the raw scores are multiplied by 0
    shared_keys,       ///< several query heads read one key/value head: needed heads, found key/value heads
    no_positions,      ///< x (or the source) says nothing of positions
    unlike_positions,  ///< sinusoids of different widths: needed d_model, found d_source
    narrow_head,       ///< d_k or d_v: needed columns, found columns
    narrow_output,     ///< needed columns, found d_out
    shared_output,     ///< heads are averaged before W_O
  };
  Kind kind;
  std::size_t needed = 0;
  std::size_t found = 0;
};

/// The column where one-hot positions begin: x[i, column + j] is 1 for i = j and 0 else, for all rows i and j
/// below rows(x). The leftmost one. Nothing where there are none.
std::optional<std::size_t> one_hot_positions(const SharedMatrix& x);

/// Why compose_head() or compose_copy() would refuse; nothing when it would not.
std::optional<Hindrance> hindrance(const Input& input, std::size_t head, const Wish& wish);
std::optional<Hindrance> copy_hindrance(const Input& input, std::size_t head,
                                        const std::vector<std::size_t>& columns);

/// The input with W_Q and W_K (and b_Q, b_K where they are needed or there) of one head set to a wish.
///
/// `strength` (≥ 0) is the sharpness: by how much the *scaled* score of a wished key is above that of every
/// other one, as far as positions go; so that of m keys it has an attention weight of at least e^s / (e^s + m
/// − 1). For a feature, and for a match, it is what the product of both sides is multiplied by in the scaled
/// score. What else is in the scores (a position's own bias, the words' own numbers where sinusoids are added
/// to them) is not counted. It stands in W_Q (or b_Q), divided by the scale; W_K holds no strength.
///
/// - One-hot positions e_i, enough columns (d_k ≥ n_keys): W_K brings e_j to unit vector j, W_Q brings e_i to
/// the wished
///   one. Fewer columns: both go to points on circles, (sin, cos)(2π c j / n_keys) for c = 1 … ⌊d_k / 2⌋;
///   equal angles have the largest product.
/// - Sinusoidal positions: W_K keeps the pairs (sin ω_c p, cos ω_c p) and W_Q turns them back by one step, by
/// the
///   rotation matrix [[cos ω_c, sin ω_c], [−sin ω_c, cos ω_c]] for row vectors, from sin(a − b) and cos(a −
///   b); that a shift is linear is Vaswani et al. 2017, section 3.5. As few pairs, from the fastest, as bring
///   99 % of the gap to the next best key that all pairs bring. `first` asks with b_Q, the sinusoid of
///   position 0.
/// - A feature: column 0 of the head is the feature, on both sides; b_Q asks where every query does.
/// - A match: column p of the head is pair p.
///
/// Throws std::invalid_argument where hindrance() says why, or an index or the strength is out of range.
Input compose_head(const Input& input, std::size_t head, const Wish& wish, double strength);

/// The input with W_V and W_O (and b_V) of one head set so that exactly these columns of the key side are
/// added to the same columns of the output. An identity W_O is written out first. Throws as compose_head().
Input compose_copy(const Input& input, std::size_t head, const std::vector<std::size_t>& columns);

/// A wish that a head's parameters carry out to the letter, with its strength.
struct Composed {
  Wish wish;
  double strength = 0.0;
};
/// Finds which of the wishes (previous, first, same, any feature, a match of `pairs` if there are any) the
/// head's parameters are, up to float32 rounding. Nothing for parameters of any other making.
std::optional<Composed> recognise_head(const Input& input, std::size_t head,
                                       const std::vector<ColumnPair>& pairs);
/// The columns of a head that copies as compose_copy() makes it; nothing for any other.
std::optional<std::vector<std::size_t>> recognise_copy(const Input& input, std::size_t head);

}  // namespace attn
