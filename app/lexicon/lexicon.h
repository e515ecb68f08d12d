#pragma once
// Words of two languages with vectors whose numbers have names: a file written by hand, read and searched.
// assets/lexicon/README.md says what the file holds.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace attn::lexicon {

/// One column of the lexicon.
struct Feature {
  std::string english;
  std::string chinese;
  float low = 0.0f;
  float high = 1.0f;
};

/// One line: the spellings of a concept and its features.
struct Entry {
  std::vector<std::string> english;
  std::vector<std::string> chinese;
  std::vector<float> values;  ///< one number a feature
};

/// What a word was found as.
struct Found {
  std::size_t entry = 0;
  std::string spelling;  ///< as the lexicon has it
};

class Lexicon {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
  static constexpr std::size_t kMaxEntries = 20'000;
  static constexpr std::size_t kMaxFeatures = 64;
  static constexpr std::size_t kMaxSpellings = 32;  ///< of one language of one entry
  static constexpr std::size_t kMaxSpellingBytes = 64;

  /// Reads a lexicon file. `file_name` is for messages.
  /// Throws io::FormatError with one line: file, line, field, what was expected and what was found.
  static Lexicon parse(std::string_view text, std::string_view file_name);

  std::span<const Feature> features() const { return features_; }
  std::span<const Entry> entries() const { return entries_; }

  /// The entry of a word, by the first of these rules that finds one:
  /// 1. the spelling itself; 2. the same without regard to capitals (ASCII) and with ' for ’;
  /// 3. an English word with a regular ending taken off: 's; -ies → -y; -es; -s; -ied → -y; -ed, -ed with a
  ///    doubled letter before it, -d; -ing, -ing with a doubled letter, -ing → -e. What is left has at least
  ///    two letters.
  std::optional<Found> find(std::string_view word) const;

 private:
  friend class LexiconParser;
  void add(Entry entry);
  std::optional<Found> find_as_written(std::string_view word) const;

  std::vector<Feature> features_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> by_spelling_;
  std::unordered_map<std::string, Found>
      by_lower_case_;  ///< the first entry where several differ in capitals
};

/// The lexicon that travels inside the program, read on first use.
const Lexicon& builtin();

/// `text` with A–Z as a–z and ’ as '.
std::string folded(std::string_view text);

}  // namespace attn::lexicon
