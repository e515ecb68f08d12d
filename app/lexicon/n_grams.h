#pragma once
// Vectors for words that the lexicon does not have, from the groups of characters that they share with words
// that it has. The idea is that of Bojanowski et al. 2017, "Enriching Word Vectors with Subword Information".

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/lexicon/lexicon.h"

namespace attn::lexicon {

/// FNV-1a of 64 bits over the bytes: start 14695981039346656037, then (h xor byte) · 1099511628211.
std::uint64_t fnv1a(std::string_view bytes);

/// The hashes of a word's n-grams, each once, with their length in characters. A word with a Chinese
/// character has its groups of 1 to 3 characters; any other, written as <word> with lower-case letters, its
/// groups of 3 to 6. Bytes that are no UTF-8 have none.
struct NGram {
  std::uint64_t hash = 0;
  std::size_t length = 0;
};
std::vector<NGram> n_grams_of(std::string_view word);

/// A word of the lexicon that an unknown word is near to, and its part in the mean.
struct Part {
  std::string spelling;
  double share = 0.0;
};

/// The n-grams of a lexicon's spellings, indexed. The lexicon must outlive it.
///
/// A shared n-gram g of length n weighs n² / (number of spellings that have it). A spelling's likeness is the
/// weight of what it shares with the word, divided by the weight of all it has, squared. The four likest
/// spellings make the mean of their vectors, by likeness, rounded to 0.01.
class NGramIndex {
 public:
  explicit NGramIndex(const Lexicon& lexicon);

  /// The likest spellings, the likest first; their shares sum to 1. Empty where no n-gram is shared.
  std::vector<Part> parts(std::string_view word) const;
  /// Their mean, one number a feature.
  std::vector<float> mean(const std::vector<Part>& parts) const;

 private:
  struct Spelling {
    std::string text;
    std::size_t entry = 0;
    double weight = 0.0;  ///< of all its n-grams
  };
  double weight_of(const NGram& g, std::size_t spellings) const;

  const Lexicon& lexicon_;
  std::vector<Spelling> spellings_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> having_;  ///< hash → spellings
};

/// Small numbers of its own for a word that shares nothing: FNV-1a of the word starts SplitMix64 (Steele et
/// al. 2014), whose outputs are brought to [−0.1, 0.1] and rounded to 0.01. Always the same for the same
/// word.
std::vector<float> small_vector(std::string_view word, std::size_t n_features);

}  // namespace attn::lexicon
