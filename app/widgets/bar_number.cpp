#include "app/widgets/bar_number.h"

#include <algorithm>
#include <array>

namespace attn::ui {

BarNumberPlace place_bar_number(const Rect& place, float from, float to, float width, float pad) {
  const float left = std::min(from, to);
  const float right = std::max(from, to);
  const BarNumberPlace after{Rect{{right, place.min.y}, place.max}.inset(pad, 0), Align::left};
  const BarNumberPlace before{Rect{place.min, {left, place.max.y}}.inset(pad, 0), Align::right};
  const Rect inside = Rect{{left, place.min.y}, {right, place.max.y}}.inset(pad, 0);
  const bool leftwards = to < from;
  const std::array<BarNumberPlace, 3> tries = {leftwards ? before : after,
                                               {inside, leftwards ? Align::left : Align::right},
                                               leftwards ? after : before};
  for (const BarNumberPlace& one : tries)
    if (one.rect.width() >= width) return one;
  return *std::ranges::max_element(tries, {}, [](const BarNumberPlace& p) { return p.rect.width(); });
}

}  // namespace attn::ui
