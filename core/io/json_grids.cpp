#include "core/io/json_grids.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

namespace attn::io {
namespace {

float finite_float(const JsonNumber& number) {
  const float value = number.to_float();
  if (!std::isfinite(value)) throw ValueError{"a number within the range of float32", number.shown()};
  return value;
}

std::string count(std::size_t n, const char* one, const char* many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

}  // namespace

template <class Cell>
void GridReader<Cell>::begin_array() {
  if (depth_ == 2) wrong_type("an array");
  if (depth_ == 1 && rows_ == max_rows_) throw ValueError{fmt::format("at most {} rows", max_rows_), "more"};
  given_ = true;
  in_row_ = 0;
  ++depth_;
}

template <class Cell>
void GridReader<Cell>::number(const JsonNumber& number) {
  if (depth_ != 2) wrong_type(number.shown());
  Cell cell{};
  if constexpr (std::is_same_v<Cell, float>) {
    cell = finite_float(number);
  } else {
    if (!number.is_unsigned() || number.unsigned_value() > 1) wrong_type(number.shown());
    cell = static_cast<Cell>(number.unsigned_value());
  }
  ++in_row_;
  if (rows_ == 0) {
    if (in_row_ > max_columns_) throw ValueError{fmt::format("at most {} columns", max_columns_), "more"};
  } else if (in_row_ > columns_) {
    return;  // the end of the row says how many there were
  }
  budget_.take(sizeof(Cell));
  cells_.push_back(cell);
}

template <class Cell>
void GridReader<Cell>::end_array() {
  --depth_;
  if (depth_ == 0) {
    if (rows_ == 0) throw ValueError{"at least one row", "none"};
    return;
  }
  if (rows_ == 0) {
    if (in_row_ == 0) throw ValueError{"at least one number", "none"};
    columns_ = in_row_;
  } else if (in_row_ != columns_) {
    throw ValueError{count(columns_, "number, as in row 0", "numbers, as in row 0"),
                     fmt::format("{}", in_row_)};
  }
  ++rows_;
}

template <class Cell>
BasicMatrix<Cell> GridReader<Cell>::matrix() const {
  BasicMatrix<Cell> out(rows_, columns_);
  std::copy(cells_.begin(), cells_.end(), out.data());
  return out;
}

template <class Cell>
std::string GridReader<Cell>::expected() const {
  const bool is_mask = !std::is_same_v<Cell, float>;
  if (depth_ == 0) return is_mask ? "rows of 0 and 1" : "rows of numbers";
  if (depth_ == 1) return is_mask ? "a row of 0 and 1" : "a row of numbers";
  return is_mask ? "0 or 1" : "a number";
}

template class GridReader<float>;
template class GridReader<std::uint8_t>;

void VectorReader::begin_array() {
  if (value) wrong_type("an array");
  value.emplace();
}

void VectorReader::number(const JsonNumber& number) {
  if (!value) wrong_type(number.shown());
  if (value->size() == max_count_) throw ValueError{fmt::format("at most {} numbers", max_count_), "more"};
  budget_.take(sizeof(float));
  value->push_back(finite_float(number));
}

void VectorReader::end_array() {
  if (value->empty()) throw ValueError{"at least one number", "none"};
}

void ArrayReader::begin_array() {
  if (counts_.size() == kMaxDimensions || (cell_depth_ && counts_.size() == *cell_depth_)) {
    wrong_type("an array");
  }
  counts_.push_back(0);
}

void ArrayReader::cell(double value) {
  if (!cell_depth_) {
    cell_depth_ = counts_.size();
    out_.dims.assign(*cell_depth_, 0);
  }
  if (counts_.size() != *cell_depth_) wrong_type("a number");
  budget_.take(sizeof(double));
  if (!counts_.empty()) ++counts_.back();
  out_.values.push_back(value);
}

void ArrayReader::null() { cell(-std::numeric_limits<double>::infinity()); }

void ArrayReader::end_array() {
  const std::size_t found = counts_.back();
  counts_.pop_back();
  if (found == 0) throw ValueError{"at least one number", "none"};
  std::size_t& wanted = out_.dims[counts_.size()];
  if (wanted == 0) wanted = found;
  if (wanted != found) throw ValueError{count(wanted, "element", "elements"), fmt::format("{}", found)};
  if (!counts_.empty()) ++counts_.back();
}

}  // namespace attn::io
