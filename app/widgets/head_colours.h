#pragma once
// Colours that tell heads apart; none is a colour of Q, K or V.

#include <cstddef>

#include "app/widgets/theme.h"

namespace attn::ui {

/// So many heads have a colour of their own, the one in focus included; after that colours come again.
inline constexpr std::size_t kHeadColours = 8;
/// The head in focus has the accent, place 0; the others follow in their order.
Colour head_colour(const Theme& theme, std::size_t place);

}  // namespace attn::ui
