#include "app/panels/sentence_preview.h"

#include <algorithm>

#include "app/lexicon/word_vector.h"
#include "app/session/sentence.h"
#include "core/io/text.h"

namespace attn::ui {
namespace {

std::vector<std::string> tokens_of_sentence(const session::Document& document, session::TokenSide side,
                                            const std::string& typed) {
  if (lexicon::columns_of(session::feature_names_of(document, side)))
    return session::words_of_sentence(typed);
  return io::is_utf8(typed) ? session::split_sentence(typed) : std::vector<std::string>();
}

}  // namespace

const SentencePreview& SentencePreviews::of(const session::Document& document, session::TokenSide side,
                                            const std::string& typed) {
  if (document_ && *document_ == document && side_ == side && typed_ == typed) return preview_;
  document_ = document;
  side_ = side;
  typed_ = typed;
  preview_.tokens = tokens_of_sentence(document, side, typed);
  const session::WordVectors vectors(document, side);
  preview_.unknown =
      static_cast<std::size_t>(std::ranges::count_if(preview_.tokens, [&](const std::string& token) {
        return vectors.of(token).origin == session::WordVector::Origin::zeros;
      }));
  ++made_;
  return preview_;
}

}  // namespace attn::ui
