#pragma once
// An input whose q, k and v are given: x, or x and a source, that hold them side by side.

#include <vector>

#include "app/session/import.h"

namespace attn::session {

/// One-hot values for m keys in g heads: each head's output is its attention weights. [m, g·m]
Matrix one_hot_values(std::size_t m, std::size_t g);

/// Puts q, k and v (heads side by side, one row a token) into x and, where q has other rows than k, where
/// `may_be_self` is false, or where they are too wide together, into x and a source; W_Q, W_K and W_V pick
/// them out. Throws io::FormatError with one line where k and v alone are too wide.
void put_vectors(Input& input, const Matrix& q, const Matrix& k, const Matrix& v, bool may_be_self,
                 std::vector<Message>& notes);

}  // namespace attn::session
