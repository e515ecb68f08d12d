#pragma once
// Numbers, names and comments as Python source.

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace attn::code {

/// Lines are kept to this many characters where they can be.
inline constexpr std::size_t kLineWidth = 96;

/// The shortest decimal that Python reads, by way of a double, back to the very same float32.
std::string python_number(float value);
std::string python_number(double value);

/// `text` as part of a comment: one line without control characters, and nothing that turns the direction of
/// writing, so that a label cannot hide code.
std::string comment_text(std::string_view text);
/// `text` as a Python string in double quotes.
std::string python_string(std::string_view text);

/// Rows as the lines between the outer brackets, columns lined up:
///
///     "    [1, 2],  # x1"
///
/// `note` is the comment behind row i, without "# "; it may be empty. Long rows go on in the next line.
std::vector<std::string> matrix_lines(std::size_t rows, std::size_t columns,
                                      const std::function<std::string(std::size_t, std::size_t)>& cell,
                                      const std::function<std::string(std::size_t)>& note);

/// "[1, 2, 3]" in as many lines as it takes; the first has no indent.
std::vector<std::string> vector_lines(std::span<const std::string> cells);

/// Whether `name` stands in `text` as a word of its own.
bool has_word(std::string_view text, std::string_view name);

}  // namespace attn::code
