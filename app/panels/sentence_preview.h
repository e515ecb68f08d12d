#pragma once
// What a sentence that is being typed would be cut into, and how many of its words nothing is known of. Kept
// as long as sentence and document are the same: a frame looks nothing up.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/session/document.h"
#include "app/session/word_vector.h"

namespace attn::ui {

struct SentencePreview {
  std::vector<std::string>
      tokens;               ///< Chinese words of the lexicon whole, where the vectors are the lexicon's
  std::size_t unknown = 0;  ///< of them; they would get zeros
};

class SentencePreviews {
 public:
  const SentencePreview& of(const session::Document& document, session::TokenSide side,
                            const std::string& typed);
  /// How often words were looked up.
  std::size_t made() const { return made_; }

 private:
  std::optional<session::Document> document_;
  session::TokenSide side_ = session::TokenSide::queries;
  std::string typed_;
  SentencePreview preview_;
  std::size_t made_ = 0;
};

}  // namespace attn::ui
