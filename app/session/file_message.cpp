#include "app/session/file_message.h"

#include <algorithm>
#include <utility>

#include "app/session/file_phrases.h"
#include "app/session/input_message.h"
#include "app/session/line_match.h"

namespace attn::session {
namespace {

constexpr std::string_view kWithPlace = "{0}: expected {1}, found {2}";
constexpr std::string_view kWithoutPlace = "expected {0}, found {1}";

}  // namespace

Message file_message(const std::string& line) {
  if (auto found = match(kWithoutPlace, line)) return message("expected {0}, found {1}", std::move(*found));
  if (auto found = match(kWithPlace, line)) {
    Message whole = message("{0}: expected {1}, found {2}", std::move(*found));
    const bool known = first_match(file_phrases(), whole.arguments[1]).has_value() &&
                       first_match(file_phrases(), whole.arguments[2]).has_value();
    return known ? whole : translatable(line);
  }
  return first_match(file_faults(), line).value_or(verbatim(line));
}

std::vector<Message> phrases_in(const Message& sentence) {
  const bool faulty = std::ranges::count(file_faults(), sentence.id, &Message::id) > 0;
  if (!faulty && sentence.id != kWithPlace && sentence.id != kWithoutPlace) return {};
  std::vector<Message> phrases;
  for (const std::string& argument : sentence.arguments) {
    const bool place = phrases.empty() && sentence.id != kWithoutPlace;
    phrases.push_back(
        first_match(place ? file_places() : file_phrases(), argument).value_or(verbatim(argument)));
  }
  return phrases;
}

}  // namespace attn::session
