#pragma once
// From the trace of one input to that of another in which a few words have moved: what a drag needs. Every
// number that is computed anew is computed from the vectors, never from its old value, so that any number of
// updates is as near to the exact value as one forward pass.

#include <cstddef>
#include <optional>
#include <vector>

#include "core/attention/arrays.h"
#include "core/attention/backend.h"
#include "core/attention/input.h"

namespace attn {

/// The words whose vectors differ between two inputs that are otherwise the same, in ascending order.
struct MovedWords {
  std::vector<std::size_t> queries;
  std::vector<std::size_t> keys;  ///< the queries again, unless the keys have a source of their own
};

/// What has to be computed anew. Nothing where a full forward pass is the better way:
///  - parameters, settings, masks or the number of words differ: every row of what they touch changes, and
///  the
///    first projection that does is most of the work;
///  - attention over features: each score sums over all words, so that one of them changes everything;
///  - more than a quarter of the words have moved: each touches its row and its column of every map.
std::optional<MovedWords> moved_words(const Input& before, const Input& after);

/// Turns the arrays of the input before into those of `input`. Computed anew are, of the words that have
/// moved, their rows up to q, k and v, and their rows and columns of the scores; then all lines of the
/// attention weights that see one of these scores, and what is made from them. Agrees with forward() within
/// the bound of each stage (compare.h), not to the bit: a product of some rows may add in another order.
/// Throws as forward() does; the arrays are then of no use.
template <class T>
void update(const Input& input, const MovedWords& moved, Arrays<T>& arrays, Progress* progress = nullptr);

extern template void update<float>(const Input&, const MovedWords&, Arrays<float>&, Progress*);
extern template void update<double>(const Input&, const MovedWords&, Arrays<double>&, Progress*);

}  // namespace attn
