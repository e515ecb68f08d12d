#include "app/session/input_message.h"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace attn::session {
namespace {

/// The lines of core/attention/input.cpp, special ones first.
const std::vector<Message>& known_lines() {
  static const std::vector<Message> kLines = {
      message(
          "{0}: expected a number of columns that heads = {1} divides, found the identity of {2} columns"),
      message("{0}: expected a number of columns that heads = {1} divides, found {2} columns"),
      message(
          "{0}: expected a number of columns that kv_heads = {1} divides, found the identity of {2} columns"),
      message("{0}: expected a number of columns that kv_heads = {1} divides, found {2} columns"),
      message("{0}: expected at least one token, found none"),
      message("{0}: expected at least one column a head, found none"),
      message("{0}: expected at least one column, found none"),
      message("{0}: expected {1} rows, as many as {2}, found {3} rows"),
      message("{0}: expected {1} columns a head, as w_q gives, found {2}"),
      message("{0}: expected {1} booleans, one a key, found {2}"),
      message("{0}: expected {1} numbers, found {2}"),
      message("{0}: expected {1} × {2}, queries × keys, found {3} × {4}"),
      message("{0}: expected {1} × {2} with attend_over \"features\", found {3} × {4}"),
      message("{0}: expected {1} with attend_over \"features\", found {2}"),
      message("{0}: expected {1} × {2}, found {3} × {4}"),
      message("{0}: expected a divisor of heads = {1}, found {2}"),
      message("{0}: expected an even number of columns a head for \"rope\", found {1}"),
      message("{0}: expected a value, for score \"{1}\", found none"),
      message("{0}: expected a finite number above 0, found {1}"),
      message("{0}: expected a finite number, found {1}"),
      message("{0}: expected a whole number below 2^53, found {1}"),
      message("{0}: expected at least 1, found {1}"),
      message("{0}: expected 0 or more, found {1}"),
      message("{0}: expected 0 ≤ p < 1, found {1}"),
      message("{0}: expected {1}, found {2}"),
  };
  return kLines;
}

/// What stands in `line` where `pattern` has {0}, {1}, … in this order, or nothing where it is another line.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view line) {
  std::vector<std::string> found;
  while (true) {
    const std::size_t open = pattern.find('{');
    const std::string_view literal = pattern.substr(0, open);
    if (!line.starts_with(literal)) return std::nullopt;
    line.remove_prefix(literal.size());
    if (open == std::string_view::npos) return line.empty() ? std::optional(found) : std::nullopt;
    pattern.remove_prefix(pattern.find('}') + 1);
    const std::string_view next = pattern.substr(0, pattern.find('{'));
    const std::size_t end = next.empty() ? line.size() : line.find(next);
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    found.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

}  // namespace

Message translatable(const std::string& line) {
  for (const Message& known : known_lines()) {
    if (auto found = match(known.id, line)) return {known.id, std::move(*found)};
  }
  return verbatim(line);
}

}  // namespace attn::session
