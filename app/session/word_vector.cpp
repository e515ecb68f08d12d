#include "app/session/word_vector.h"

#include <utility>

#include "app/lexicon/word_vector.h"
#include "app/session/edit.h"
#include "core/io/scenario.h"

namespace attn::session {

const Tokens& tokens_of(const Input& input, TokenSide side) {
  if (side == TokenSide::queries) return input.tokens;
  if (!input.source) throw EditRefused(message("This example has no source"));
  return input.source->tokens;
}

const SharedMatrix& vectors_of(const Input& input, TokenSide side) {
  if (side == TokenSide::queries) return input.x;
  if (!input.source) throw EditRefused(message("This example has no source"));
  return input.source->x;
}

std::span<const std::string> feature_names_of(const Document& document, TokenSide side) {
  const auto& names = document.scenario().feature_names;
  if (!names || names->size() != vectors_of(document.input(), side).columns()) return {};
  return *names;
}

WordVectors::WordVectors(const Document& document, TokenSide side)
    : x_(vectors_of(document.input(), side)), names_(feature_names_of(document, side)) {
  const std::vector<std::string>& tokens = *tokens_of(document.input(), side);
  for (std::size_t i = 0; i < tokens.size(); ++i) first_.emplace(tokens[i], i);
}

WordVector WordVectors::of(std::string_view word) const {
  if (const auto found = first_.find(word); found != first_.end()) {
    const auto row = x_.row(found->second);
    return {{row.begin(), row.end()}, WordVector::Origin::equal_token};
  }
  if (auto meaning = lexicon::vector_for_word(word, names_)) {
    return {std::move(meaning->values), WordVector::Origin::lexicon};
  }
  return {std::vector<float>(x_.columns(), 0.0f), WordVector::Origin::zeros};
}

}  // namespace attn::session
