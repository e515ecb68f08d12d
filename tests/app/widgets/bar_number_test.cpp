#include "app/widgets/bar_number.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace attn::ui;

TEST_CASE("the number of a bar stands beside its end, inside it where there is no room beside it") {
  const Rect place{{100, 0}, {200, 20}};
  const BarNumberPlace beside = place_bar_number(place, 100, 120, 40, 5);
  CHECK(beside.rect.min.x == 125.0f);
  CHECK(beside.align == Align::left);
  const BarNumberPlace inside = place_bar_number(place, 100, 180, 40, 5);
  CHECK(inside.rect.max.x == 175.0f);
  CHECK(inside.align == Align::right);
}

TEST_CASE("the number of a bar to the left mirrors that of one to the right") {
  const Rect place{{100, 0}, {200, 20}};
  const BarNumberPlace beside = place_bar_number(place, 180, 160, 40, 5);
  CHECK(beside.rect.max.x == 155.0f);
  CHECK(beside.align == Align::right);
  const BarNumberPlace inside = place_bar_number(place, 190, 110, 40, 5);
  CHECK(inside.rect.min.x == 115.0f);
  CHECK(inside.align == Align::left);
}

TEST_CASE("no number of a bar lies across its end, wherever that is") {
  const Rect place{{0, 0}, {100, 20}};
  for (float from = 0; from <= 100; from += 10) {
    for (float to = 0; to <= 100; to += 1) {
      for (const float width : {10.0f, 40.0f, 60.0f, 90.0f}) {
        CAPTURE(from);
        CAPTURE(to);
        CAPTURE(width);
        const BarNumberPlace number = place_bar_number(place, from, to, width, 4);
        CHECK((number.rect.max.x <= to - 4 || number.rect.min.x >= to + 4));
        CHECK((number.rect.min.x >= 4 && number.rect.max.x <= 96));
        // What fits nowhere still has the widest of three rooms.
        CHECK(number.rect.width() >= std::min(width, 25.0f));
      }
    }
  }
}
