#include "core/attention/gradient_scores.h"

#include <cmath>

#include "core/attention/ops.h"

namespace attn {
namespace {

/// out += a · b
template <class T>
void add_product(MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out) {
  BasicMatrix<T> product(out.rows, out.columns);
  multiply<T>(a, b, view(product));
  add_to<T>(view(product), out);
}

/// out += a · bᵀ
template <class T>
void add_product_transposed(MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out) {
  BasicMatrix<T> product(out.rows, out.columns);
  multiply_transposed<T>(a, b, view(product));
  add_to<T>(view(product), out);
}

/// out += aᵀ · b
template <class T>
void add_transposed_product(MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out) {
  BasicMatrix<T> product(out.rows, out.columns);
  transposed_multiply<T>(a, b, view(product));
  add_to<T>(view(product), out);
}

template <class T>
void dot_backward(const ScoreBackward<T>& head) {
  add_product<T>(head.grad_scores, head.k, head.grad_q);
  add_transposed_product<T>(head.grad_scores, head.q, head.grad_k);
}

/// Through v̂ = v ÷ |v|: only the part of the gradient across v turns it, and the shorter v the more.
/// The length is taken in double, where the square of the tiniest float is still a number.
template <class T>
void add_unit_rows_gradient(MatrixView<const T> vectors, MatrixView<const T> unit,
                            MatrixView<const T> grad_unit, MatrixView<T> gradient) {
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    double squares = 0.0;
    T along = 0;
    for (std::size_t c = 0; c < vectors.columns; ++c) {
      squares += static_cast<double>(vectors(i, c)) * static_cast<double>(vectors(i, c));
      along += grad_unit(i, c) * unit(i, c);
    }
    if (squares == 0.0) continue;  // a zero vector has no direction and gets no gradient
    const double length = std::sqrt(squares);
    for (std::size_t c = 0; c < vectors.columns; ++c) {
      const T across = grad_unit(i, c) - along * unit(i, c);
      gradient(i, c) += static_cast<T>(static_cast<double>(across) / length);
    }
  }
}

template <class T>
void cosine_backward(const ScoreBackward<T>& head) {
  BasicMatrix<T> unit_q(head.q.rows, head.q.columns);
  BasicMatrix<T> unit_k(head.k.rows, head.k.columns);
  normalise_rows<T>(head.q, view(unit_q));
  normalise_rows<T>(head.k, view(unit_k));
  BasicMatrix<T> grad_unit_q(head.q.rows, head.q.columns);
  BasicMatrix<T> grad_unit_k(head.k.rows, head.k.columns);
  multiply<T>(head.grad_scores, view(unit_k), view(grad_unit_q));
  transposed_multiply<T>(head.grad_scores, view(unit_q), view(grad_unit_k));
  add_unit_rows_gradient<T>(head.q, view(unit_q), view(grad_unit_q), head.grad_q);
  add_unit_rows_gradient<T>(head.k, view(unit_k), view(grad_unit_k), head.grad_k);
}

template <class T>
void additive_backward(const ScoreParameters<T>& parameters, const ScoreBackward<T>& head,
                       ScoreParameters<T>& gradients) {
  const std::size_t d_additive = parameters.additive_v.columns();
  BasicMatrix<T> from_q(head.q.rows, d_additive);
  BasicMatrix<T> from_k(head.k.rows, d_additive);
  multiply<T>(head.q, view(parameters.additive_w_q), view(from_q));
  multiply<T>(head.k, view(parameters.additive_w_k), view(from_k));
  BasicMatrix<T> grad_from_q(head.q.rows, d_additive);
  BasicMatrix<T> grad_from_k(head.k.rows, d_additive);
  for (std::size_t i = 0; i < head.q.rows; ++i) {
    for (std::size_t j = 0; j < head.k.rows; ++j) {
      const T gradient = head.grad_scores(i, j);
      if (gradient == T{0}) continue;  // hidden by a mask, most often: its tanh need not be computed
      for (std::size_t t = 0; t < d_additive; ++t) {
        const T hidden = std::tanh(from_q(i, t) + from_k(j, t));
        const T grad_sum = gradient * parameters.additive_v(0, t) * (T{1} - hidden * hidden);
        gradients.additive_v(0, t) += gradient * hidden;
        grad_from_q(i, t) += grad_sum;
        grad_from_k(j, t) += grad_sum;
      }
    }
  }
  add_product_transposed<T>(view(grad_from_q), view(parameters.additive_w_q), head.grad_q);
  add_product_transposed<T>(view(grad_from_k), view(parameters.additive_w_k), head.grad_k);
  add_transposed_product<T>(head.q, view(grad_from_q), view(gradients.additive_w_q));
  add_transposed_product<T>(head.k, view(grad_from_k), view(gradients.additive_w_k));
}

template <class T>
void bilinear_backward(const ScoreParameters<T>& parameters, const ScoreBackward<T>& head,
                       ScoreParameters<T>& gradients) {
  BasicMatrix<T> q_w(head.q.rows, head.q.columns);
  BasicMatrix<T> grad_q_w(head.q.rows, head.q.columns);
  multiply<T>(head.q, view(parameters.bilinear), view(q_w));
  multiply<T>(head.grad_scores, head.k, view(grad_q_w));
  add_product_transposed<T>(view(grad_q_w), view(parameters.bilinear), head.grad_q);
  add_transposed_product<T>(head.grad_scores, view(q_w), head.grad_k);
  add_transposed_product<T>(head.q, view(grad_q_w), view(gradients.bilinear));
}

}  // namespace

template <class T>
void scores_backward(Score score, const ScoreParameters<T>& parameters, const ScoreBackward<T>& head,
                     ScoreParameters<T>& gradients) {
  switch (score) {
    case Score::dot:
      return dot_backward(head);
    case Score::cosine:
      return cosine_backward(head);
    case Score::additive:
      return additive_backward(parameters, head, gradients);
    case Score::bilinear:
      return bilinear_backward(parameters, head, gradients);
  }
}

template void scores_backward<float>(Score, const ScoreParameters<float>&, const ScoreBackward<float>&,
                                     ScoreParameters<float>&);
template void scores_backward<double>(Score, const ScoreParameters<double>&, const ScoreBackward<double>&,
                                      ScoreParameters<double>&);

}  // namespace attn
