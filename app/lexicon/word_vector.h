#pragma once
// The vector of any word, and where it comes from.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/lexicon/lexicon.h"
#include "app/lexicon/n_grams.h"

namespace attn::lexicon {

/// Where the numbers of a word come from.
enum class Origin {
  entry,    ///< a line of the lexicon
  n_grams,  ///< the mean of words that share n-grams
  unknown,  ///< small numbers of its own, since it shares nothing
  own,      ///< somebody's own numbers: none of the above
};

struct WordVector {
  std::vector<float> values;
  Origin origin = Origin::unknown;
  /// The lexicon's words that it is made from: one for `entry`, up to four for `n_grams`, else none.
  std::vector<Part> parts;
};

/// The vector of a word, one number a feature of the built-in lexicon. Same word, same vector: nothing is
/// drawn at random, nothing is fetched.
WordVector meaning_of(std::string_view word);

/// The vectors of the words of one sentence. A capital at its start means nothing where the lexicon has the
/// word without it: "Apple trees" begin with the fruit.
std::vector<WordVector> meanings_of(std::span<const std::string> words);

/// @name Words of a scenario
/// A scenario has lexicon vectors where every feature of the lexicon is the name, English or Chinese, of one
/// of its columns. Other columns (positions, say) are nobody's business here.
/// @{

/// The column of each feature of the lexicon, or nothing where one is missing.
std::optional<std::vector<std::size_t>> columns_of(std::span<const std::string> feature_names);

/// The row of a word: as many numbers as `feature_names`. Columns that are not the lexicon's are those of
/// `row`, the row as it is, or 0 where `row` is empty. Nothing where the scenario has no lexicon vectors.
/// Throws std::invalid_argument if `row` has another length.
std::optional<WordVector> vector_for_word(std::string_view word, std::span<const std::string> feature_names,
                                          std::span<const float> row = {});

/// Where the numbers of a row come from: that of vector_for_word() where they are equal, else Origin::own.
/// Nothing where the scenario has no lexicon vectors.
std::optional<WordVector> origin_of(std::string_view word, std::span<const std::string> feature_names,
                                    std::span<const float> row);

/// The names of the lexicon's features in a language ("zh", else English): for a new scenario.
std::vector<std::string> feature_names(std::string_view language);
/// @}

}  // namespace attn::lexicon
