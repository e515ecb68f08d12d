#pragma once
// Numbers as text for other programs: a cell, a row or a whole matrix of the shown stage. Every number takes
// the shortest form that reads back to the same float32, so that nothing is lost on the way.

#include <optional>
#include <string>
#include <string_view>

#include "core/attention/trace.h"

namespace attn::session {

enum class CopyPart { number, row, matrix };
enum class CopyFormat {
  text,      ///< a line a row, tabs between the numbers: spreadsheets take it
  latex,     ///< \begin{bmatrix} … \end{bmatrix}
  markdown,  ///< a table with the tokens as headings
};

/// The part of the stage and head of `cell`; with labels of rows and columns where the format has room for
/// them (Markdown). −∞ is "-inf" in text, "-\infty" in LaTeX. Nothing while it is not computed.
std::optional<std::string> copy_text(const Trace& trace, const CellRef& cell, CopyPart part,
                                     CopyFormat format);

}  // namespace attn::session
