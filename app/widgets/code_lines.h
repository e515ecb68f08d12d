#pragma once
// Lines of a program broken to a width, for a monospaced face.

#include <cstddef>
#include <string_view>
#include <vector>

#include "app/code/listing.h"

namespace attn::ui {

/// A part of a line of the program that stands in one row of the screen.
struct CodeRow {
  std::size_t line = 0;    ///< of the listing
  std::size_t first = 0;   ///< byte
  std::size_t last = 0;    ///< past the last byte
  std::size_t indent = 0;  ///< columns left free before it
  bool begins = true;      ///< the first row of its line: it carries the number
  bool operator==(const CodeRow&) const = default;
};

/// Columns that a text takes: two for a character as wide as high (Chinese).
std::size_t code_columns(std::string_view text);

/// Breaks at spaces, before a comment first, so that code and what is said about it stay apart. What goes on
/// stands four columns further in. A word wider than the row is broken inside.
std::vector<CodeRow> break_code(const code::Listing& listing, std::size_t columns);

}  // namespace attn::ui
