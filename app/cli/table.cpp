#include "app/cli/table.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/io/text.h"

namespace attn::cli {
namespace {

bool is_wide(char32_t code) {
  return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
         (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
         (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
         (code >= 0xFFE0 && code <= 0xFFE6) || (code >= 0x1F300 && code <= 0x1FAFF) ||
         (code >= 0x20000 && code <= 0x3FFFD);
}

std::string padded_left(const std::string& text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(width > used ? width - used : 0, ' ') + text;
}

std::string label(const std::vector<std::string>* labels, std::size_t i) {
  return labels != nullptr && i < labels->size() ? (*labels)[i] : fmt::format("{}", i);
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (const char32_t code : io::decode_utf8(text)) width += is_wide(code) ? 2 : 1;
  return width;
}

std::string table(MatrixView<const float> values, const Labels& labels) {
  return table(values, labels, values.rows, values.columns, "-o FILE.npz writes everything");
}

std::string table(MatrixView<const float> values, const Labels& labels, std::size_t all_rows,
                  std::size_t all_columns, std::string_view elsewhere) {
  const std::size_t rows = std::min(values.rows, kMostRows);
  const std::size_t columns = std::min(values.columns, kMostColumns);
  std::vector<std::vector<std::string>> cells(rows + 1, std::vector<std::string>(columns + 1));
  for (std::size_t j = 0; j < columns; ++j) cells[0][j + 1] = label(labels.columns, j);
  for (std::size_t i = 0; i < rows; ++i) {
    cells[i + 1][0] = label(labels.rows, i);
    for (std::size_t j = 0; j < columns; ++j) {
      cells[i + 1][j + 1] = fmt::format("{:.6g}", static_cast<double>(values(i, j)));
    }
  }
  std::vector<std::size_t> widths(columns + 1);
  for (const auto& row : cells) {
    for (std::size_t j = 0; j <= columns; ++j) widths[j] = std::max(widths[j], display_width(row[j]));
  }
  std::string text;
  for (const auto& row : cells) {
    for (std::size_t j = 0; j <= columns; ++j) text += "  " + padded_left(row[j], widths[j]);
    text += '\n';
  }
  if (rows < all_rows || columns < all_columns) {
    text += fmt::format("  … {} more rows, {} more columns; {}\n", all_rows - rows, all_columns - columns,
                        elsewhere);
  }
  return text;
}

}  // namespace attn::cli
