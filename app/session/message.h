#pragma once
// Sentences for people, as data: the session says what it means, the window translates it.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace attn::session {

/// A sentence to translate: `id` is the English text and the key of the catalogues, with {0}, {1} … where
/// the arguments (names of words, numbers, paths: never translated) stand.
struct Message {
  std::string id;
  std::vector<std::string> arguments;
  bool operator==(const Message&) const = default;
};

/// Marks a text for translation; catalogues are checked against every literal given to it.
inline Message message(const char* id, std::vector<std::string> arguments = {}) {
  return {id, std::move(arguments)};
}

/// A line that is shown as it is: messages of the engine and of the file readers.
Message verbatim(std::string line);

/// `text` with {0}, {1} … replaced. A number without an argument stays as it is; "{{" is no escape.
std::string substitute(std::string_view text, const std::vector<std::string>& arguments);

/// The English sentence.
std::string english(const Message& m);

enum class Severity { information, warning, error };

/// One line that the window shows for as long as it takes to read it, and keeps in its list of messages.
struct Notice {
  Severity severity = Severity::information;
  Message text;
  std::uint64_t number = 0;  ///< each has its own; one that is said again gets a new one
  bool shown = true;         ///< false once its time is over
};

}  // namespace attn::session
