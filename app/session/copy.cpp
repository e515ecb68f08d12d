#include "app/session/copy.h"

#include <cmath>
#include <vector>

#include "core/io/text.h"

namespace attn::session {
namespace {

std::string number_text(float value, CopyFormat format) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) {
    const std::string sign = value < 0 ? "-" : "";
    return sign + (format == CopyFormat::latex ? "\\infty" : "inf");
  }
  std::string text = io::shortest(value);
  if (text == "-0.0") text = "-0";
  const std::size_t exponent = text.find('e');
  if (format != CopyFormat::latex || exponent == std::string::npos) return text;
  std::string power = text.substr(exponent + 1);
  if (power.starts_with('+')) power.erase(0, 1);
  while (power.size() > 2 && power.starts_with("-0")) power.erase(1, 1);
  while (power.size() > 1 && power.starts_with("0")) power.erase(0, 1);
  return text.substr(0, exponent) + " \\times 10^{" + power + "}";
}

/// The name of a row: a token where rows are tokens, else its number.
std::string row_label(const Trace& trace, Stage stage, std::size_t row) {
  const Input& input = trace.input();
  const bool features = input.config.attend_over == AttendOver::features;
  if (features && (is_score_like(stage))) return std::to_string(row + 1);
  const bool of_keys = stage == Stage::source_x || stage == Stage::source_position || stage == Stage::k ||
                       stage == Stage::v || stage == Stage::k_rotated;
  const Tokens& tokens = of_keys ? input.key_tokens() : input.tokens;
  return row < tokens->size() ? (*tokens)[row] : std::to_string(row + 1);
}

std::string column_label(const Trace& trace, Stage stage, std::size_t column) {
  const Input& input = trace.input();
  if (is_score_like(stage) && input.config.attend_over == AttendOver::tokens)
    return (*input.key_tokens())[column];
  return std::to_string(column + 1);
}

/// A label inside a Markdown table: one line, and no end of a cell.
std::string escaped(const std::string& label) {
  std::string out;
  for (const char c : label) {
    if (c == '|' || c == '\\') out += '\\';
    out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  return out;
}

std::string markdown(const Trace& trace, const CellRect& rect, Stage stage, MatrixView<const float> values) {
  std::string out = "| |";
  std::string rule = "|---|";
  for (std::size_t j = 0; j < values.columns; ++j) {
    out += " " + escaped(column_label(trace, stage, rect.column + j)) + " |";
    rule += "---:|";
  }
  out += "\n" + rule + "\n";
  for (std::size_t i = 0; i < values.rows; ++i) {
    out += "| " + escaped(row_label(trace, stage, rect.row + i)) + " |";
    for (const float value : values.row(i)) out += " " + number_text(value, CopyFormat::markdown) + " |";
    out += "\n";
  }
  return out;
}

std::string grid(MatrixView<const float> values, CopyFormat format) {
  const bool latex = format == CopyFormat::latex;
  std::string out = latex ? "\\begin{bmatrix}\n" : "";
  for (std::size_t i = 0; i < values.rows; ++i) {
    for (std::size_t j = 0; j < values.columns; ++j) {
      if (j > 0) out += latex ? " & " : "\t";
      out += number_text(values(i, j), format);
    }
    const bool last = i + 1 == values.rows;
    if (latex) out += last ? "\n" : " \\\\\n";
    if (!latex && !last) out += "\n";
  }
  return latex ? out + "\\end{bmatrix}" : out;
}

}  // namespace

std::optional<std::string> copy_text(const Trace& trace, const CellRef& cell, CopyPart part,
                                     CopyFormat format) {
  if (!trace.has(cell.stage)) return std::nullopt;
  const StageShape shape = trace.shape(cell.stage);
  CellRect rect{cell.row, cell.column, 1, 1};
  if (part != CopyPart::number) {
    rect.column = 0;
    rect.columns = shape.columns;
  }
  if (part == CopyPart::matrix) {
    rect.row = 0;
    rect.rows = shape.rows;
  }
  const Read read = trace.read(cell.stage, cell.head, rect);
  if (!read.ready()) return std::nullopt;
  if (part == CopyPart::number) return number_text(read.values(0, 0), format);
  if (format == CopyFormat::markdown) return markdown(trace, rect, cell.stage, read.values);
  return grid(read.values, format);
}

}  // namespace attn::session
