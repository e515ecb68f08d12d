#pragma once
// An immutable float32 matrix whose rows are shared in chunks: the building block of a Document.
// A change makes a new matrix that shares every untouched chunk, so undo, autosave, handing work to
// another thread and "which rows changed" cost what was changed, at any size.

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/attention/matrix.h"

namespace attn {

class SharedMatrix {
 public:
  static constexpr std::size_t kChunkRows = 64;

  SharedMatrix() = default;
  explicit SharedMatrix(const Matrix& values);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  bool empty() const { return rows_ == 0 || columns_ == 0; }
  float operator()(std::size_t row, std::size_t column) const { return this->row(row)[column]; }
  std::span<const float> row(std::size_t row) const {
    return {chunks_[row / kChunkRows]->data() + (row % kChunkRows) * columns_, columns_};
  }

  /// This matrix with one row or one cell replaced; copies one chunk.
  /// Throws std::out_of_range outside the matrix, std::invalid_argument if the row has another length.
  SharedMatrix with_row(std::size_t row, std::span<const float> values) const;
  SharedMatrix with_cell(std::size_t row, std::size_t column, float value) const;

  Matrix dense() const;

  /// Equality by pointer: true only when every chunk is the very same one.
  bool same_as(const SharedMatrix& other) const;
  /// True when this row is stored in the same chunk as in `other`, so it cannot have changed.
  bool shares_row(const SharedMatrix& other, std::size_t row) const;
  /// Rows whose values differ from `other`'s; compares only chunks that are not shared. Same shape required.
  std::vector<std::size_t> changed_rows(const SharedMatrix& other) const;
  std::size_t bytes() const { return rows_ * columns_ * sizeof(float); }
  /// Bytes of chunks that `other` does not hold as well: what an undo step really costs.
  std::size_t bytes_not_shared_with(const SharedMatrix& other) const;

 private:
  using Chunk = std::vector<float>;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<std::shared_ptr<const Chunk>> chunks_;
};

/// Equality by value.
bool equal_values(const SharedMatrix& a, const SharedMatrix& b);

}  // namespace attn
