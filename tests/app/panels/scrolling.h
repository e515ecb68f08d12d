#pragma once
#include <string>

#include "tests/app/panels/harness.h"

namespace attn::ui::testing {

/// Turns the wheel over the scenario's card until the widget can be clicked, as a hand would.
inline void bring_into_sight(Harness& h, const std::string& widget) {
  constexpr int kMostTurns = 60;
  constexpr float kEnough = 20.0f;
  const Rect tabs = h.rect("scenario.tab[0]");
  for (const float direction : {-1.0f, 1.0f}) {
    for (int i = 0; i < kMostTurns; ++i) {
      if (h.rect(widget).height() > kEnough) return;
      h.move({tabs.centre().x, tabs.max.y + 160.0f});
      h.wheel(direction);
    }
  }
  FAIL("cannot be scrolled to: " << widget);
}

}  // namespace attn::ui::testing
