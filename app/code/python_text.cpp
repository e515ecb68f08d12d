#include "app/code/python_text.h"

#include <algorithm>
#include <cstdlib>

#include "core/io/text.h"

namespace attn::code {
namespace {

constexpr std::size_t kMostLabelBytes = 120;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Marks and overrides of writing direction: they can make a line look like another one.
bool turns_direction(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string python_number(float value) {
  std::string text = io::shortest(value);
  // Python reads a double and NumPy rounds it to float32: twice rounded can, very rarely, be another number.
  if (static_cast<float>(std::strtod(text.c_str(), nullptr)) != value)
    text = io::shortest(static_cast<double>(value));
  return text;
}

std::string python_number(double value) { return io::shortest(value); }

std::string comment_text(std::string_view text) {
  std::u32string kept = io::decode_utf8(io::printable(text, kMostLabelBytes));
  std::erase_if(kept, turns_direction);
  return io::encode_utf8(kept);
}

std::string python_string(std::string_view text) { return io::json_string(text); }

std::vector<std::string> vector_lines(std::span<const std::string> cells) {
  std::vector<std::string> lines = {"["};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string text = cells[i] + (i + 1 < cells.size() ? ", " : "]");
    if (lines.back().size() + text.size() > kLineWidth) {
      while (lines.back().ends_with(' ')) lines.back().pop_back();
      lines.emplace_back(1, ' ');
    }
    lines.back() += text;
  }
  return lines;
}

std::vector<std::string> matrix_lines(std::size_t rows, std::size_t columns,
                                      const std::function<std::string(std::size_t, std::size_t)>& cell,
                                      const std::function<std::string(std::size_t)>& note) {
  std::vector<std::string> cells;
  std::vector<std::size_t> widths(columns, 0);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      cells.push_back(cell(i, j));
      widths[j] = std::max(widths[j], cells.back().size());
    }
  }
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      std::string& text = cells[i * columns + j];
      text.insert(0, widths[j] - text.size(), ' ');
    }
    const std::vector<std::string> row = vector_lines(std::span(cells).subspan(i * columns, columns));
    for (const std::string& part : row) lines.push_back("    " + part);
    lines.back() += ",";
    if (const std::string behind = note(i); !behind.empty()) lines.back() += "  # " + behind;
  }
  return lines;
}

bool has_word(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool starts = at == 0 || (!is_name_character(text[at - 1]) && text[at - 1] != '.');
    if (starts && (end == text.size() || !is_name_character(text[end]))) return true;
  }
  return false;
}

}  // namespace attn::code
