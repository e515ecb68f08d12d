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

/// One matrix, right-aligned, six significant digits, −∞ as -inf. Large ones are cut, and a last line says
/// how much was left out.
std::string table(MatrixView<const float> values, const Labels& labels);

}  // namespace attn::cli
