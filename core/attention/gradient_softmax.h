#pragma once
// The backward pass from the attention weights to the raw scores: softmax in all its variants and the mask.

#include "core/attention/config.h"
#include "core/attention/matrix.h"

namespace attn {

/// dL/d masked from dL/dα, both [rows, columns]; may be the same memory.
/// weights is α of the forward pass. Hidden cells get 0, whatever they were replaced by.
///
/// Softmax along a line (a row, or a column under SoftmaxAxis::queries): dL/ds_j = α_j (g_j − Σ_k α_k g_k).
/// The α of a line sum to 1, so the formula does not change when a constant is taken from every g. The
/// g of the largest α is taken: where softmax is saturated, that α then multiplies nothing, and what is
/// left keeps its relative precision instead of being the difference of two equal numbers.
/// Under Normalise::none the gradient passes as it is.
template <class T>
void softmax_backward(const Config& config, MatrixView<const T> weights, MatrixView<const T> grad_weights,
                      MatrixView<T> grad_masked);

extern template void softmax_backward<float>(const Config&, MatrixView<const float>, MatrixView<const float>,
                                             MatrixView<float>);
extern template void softmax_backward<double>(const Config&, MatrixView<const double>,
                                              MatrixView<const double>, MatrixView<double>);

}  // namespace attn
