#include "app/widgets/code_lines.h"

#include <algorithm>

#include "app/code/syntax.h"
#include "app/platform/utf8.h"

namespace attn::ui {
namespace {

constexpr std::size_t kHanging = 4;
constexpr std::size_t kLeastRoom = 8;

bool is_wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0xFFE0 && c <= 0xFFE6);
}

std::size_t columns_of(char32_t c) { return is_wide(c) ? 2 : 1; }

/// Where the comment of a line begins; its size where it has none.
std::size_t comment_of(std::string_view text) {
  for (const code::Span& span : code::spans_of(text))
    if (span.kind == code::Syntax::comment) return span.first;
  return text.size();
}

/// The end of what fits into `room` columns from `first` on: after a space where there is one, else inside.
std::size_t end_of_row(std::string_view text, std::size_t first, std::size_t last, std::size_t room) {
  std::size_t used = 0;
  std::size_t at = first;
  std::size_t after_space = first;
  while (at < last) {
    const std::size_t start = at;
    const char32_t c = next_code_point(text, at);
    used += columns_of(c);
    if (used > room && c != U' ') return after_space > first ? after_space : std::max(start, first + 1);
    if (c == U' ' || is_wide(c)) after_space = at;
  }
  return last;
}

}  // namespace

std::size_t code_columns(std::string_view text) {
  std::size_t columns = 0;
  std::size_t at = 0;
  while (at < text.size()) columns += columns_of(next_code_point(text, at));
  return columns;
}

std::vector<CodeRow> break_code(const code::Listing& listing, std::size_t columns) {
  std::vector<CodeRow> rows;
  for (std::size_t n = 0; n < listing.lines.size(); ++n) {
    const std::string_view text = listing.lines[n].text;
    if (code_columns(text) <= columns) {
      rows.push_back({n, 0, text.size(), 0, true});
      continue;
    }
    const std::size_t own = std::min(text.find_first_not_of(' '), text.size());
    const std::size_t indent = std::min(own + kHanging, columns > kLeastRoom ? columns - kLeastRoom : 0);
    const std::size_t comment = comment_of(text);
    bool begins = true;
    const auto part = [&](std::size_t first, std::size_t last) {
      while (last > first && text[last - 1] == ' ') --last;
      while (first < last) {
        const std::size_t in = begins ? 0 : indent;
        const std::size_t end = end_of_row(text, first, last, columns - in);
        rows.push_back({n, first, end, in, begins});
        begins = false;
        first = end;
        while (first < last && text[first] == ' ') ++first;
      }
    };
    part(0, comment);
    part(comment, text.size());
  }
  return rows;
}

}  // namespace attn::ui
