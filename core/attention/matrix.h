#pragma once
// Dense row-major matrices: one that owns its numbers and can be written, and views into others.

#include <cstddef>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <vector>

namespace attn {

/// A dense row-major matrix that owns its numbers.
template <class T>
class BasicMatrix {
 public:
  BasicMatrix() = default;
  BasicMatrix(std::size_t rows, std::size_t columns, T value = T{0})
      : rows_(rows), columns_(columns), values_(rows * columns, value) {}
  /// Rows written out, for tests and small examples. Throws std::invalid_argument if they are ragged.
  BasicMatrix(std::initializer_list<std::initializer_list<T>> rows)
      : rows_(rows.size()), columns_(rows.size() == 0 ? 0 : rows.begin()->size()) {
    for (const auto& row : rows) {
      if (row.size() != columns_) throw std::invalid_argument("matrix: rows of different lengths");
      values_.insert(values_.end(), row);
    }
  }

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t size() const { return values_.size(); }
  T* data() { return values_.data(); }
  const T* data() const { return values_.data(); }
  T& operator()(std::size_t row, std::size_t column) { return values_[row * columns_ + column]; }
  T operator()(std::size_t row, std::size_t column) const { return values_[row * columns_ + column]; }
  std::span<T> row(std::size_t row) { return {values_.data() + row * columns_, columns_}; }
  std::span<const T> row(std::size_t row) const { return {values_.data() + row * columns_, columns_}; }
  std::span<const T> values() const { return values_; }
  bool operator==(const BasicMatrix&) const = default;

 private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<T> values_;
};

using Matrix = BasicMatrix<float>;
using MatrixD = BasicMatrix<double>;

/// Ones where row and column have the same number, zeros elsewhere.
inline Matrix identity_matrix(std::size_t rows, std::size_t columns) {
  Matrix m(rows, columns);
  for (std::size_t i = 0; i < rows && i < columns; ++i) m(i, i) = 1.0f;
  return m;
}
inline Matrix identity_matrix(std::size_t n) { return identity_matrix(n, n); }

/// A rectangle of somebody else's row-major numbers. T is const for a read-only view.
template <class T>
struct MatrixView {
  T* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t stride = 0;  ///< numbers from one row to the next

  T& operator()(std::size_t row, std::size_t column) const { return data[row * stride + column]; }
  std::span<T> row(std::size_t row) const { return {data + row * stride, columns}; }
  /// The rectangle that starts at (row, column) of this view; the caller keeps it inside.
  MatrixView block(std::size_t row, std::size_t column, std::size_t n_rows, std::size_t n_columns) const {
    return {data + row * stride + column, n_rows, n_columns, stride};
  }
  operator MatrixView<const T>() const { return {data, rows, columns, stride}; }
};

template <class T>
MatrixView<const T> view(const BasicMatrix<T>& m) {
  return {m.data(), m.rows(), m.columns(), m.columns()};
}
template <class T>
MatrixView<T> view(BasicMatrix<T>& m) {
  return {m.data(), m.rows(), m.columns(), m.columns()};
}

}  // namespace attn
