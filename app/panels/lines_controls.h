#pragma once
// What stands above the lines: which heads are drawn and in which colour, from which share on, which words,
// and whether all of them are shown at once.

#include <cstddef>
#include <vector>

#include "app/panels/attention_scene.h"
#include "app/widgets/head_colours.h"

namespace attn::ui {

struct DrawnHead {
  std::size_t head = 0;
  Colour colour = 0;
};

/// The head that is shown, then those beside it.
std::vector<DrawnHead> drawn_heads(const AttentionScene& scene);

/// Draws the controls at the top of `content` and takes their room off it. `may_scroll`: the words are more
/// than fit at a readable size.
void draw_lines_controls(const AttentionScene& scene, const std::vector<DrawnHead>& heads, Rect& content,
                         bool may_scroll);

}  // namespace attn::ui
