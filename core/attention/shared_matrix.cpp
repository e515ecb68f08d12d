#include "core/attention/shared_matrix.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace attn {

SharedMatrix::SharedMatrix(const Matrix& values) : rows_(values.rows()), columns_(values.columns()) {
  for (std::size_t first = 0; first < rows_; first += kChunkRows) {
    const std::size_t last = std::min(first + kChunkRows, rows_);
    chunks_.push_back(
        std::make_shared<const Chunk>(values.data() + first * columns_, values.data() + last * columns_));
  }
}

SharedMatrix SharedMatrix::with_row(std::size_t row, std::span<const float> values) const {
  if (row >= rows_) throw std::out_of_range(fmt::format("row {} of a matrix of {} rows", row, rows_));
  if (values.size() != columns_) {
    throw std::invalid_argument(
        fmt::format("a row of {} numbers expected, found {}", columns_, values.size()));
  }
  auto chunk = std::make_shared<Chunk>(*chunks_[row / kChunkRows]);
  std::copy(values.begin(), values.end(),
            chunk->begin() + static_cast<std::ptrdiff_t>((row % kChunkRows) * columns_));
  SharedMatrix changed = *this;
  changed.chunks_[row / kChunkRows] = std::move(chunk);
  return changed;
}

SharedMatrix SharedMatrix::with_cell(std::size_t row, std::size_t column, float value) const {
  if (row >= rows_ || column >= columns_) {
    throw std::out_of_range(fmt::format("cell {},{} of a {} × {} matrix", row, column, rows_, columns_));
  }
  auto chunk = std::make_shared<Chunk>(*chunks_[row / kChunkRows]);
  (*chunk)[(row % kChunkRows) * columns_ + column] = value;
  SharedMatrix changed = *this;
  changed.chunks_[row / kChunkRows] = std::move(chunk);
  return changed;
}

Matrix SharedMatrix::dense() const {
  Matrix result(rows_, columns_);
  float* out = result.data();
  for (const auto& chunk : chunks_) out = std::copy(chunk->begin(), chunk->end(), out);
  return result;
}

bool SharedMatrix::same_as(const SharedMatrix& other) const {
  return rows_ == other.rows_ && columns_ == other.columns_ && chunks_ == other.chunks_;
}

bool SharedMatrix::shares_row(const SharedMatrix& other, std::size_t row) const {
  return columns_ == other.columns_ && row < rows_ && row < other.rows_ &&
         chunks_[row / kChunkRows] == other.chunks_[row / kChunkRows];
}

std::vector<std::size_t> SharedMatrix::changed_rows(const SharedMatrix& other) const {
  if (rows_ != other.rows_ || columns_ != other.columns_) {
    throw std::invalid_argument(
        fmt::format("changed_rows: {} × {} against {} × {}", rows_, columns_, other.rows_, other.columns_));
  }
  std::vector<std::size_t> changed;
  for (std::size_t first = 0; first < rows_; first += kChunkRows) {
    if (chunks_[first / kChunkRows] == other.chunks_[first / kChunkRows]) continue;
    for (std::size_t i = first; i < std::min(first + kChunkRows, rows_); ++i) {
      if (!std::ranges::equal(row(i), other.row(i))) changed.push_back(i);
    }
  }
  return changed;
}

std::size_t SharedMatrix::bytes_not_shared_with(const SharedMatrix& other) const {
  std::size_t bytes = 0;
  for (std::size_t c = 0; c < chunks_.size(); ++c) {
    if (c < other.chunks_.size() && chunks_[c] == other.chunks_[c]) continue;
    bytes += chunks_[c]->size() * sizeof(float);
  }
  return bytes;
}

bool equal_values(const SharedMatrix& a, const SharedMatrix& b) {
  return a.rows() == b.rows() && a.columns() == b.columns() && (a.same_as(b) || a.changed_rows(b).empty());
}

}  // namespace attn
