#pragma once
// Arrays as tables for the terminal.

#include <string>
#include <string_view>
#include <vector>

#include "core/attention/matrix.h"

namespace attn::cli {

/// Columns that a terminal gives to a text: Chinese, Japanese and Korean characters take two.
/// Throws std::invalid_argument if it is not UTF-8.
std::size_t display_width(std::string_view text);

/// Names for rows and columns; a missing one is its number.
struct Labels {
  const std::vector<std::string>* rows = nullptr;
  const std::vector<std::string>* columns = nullptr;
};

/// Rows and columns of a table that are shown; what is past them is left out.
inline constexpr std::size_t kMostRows = 64;
inline constexpr std::size_t kMostColumns = 24;

/// One matrix, right-aligned, six significant digits, −∞ as -inf. Large ones are cut, and a last line says
/// how much was left out.
std::string table(MatrixView<const float> values, const Labels& labels);
/// The same of the first rows and columns of one that has so many, with what a last line says of the others.
std::string table(MatrixView<const float> values, const Labels& labels, std::size_t all_rows,
                  std::size_t all_columns, std::string_view elsewhere);

}  // namespace attn::cli
