// Matrix products.
//
// Float32 products that a person may look at number by number are exact to the machine: up to kLargestUnfused
// multiplications (64 words of width 64 with 64 others) every cell is Σ_t a·b in ascending t, each operation
// rounded on its own, in AVX2 and in plain loops alike, so that a scenario shows the same digits everywhere.
// Larger ones are for speed: fused multiply-add where the processor has it (core/kernel/), Eigen's kernels
// elsewhere; both stay within the bound that compare.h derives for any order.

#include <algorithm>
#include <type_traits>

#include <Eigen/Core>

#include "core/attention/ops.h"
#include "core/kernel/block.h"
#include "core/kernel/kernels.h"

namespace attn {
namespace {

/// Multiplications of a float64 product below which a plain loop beats the set-up of Eigen's.
constexpr std::size_t kSmallProduct = 2048;
/// Rows of the left operand for which it does not pay to pack the right one into panels.
constexpr std::size_t kFewRows = 2 * kernel::kTileRows;
/// Rows of the left operand that stay in the cache while the right one passes by.
constexpr std::size_t kRowBlock = 16 * kernel::kTileRows;

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

template <class T>
bool is_plain(std::size_t rows, std::size_t inner, std::size_t columns) {
  if (std::is_same_v<T, float>) return is_unfused(rows, inner, columns);
  return rows * columns <= kSmallProduct && rows * columns * inner <= kSmallProduct;
}

/// out = a · b with b as the panels or, where they are absent, the rows of `b`.
void multiply_in_kernel(const kernel::Table& table, MatrixView<const float> a, MatrixView<const float> b,
                        const float* panels, MatrixView<float> out) {
  const std::size_t inner = a.columns;
  const auto run = is_unfused(a.rows, inner, out.columns) ? table.multiply_unfused : table.multiply;
  kernel::Product product;
  product.b = panels != nullptr ? panels : b.data;
  product.b_stride = panels != nullptr ? kernel::kPanel : b.stride;
  product.b_panel_step = kernel::kPanel * (panels != nullptr ? inner : 1);
  product.a_stride = a.stride;
  product.out_stride = out.stride;
  product.inner = inner;
  product.columns = out.columns;
  for (std::size_t i = 0; i < a.rows; i += kRowBlock) {
    product.a = a.data + i * a.stride;
    product.out = out.data + i * out.stride;
    product.rows = std::min(kRowBlock, a.rows - i);
    run(product);
  }
}

void multiply_in_kernel(const kernel::Table& table, MatrixView<const float> a, MatrixView<const float> b,
                        MatrixView<float> out) {
  const float* panels = nullptr;
  if (a.rows > kFewRows) {
    float* room = kernel::scratch().panels.at_least(kernel::panel_size(b.rows, b.columns));
    table.pack(b.data, b.stride, b.rows, b.columns, room, b.rows);
    panels = room;
  }
  multiply_in_kernel(table, a, b, panels, out);
}

}  // namespace

template <class T>
void multiply(MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out) {
  if constexpr (std::is_same_v<T, float>) {
    if (const kernel::Table* table = kernel::table()) return multiply_in_kernel(*table, a, b, out);
  }
  if (!is_plain<T>(a.rows, a.columns, b.columns)) {
    map_mutable(out).noalias() = map(a) * map(b);
    return;
  }
  for (std::size_t i = 0; i < a.rows; ++i) {
    std::ranges::fill(out.row(i), T{0});
    for (std::size_t t = 0; t < a.columns; ++t) {
      for (std::size_t j = 0; j < b.columns; ++j) out(i, j) += a(i, t) * b(t, j);
    }
  }
}

template <class T>
void multiply_transposed(MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out) {
  if constexpr (std::is_same_v<T, float>) {
    if (const kernel::Table* table = kernel::table()) {
      float* panels = kernel::scratch().panels.at_least(kernel::panel_size(b.columns, b.rows));
      table->pack_transposed(b.data, b.stride, b.rows, b.columns, panels);
      return multiply_in_kernel(*table, a, {}, panels, out);
    }
  }
  if (!is_plain<T>(a.rows, a.columns, b.rows)) {
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
  if constexpr (std::is_same_v<T, float>) {
    if (const kernel::Table* table = kernel::table()) {
      float* rows = kernel::scratch().flipped.at_least(a.rows * a.columns);
      for (std::size_t t = 0; t < a.rows; ++t) {
        for (std::size_t i = 0; i < a.columns; ++i) rows[i * a.rows + t] = a(t, i);
      }
      return multiply_in_kernel(*table, {rows, a.columns, a.rows, a.rows}, b, out);
    }
  }
  if (!is_plain<T>(a.columns, a.rows, b.columns)) {
    map_mutable(out).noalias() = map(a).transpose() * map(b);
    return;
  }
  for (std::size_t i = 0; i < a.columns; ++i) {
    std::ranges::fill(out.row(i), T{0});
    for (std::size_t t = 0; t < a.rows; ++t) {
      for (std::size_t j = 0; j < b.columns; ++j) out(i, j) += a(t, i) * b(t, j);
    }
  }
}

#define ATTN_INSTANTIATE(T)                                                                      \
  template void multiply<T>(MatrixView<const T>, MatrixView<const T>, MatrixView<T>);            \
  template void multiply_transposed<T>(MatrixView<const T>, MatrixView<const T>, MatrixView<T>); \
  template void transposed_multiply<T>(MatrixView<const T>, MatrixView<const T>, MatrixView<T>);

ATTN_INSTANTIATE(float)
ATTN_INSTANTIATE(double)
#undef ATTN_INSTANTIATE

}  // namespace attn
