#include "app/lexicon/word_vector.h"

#include <algorithm>
#include <stdexcept>

namespace attn::lexicon {
namespace {

const NGramIndex& builtin_n_grams() {
  static const NGramIndex kIndex(builtin());
  return kIndex;
}

}  // namespace

WordVector meaning_of(std::string_view word) {
  const Lexicon& lexicon = builtin();
  if (const auto found = lexicon.find(word)) {
    return {lexicon.entries()[found->entry].values, Origin::entry, {{found->spelling, 1.0}}};
  }
  std::vector<Part> parts = builtin_n_grams().parts(word);
  if (parts.empty()) return {small_vector(word, lexicon.features().size()), Origin::unknown, {}};
  std::vector<float> mean = builtin_n_grams().mean(parts);
  return {std::move(mean), Origin::n_grams, std::move(parts)};
}

std::vector<WordVector> meanings_of(std::span<const std::string> words) {
  std::vector<WordVector> meanings;
  meanings.reserve(words.size());
  for (const std::string& word : words) {
    const std::string small = folded(word);
    const bool begins = meanings.empty() && builtin().find(small).has_value();
    meanings.push_back(meaning_of(begins ? small : word));
  }
  return meanings;
}

std::optional<std::vector<std::size_t>> columns_of(std::span<const std::string> feature_names) {
  std::vector<std::size_t> columns;
  for (const Feature& feature : builtin().features()) {
    const auto at = std::ranges::find_if(feature_names, [&](const std::string& name) {
      return name == feature.english || name == feature.chinese;
    });
    if (at == feature_names.end()) return std::nullopt;
    columns.push_back(static_cast<std::size_t>(at - feature_names.begin()));
  }
  return columns;
}

std::optional<WordVector> vector_for_word(std::string_view word, std::span<const std::string> feature_names,
                                          std::span<const float> row) {
  const auto columns = columns_of(feature_names);
  if (!columns) return std::nullopt;
  if (!row.empty() && row.size() != feature_names.size()) {
    throw std::invalid_argument("vector_for_word: a row as wide as the names");
  }
  WordVector meaning = meaning_of(word);
  std::vector<float> values(feature_names.size(), 0.0f);
  std::ranges::copy(row, values.begin());
  for (std::size_t i = 0; i < columns->size(); ++i) values[(*columns)[i]] = meaning.values[i];
  meaning.values = std::move(values);
  return meaning;
}

std::optional<WordVector> origin_of(std::string_view word, std::span<const std::string> feature_names,
                                    std::span<const float> row) {
  if (row.size() != feature_names.size()) return std::nullopt;
  auto meaning = vector_for_word(word, feature_names, row);
  if (meaning && !std::ranges::equal(meaning->values, row)) {
    return WordVector{{row.begin(), row.end()}, Origin::own, {}};
  }
  return meaning;
}

std::vector<std::string> feature_names(std::string_view language) {
  std::vector<std::string> names;
  for (const Feature& feature : builtin().features()) {
    names.push_back(language.starts_with("zh") ? feature.chinese : feature.english);
  }
  return names;
}

}  // namespace attn::lexicon
