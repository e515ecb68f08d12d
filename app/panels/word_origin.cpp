#include "app/panels/word_origin.h"

#include <fmt/format.h>

namespace attn::ui {

std::string origin_text(const PanelContext& context, const std::string& word,
                        const lexicon::WordVector& vector) {
  std::string parts;
  for (const lexicon::Part& part : vector.parts) parts += (parts.empty() ? "" : ", ") + part.spelling;
  switch (vector.origin) {
    case lexicon::Origin::entry:
      return vector.parts.empty() || vector.parts[0].spelling == word
                 ? context.say("{word}: from the lexicon", fmt::arg("word", word))
                 : context.say("{word}: from the lexicon, as “{entry}”", fmt::arg("word", word),
                               fmt::arg("entry", parts));
    case lexicon::Origin::n_grams:
      return context.say("{word}: not in the lexicon, a mean of {words}", fmt::arg("word", word),
                         fmt::arg("words", parts));
    case lexicon::Origin::unknown:
      return context.say("{word}: not in the lexicon, small numbers of its own", fmt::arg("word", word));
    case lexicon::Origin::own:
      break;
  }
  return context.say("{word}: own numbers", fmt::arg("word", word));
}

}  // namespace attn::ui
