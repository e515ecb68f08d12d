#include "app/session/line_match.h"

#include <utility>

namespace attn::session {

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

std::optional<Message> first_match(const std::vector<Message>& known, std::string_view line) {
  for (const Message& m : known) {
    if (auto found = match(m.id, line)) return Message{m.id, std::move(*found)};
  }
  return std::nullopt;
}

}  // namespace attn::session
