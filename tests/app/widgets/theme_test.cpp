#include "app/widgets/theme.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace attn::ui;

namespace {

double lightness(Colour c) {
  // OKLab's L is the cube root of luminance for greys, near enough for order and evenness.
  return std::cbrt((contrast(c, IM_COL32(0, 0, 0, 255)) * 0.05) - 0.05);
}

}  // namespace

TEST_CASE("cividis grows lighter in even steps") {
  const ColourTable& table = cividis_table();
  double least = 1.0;
  double most = 0.0;
  for (std::size_t i = 16; i < table.size(); i += 16) {
    const double step = lightness(table[i]) - lightness(table[i - 16]);
    least = std::min(least, step);
    most = std::max(most, step);
  }
  CHECK(least > 0.0);
  CHECK(most < 2.5 * least);
}

TEST_CASE("maps clamp, and take what is no number as their middle") {
  CHECK(cividis(-1.0) == cividis(0.0));
  CHECK(cividis(7.0) == cividis(1.0));
  CHECK(cividis(std::numeric_limits<double>::quiet_NaN()) == cividis(0.0));
  const Theme& light = theme(ThemeKind::light);
  CHECK(diverging(light, 0.0) == light.diverging_middle);
  CHECK(diverging(light, 2.0) == light.diverging_high);
  CHECK(diverging(light, -2.0) == light.diverging_low);
  CHECK(diverging(light, std::numeric_limits<double>::quiet_NaN()) == light.diverging_middle);
}

TEST_CASE("text can be read on what it stands on, in both themes") {
  for (const ThemeKind kind : {ThemeKind::light, ThemeKind::dark}) {
    const Theme& t = theme(kind);
    constexpr double kText = 4.5;  // WCAG 2 AA
    CAPTURE(static_cast<int>(kind));
    CHECK(contrast(t.ink, t.panel) > 7.0);
    CHECK(contrast(t.ink_muted, t.panel) > kText);
    CHECK(contrast(t.ink_muted, t.field) > kText);
    CHECK(contrast(t.q, t.panel) > kText);
    CHECK(contrast(t.k, t.panel) > kText);
    CHECK(contrast(t.v, t.panel) > kText);
    CHECK(contrast(t.accent, t.panel) > kText);
    CHECK(contrast(t.accent, t.accent_soft) > 4.0);
    CHECK(contrast(t.on_accent, t.accent) > kText);
    CHECK(contrast(t.error, t.error_soft) > kText);
    CHECK(contrast(t.warning, t.panel) > kText);
  }
}

TEST_CASE("numbers can be read on every colour of both maps") {
  for (const Colour c : cividis_table()) CHECK(contrast(ink_on(c), c) > 4.5);
  for (const ThemeKind kind : {ThemeKind::light, ThemeKind::dark})
    for (const Colour c : diverging_table(kind)) CHECK(contrast(ink_on(c), c) > 4.5);
}

TEST_CASE("Q, K and V are three colours that nobody takes for the accent") {
  for (const ThemeKind kind : {ThemeKind::light, ThemeKind::dark}) {
    const Theme& t = theme(kind);
    for (const Colour c : {t.q, t.k, t.v}) CHECK(c != t.accent);
    CHECK(t.q != t.k);
    CHECK(t.k != t.v);
  }
}

TEST_CASE("mixing keeps the ends") {
  const Colour a = IM_COL32(200, 30, 90, 255);
  const Colour b = IM_COL32(10, 220, 120, 255);
  CHECK(mix(a, b, 0.0) == a);
  CHECK(mix(a, b, 1.0) == b);
}
