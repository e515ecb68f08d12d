#pragma once
// A sentence as people paste it, cut into tokens.

#include <string>
#include <string_view>
#include <vector>

namespace attn::session {

/// Cuts well-formed UTF-8 into tokens:
/// - white space separates and is dropped;
/// - a punctuation mark is a token of its own, the same mark repeated ("...", "!!") is one; apostrophes,
/// hyphens,
///   points, commas and colons between two letters or digits stay inside the word ("don't", "3.14", "10:30");
/// - Chinese characters and Japanese kana are tokens one by one, unless white space stands between two of
/// them
///   somewhere in the text: then the writer has cut the words, and they stay whole.
/// Nothing for a text without a token. Throws std::invalid_argument if `text` is not UTF-8.
std::vector<std::string> split_sentence(std::string_view text);

/// The same, but Chinese characters that are a word of the lexicon together stay together, unless the writer
/// has cut the words; see lexicon::join_words(). Nothing for what is not UTF-8.
std::vector<std::string> words_of_sentence(std::string_view text);

/// Whether the writer has cut Chinese or Japanese words by white space. Throws as above.
bool is_cut_by_spaces(std::string_view text);

/// A text that split_sentence() cuts into these very tokens: set together where that does, else with a space
/// between each two; nothing where neither does.
std::string sentence_of(const std::vector<std::string>& tokens);

}  // namespace attn::session
