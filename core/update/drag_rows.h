#pragma once
// The three loops of a drag over rows, by the kernels where the processor has them, else as plain loops.

#include <span>

#include "core/attention/matrix.h"
#include "core/kernel/kernels.h"

namespace attn {

/// out[i] = Σ_t m[i,t] · v[t].
void multiply_vector(MatrixView<const float> m, std::span<const float> v, std::span<float> out);
/// See kernel::Rejoin.
void rejoin(const kernel::Rejoin& rejoin);
/// See kernel::Blend.
void blend(const kernel::Blend& blend);
/// Softmax of one row of masked scores in place; −∞ is hidden. A row without a visible cell becomes 0.
void softmax_in_place(std::span<float> row);
/// Largest magnitude; NaN or ∞ where the numbers hold one.
float largest_magnitude(std::span<const float> values);

}  // namespace attn
