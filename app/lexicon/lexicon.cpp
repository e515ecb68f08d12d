#include "app/lexicon/lexicon.h"

#include <algorithm>
#include <array>

#include "embedded/attn_lexicon_words.h"

namespace attn::lexicon {
namespace {

constexpr std::string_view kRightQuote = "\u2019";

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/// What an English word may be a form of, in the order in which it is tried.
std::vector<std::string> stems(std::string_view word) {
  std::vector<std::string> result;
  const auto add = [&](std::string_view stem, std::string_view ending = {}) {
    constexpr std::size_t kLeast = 2;
    if (stem.size() >= kLeast) result.push_back(std::string(stem) + std::string(ending));
  };
  const auto without = [&](std::string_view ending) { return word.substr(0, word.size() - ending.size()); };
  /// "stopp" → "stop"
  const auto add_undoubled = [&](std::string_view stem) {
    if (stem.size() >= 3 && stem.back() == stem[stem.size() - 2]) add(stem.substr(0, stem.size() - 1));
  };
  if (word.ends_with("'s")) add(without("'s"));
  if (word.ends_with("ies")) add(without("ies"), "y");
  if (word.ends_with("es")) add(without("es"));
  if (word.ends_with("s")) add(without("s"));
  if (word.ends_with("ied")) add(without("ied"), "y");
  if (word.ends_with("ed")) {
    add(without("ed"));
    add_undoubled(without("ed"));
    add(without("d"));
  }
  if (word.ends_with("ing")) {
    add(without("ing"));
    add_undoubled(without("ing"));
    add(without("ing"), "e");
  }
  return result;
}

}  // namespace

std::string folded(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with(kRightQuote)) {
      result += '\'';
      i += kRightQuote.size() - 1;
    } else {
      const char c = text[i];
      result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return result;
}

void Lexicon::add(Entry entry) {
  const std::size_t index = entries_.size();
  for (const auto* const spellings : {&entry.english, &entry.chinese}) {
    for (const std::string& spelling : *spellings) {
      by_spelling_.emplace(spelling, index);
      by_lower_case_.emplace(folded(spelling), Found{index, spelling});
    }
  }
  entries_.push_back(std::move(entry));
}

std::optional<Found> Lexicon::find_as_written(std::string_view word) const {
  if (const auto exact = by_spelling_.find(std::string(word)); exact != by_spelling_.end()) {
    return Found{exact->second, exact->first};
  }
  if (const auto any = by_lower_case_.find(folded(word)); any != by_lower_case_.end()) return any->second;
  return std::nullopt;
}

std::optional<Found> Lexicon::find(std::string_view word) const {
  if (word.size() > kMaxSpellingBytes) return std::nullopt;
  if (auto found = find_as_written(word)) return found;
  const std::string lower = folded(word);
  if (!std::ranges::all_of(lower, [](char c) { return is_lower(c) || c == '\''; })) return std::nullopt;
  for (const std::string& stem : stems(lower)) {
    if (auto found = find_as_written(stem)) return found;
  }
  return std::nullopt;
}

const Lexicon& builtin() {
  static const Lexicon kLexicon = [] {
    const embedded::File& file = embedded::files().front();
    return Lexicon::parse(file.bytes, file.name);
  }();
  return kLexicon;
}

}  // namespace attn::lexicon
