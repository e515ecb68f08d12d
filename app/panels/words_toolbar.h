#pragma once
// What stands above the words: buttons for the word that the keyboard was on last, and the field for a
// sentence.

#include "app/panels/word_rows.h"

namespace attn::ui {

/// Cuts what it needs off the top of `content` and draws it there.
void draw_words_toolbar(const session::Subject& subject, PanelContext& context, WordsMemory& memory,
                        Rect& content);

}  // namespace attn::ui
