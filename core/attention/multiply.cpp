// Matrix products: plain loops while they are small, Eigen's kernels above that.

#include <Eigen/Core>

#include "core/attention/ops.h"

namespace attn {
namespace {

/// Multiplications below which a plain loop beats the set-up of Eigen's blocked product.
constexpr std::size_t kSmallProduct = 2048;

template <class T>
using EigenMatrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class T>
auto map(MatrixView<const T> m) {
  return Eigen::Map<const EigenMatrix<T>, Eigen::Unaligned, Eigen::OuterStride<>>(
      m.data, static_cast<Eigen::Index>(m.rows), static_cast<Eigen::Index>(m.columns),
      Eigen::OuterStride<>(static_cast<Eigen::Index>(m.stride)));
}

template <class T>
auto map_mutable(MatrixView<T> m) {
  return Eigen::Map<EigenMatrix<T>, Eigen::Unaligned, Eigen::OuterStride<>>(
      m.data, static_cast<Eigen::Index>(m.rows), static_cast<Eigen::Index>(m.columns),
      Eigen::OuterStride<>(static_cast<Eigen::Index>(m.stride)));
}

bool is_small(std::size_t rows, std::size_t inner, std::size_t columns) {
  return rows * columns <= kSmallProduct && rows * columns * inner <= kSmallProduct;
}

}  // namespace

template <class T>
void multiply(MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out) {
  if (!is_small(a.rows, a.columns, b.columns)) {
    map_mutable(out).noalias() = map(a) * map(b);
    return;
  }
  for (std::size_t i = 0; i < a.rows; ++i) {
    for (std::size_t j = 0; j < b.columns; ++j) {
      T sum = 0;
      for (std::size_t t = 0; t < a.columns; ++t) sum += a(i, t) * b(t, j);
      out(i, j) = sum;
    }
  }
}

template <class T>
void multiply_transposed(MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out) {
  if (!is_small(a.rows, a.columns, b.rows)) {
    map_mutable(out).noalias() = map(a) * map(b).transpose();
    return;
  }
  for (std::size_t i = 0; i < a.rows; ++i) {
    for (std::size_t j = 0; j < b.rows; ++j) {
      T sum = 0;
      for (std::size_t t = 0; t < a.columns; ++t) sum += a(i, t) * b(j, t);
      out(i, j) = sum;
    }
  }
}

template <class T>
void transposed_multiply(MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out) {
  if (!is_small(a.columns, a.rows, b.columns)) {
    map_mutable(out).noalias() = map(a).transpose() * map(b);
    return;
  }
  for (std::size_t i = 0; i < a.columns; ++i) {
    for (std::size_t j = 0; j < b.columns; ++j) {
      T sum = 0;
      for (std::size_t t = 0; t < a.rows; ++t) sum += a(t, i) * b(t, j);
      out(i, j) = sum;
    }
  }
}

template void multiply<float>(MatrixView<const float>, MatrixView<const float>, MatrixView<float>);
template void multiply<double>(MatrixView<const double>, MatrixView<const double>, MatrixView<double>);
template void multiply_transposed<float>(MatrixView<const float>, MatrixView<const float>, MatrixView<float>);
template void multiply_transposed<double>(MatrixView<const double>, MatrixView<const double>,
                                          MatrixView<double>);
template void transposed_multiply<float>(MatrixView<const float>, MatrixView<const float>, MatrixView<float>);
template void transposed_multiply<double>(MatrixView<const double>, MatrixView<const double>,
                                          MatrixView<double>);

}  // namespace attn
