#include "app/session/message.h"

#include <charconv>

namespace attn::session {

Message verbatim(std::string line) { return {"{0}", {std::move(line)}}; }

std::string substitute(std::string_view text, const std::vector<std::string>& arguments) {
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find('{', at);
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    std::size_t number = 0;
    const char* const first = text.data() + open + 1;
    const char* const last = text.data() + close;
    const auto [end, error] = std::from_chars(first, last, number);
    if (error == std::errc() && end == last && number < arguments.size()) {
      result.append(text.substr(at, open - at)).append(arguments[number]);
      at = close + 1;
    } else {
      result.append(text.substr(at, open + 1 - at));
      at = open + 1;
    }
  }
  return result.append(text.substr(at));
}

std::string english(const Message& m) { return substitute(m.id, m.arguments); }

}  // namespace attn::session
