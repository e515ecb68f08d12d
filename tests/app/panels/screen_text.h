#pragma once
// What can be read in a part of the last frame: its letters, as a person sees them.

#include <string>

#include "app/widgets/geometry.h"

namespace attn::ui::testing {

/// Letters whose middle lies in `rect`, in the order in which they were drawn; no spaces.
std::string screen_text(const Rect& rect);

}  // namespace attn::ui::testing
