#pragma once
// Small inputs that many tests start from.

#include <cstdint>

#include "core/attention/input.h"

namespace attn::tests {

/// The worked example (1,2), (2,3), (3,4): one head, identity projections, no scale.
Input three_words();

/// Seeded numbers in [-1, 1) for x and every projection and bias; width d, `heads` heads, n tokens.
Input random_input(std::size_t n, std::size_t d, std::size_t heads, std::uint64_t seed);

/// Seeded numbers in [-1, 1).
SharedMatrix random_matrix(std::size_t rows, std::size_t columns, std::uint64_t seed);

Input with_parameter(Input input, ParameterId id, const Matrix& value);

/// Tokens named t0, t1, …
Tokens numbered_tokens(std::size_t n);

}  // namespace attn::tests
