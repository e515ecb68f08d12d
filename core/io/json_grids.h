#pragma once
// Readers for arrays of numbers. Cells go straight into one block; nothing is kept per number but itself.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/attention/matrix.h"
#include "core/io/json_values.h"
#include "core/io/scenario.h"

namespace attn::io {

/// Rows of equal length. Cell is float (a number within float32) or std::uint8_t (0 or 1).
template <class Cell>
class GridReader : public ValueReader {
 public:
  GridReader(std::size_t max_rows, std::size_t max_columns, Budget& budget)
      : max_rows_(max_rows), max_columns_(max_columns), budget_(budget) {}
  void begin_array() override;
  ValueReader& element() override { return *this; }
  void number(const JsonNumber& number) override;
  void end_array() override;

  bool given() const { return given_; }
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  const std::vector<Cell>& cells() const { return cells_; }
  std::vector<Cell> take_cells() { return std::move(cells_); }
  /// The cells as a matrix of their own.
  BasicMatrix<Cell> matrix() const;

  std::string expected() const override;

 private:
  std::size_t max_rows_;
  std::size_t max_columns_;
  Budget& budget_;
  bool given_ = false;
  int depth_ = 0;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::size_t in_row_ = 0;
  std::vector<Cell> cells_;
};

extern template class GridReader<float>;
extern template class GridReader<std::uint8_t>;

/// A list of numbers within float32.
class VectorReader : public ValueReader {
 public:
  VectorReader(std::size_t max_count, Budget& budget) : max_count_(max_count), budget_(budget) {}
  void begin_array() override;
  ValueReader& element() override { return *this; }
  void number(const JsonNumber& number) override;
  void end_array() override;
  std::optional<std::vector<float>> value;

  std::string expected() const override { return value ? "a number" : "a list of numbers"; }

 private:
  std::size_t max_count_;
  Budget& budget_;
};

/// An array of up to four dimensions; null stands for −∞.
class ArrayReader : public ValueReader {
 public:
  ArrayReader(NamedArray& out, Budget& budget) : out_(out), budget_(budget) {}
  void begin_array() override;
  ValueReader& element() override { return *this; }
  void number(const JsonNumber& number) override { cell(number.to_double()); }
  void null() override;
  void end_array() override;

  std::string expected() const override { return "numbers in rows of equal length"; }

 private:
  static constexpr std::size_t kMaxDimensions = 4;
  void cell(double value);

  NamedArray& out_;
  Budget& budget_;
  std::vector<std::size_t> counts_;        ///< elements so far of the arrays that are open
  std::optional<std::size_t> cell_depth_;  ///< how many arrays are open around a number
};

}  // namespace attn::io
