#pragma once
// Where the vector of a word that is typed comes from.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/session/document.h"

namespace attn::session {

/// Which of the two sequences a token stands in. Without a source the queries' side is both.
enum class TokenSide { queries, source };

/// The tokens and vectors of a side. Throws EditRefused where there is no source.
const Tokens& tokens_of(const Input& input, TokenSide side);
const SharedMatrix& vectors_of(const Input& input, TokenSide side);

struct WordVector {
  enum class Origin {
    equal_token,  ///< the vector of the first token of this very label
    lexicon,      ///< the built-in lexicon's, where the features of x are the lexicon's
    zeros,        ///< nothing is known of the word
  };
  std::vector<float> values;  ///< as many as the side's vectors have
  Origin origin = Origin::zeros;
};

/// The names of a side's columns: those of x; of the source too, where it is as wide. Empty: they have none.
std::span<const std::string> feature_names_of(const Document& document, TokenSide side);

/// Vectors for new words of one side of a document, which it must not outlive.
class WordVectors {
 public:
  WordVectors(const Document& document, TokenSide side);
  /// Words are told apart by every byte.
  WordVector of(std::string_view word) const;

 private:
  const SharedMatrix& x_;
  std::span<const std::string> names_;
  std::unordered_map<std::string_view, std::size_t> first_;  ///< row of the first token of a label
};

}  // namespace attn::session
