#pragma once
// Where the number of a bar stands: beside its end, else inside it, never across its end.

#include "app/widgets/geometry.h"
#include "app/widgets/text.h"

namespace attn::ui {

struct BarNumberPlace {
  Rect rect;  ///< as wide as the number may be, distance to the edges taken off
  Align align = Align::left;
};

/// A bar inside `place` goes from `from` to `to`, to the left where that is smaller. Its number, `width`
/// wide, stands beside its end where there is room, else inside it, else before it begins; where it fits
/// nowhere, on the widest of the three. All in display units.
BarNumberPlace place_bar_number(const Rect& place, float from, float to, float width, float pad);

}  // namespace attn::ui
