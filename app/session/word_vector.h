#pragma once
// Where the vector of a word that is typed comes from.

#include <cstddef>
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
    zeros,        ///< nothing is known of the word
  };
  std::vector<float> values;  ///< as many as the side's vectors have
  Origin origin = Origin::zeros;
};

/// Vectors for new words of one side of a document, which it must not outlive.
class WordVectors {
 public:
  WordVectors(const Document& document, TokenSide side);
  /// Words are told apart by every byte.
  WordVector of(std::string_view word) const;

 private:
  const SharedMatrix& x_;
  std::unordered_map<std::string_view, std::size_t> first_;  ///< row of the first token of a label
};

}  // namespace attn::session
