#include "app/widgets/written_names.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "app/platform/fonts.h"
#include "app/platform/utf8.h"

namespace attn::ui {
namespace {

constexpr std::array<std::string_view, 16> kNames = {"W_q", "W_k",     "W_Q",      "W_K",  "W_V", "W_O",
                                                     "b_Q", "b_K",     "b_V",      "b_O",  "d_k", "d_v",
                                                     "d_a", "d_model", "d_source", "d_out"};

bool is_ascii_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
/// Part of a longer name, of a path or of a program.
bool continues_before(char c) {
  return is_ascii_letter_or_digit(c) || c == '_' || c == '.' || c == '/' || c == '-';
}

bool stands_alone(std::string_view text, std::size_t at, std::size_t length) {
  if (at > 0 && continues_before(text[at - 1])) return false;
  const std::size_t end = at + length;
  if (end == text.size()) return true;
  if (is_ascii_letter_or_digit(text[end]) || text[end] == '_' || text[end] == '/') return false;
  // A dot ends a sentence, or begins ".npy".
  return text[end] != '.' || end + 1 == text.size() || !is_ascii_letter_or_digit(text[end + 1]);
}

}  // namespace

std::string with_indices(std::string text) {
  if (text.find('_') == std::string::npos) return text;
  std::string written;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    const auto name = std::ranges::find_if(kNames, [&](std::string_view known) {
      return rest.starts_with(known) && stands_alone(text, at, known.size());
    });
    if (name == kNames.end()) {
      written += text[at++];
      continue;
    }
    written += name->front();
    for (const char index : name->substr(2)) append_utf8(written, index_letter(index));
    at += name->size();
  }
  return written;
}

std::string_view with_indices(std::string_view text) {
  if (text.find('_') == std::string_view::npos) return text;
  static std::unordered_map<std::string, std::string> written;  // as many as there are such texts
  const auto [entry, is_new] = written.try_emplace(std::string(text));
  if (is_new) entry->second = with_indices(entry->first);
  return entry->second;
}

}  // namespace attn::ui
