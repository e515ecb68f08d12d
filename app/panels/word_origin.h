#pragma once
#include <string>

#include "app/lexicon/word_vector.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {

/// Where the numbers of a word come from, in words: "king: from the lexicon".
std::string origin_text(const PanelContext& context, const std::string& word,
                        const lexicon::WordVector& vector);

}  // namespace attn::ui
