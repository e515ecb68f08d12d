#include "core/attention/gradient_softmax.h"

#include "core/attention/input.h"

namespace attn {
namespace {

/// One row or column: `count` numbers, `step` apart, in three matrices of different strides.
template <class T>
struct Line {
  const T* weights;
  std::size_t weights_step;
  const T* grad_weights;
  std::size_t grad_weights_step;
  T* grad_masked;
  std::size_t grad_masked_step;
  std::size_t count;
};

template <class T>
void softmax_line_backward(const Line<T>& line) {
  const auto weight = [&](std::size_t k) { return line.weights[k * line.weights_step]; };
  const auto arriving = [&](std::size_t k) { return line.grad_weights[k * line.grad_weights_step]; };
  std::size_t largest = 0;
  for (std::size_t k = 1; k < line.count; ++k) {
    if (weight(k) > weight(largest)) largest = k;
  }
  const T reference = arriving(largest);
  T mean = 0;
  for (std::size_t k = 0; k < line.count; ++k) mean += weight(k) * (arriving(k) - reference);
  for (std::size_t k = 0; k < line.count; ++k) {
    line.grad_masked[k * line.grad_masked_step] = weight(k) * ((arriving(k) - reference) - mean);
  }
}

template <class T>
Line<T> row_line(std::size_t i, MatrixView<const T> weights, MatrixView<const T> grad_weights,
                 MatrixView<T> grad_masked) {
  return {&weights(i, 0), 1, &grad_weights(i, 0), 1, &grad_masked(i, 0), 1, weights.columns};
}

template <class T>
Line<T> column_line(std::size_t j, MatrixView<const T> weights, MatrixView<const T> grad_weights,
                    MatrixView<T> grad_masked) {
  return {&weights(0, j),     weights.stride,     &grad_weights(0, j), grad_weights.stride,
          &grad_masked(0, j), grad_masked.stride, weights.rows};
}

template <class T>
void zero_hidden_cells(const MaskConfig& mask, MatrixView<T> gradient) {
  if (!mask.causal && !mask.window && !mask.padding && !mask.allow) return;
  for (std::size_t i = 0; i < gradient.rows; ++i) {
    for (std::size_t j = 0; j < gradient.columns; ++j) {
      if (!visible(mask, i, j)) gradient(i, j) = 0;
    }
  }
}

}  // namespace

template <class T>
void softmax_backward(const Config& config, MatrixView<const T> weights, MatrixView<const T> grad_weights,
                      MatrixView<T> grad_masked) {
  if (config.normalise == Normalise::none) {
    for (std::size_t i = 0; i < weights.rows; ++i) {
      for (std::size_t j = 0; j < weights.columns; ++j) grad_masked(i, j) = grad_weights(i, j);
    }
  } else if (config.softmax_axis == SoftmaxAxis::keys) {
    for (std::size_t i = 0; i < weights.rows; ++i) {
      softmax_line_backward(row_line(i, weights, grad_weights, grad_masked));
    }
  } else {
    for (std::size_t j = 0; j < weights.columns; ++j) {
      softmax_line_backward(column_line(j, weights, grad_weights, grad_masked));
    }
  }
  zero_hidden_cells(config.mask, grad_masked);
}

template void softmax_backward<float>(const Config&, MatrixView<const float>, MatrixView<const float>,
                                      MatrixView<float>);
template void softmax_backward<double>(const Config&, MatrixView<const double>, MatrixView<const double>,
                                       MatrixView<double>);

}  // namespace attn
