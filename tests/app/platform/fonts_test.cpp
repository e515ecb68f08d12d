#include "app/platform/fonts.h"

#include <doctest/doctest.h>

using namespace attn::ui;

TEST_CASE("a size is baked when it is asked for") {
  Fonts fonts;
  ImFontAtlas atlas;
  CHECK(fonts.update(atlas));
  CHECK_FALSE(fonts.update(atlas));  // nothing new was asked for
  ImFont* near = fonts.find(Face::sans, 31.0f);
  REQUIRE(near != nullptr);
  CHECK(fonts.stale());
  CHECK(fonts.update(atlas));
  ImFont* exact = fonts.find(Face::sans, 31.0f);
  CHECK_FALSE(fonts.stale());
  CHECK(exact->FontSize == doctest::Approx(fonts.size_of(Face::sans, 31.0f)));
}

TEST_CASE(
    "the size of a font is its em: letters of 18 are 18 high from top to bottom of M and p together, and "
    "more") {
  const Fonts fonts;
  // DejaVu Sans: ascender 1901, descender −483, em 2048.
  CHECK(fonts.height_of_em(Face::sans) == doctest::Approx((1901.0 + 483.0) / 2048.0));
  CHECK(fonts.size_of(Face::sans, 18.0f) == 21.0f);
}

TEST_CASE("letters of the open document come into the atlas") {
  Fonts fonts;
  ImFontAtlas atlas;
  fonts.update(atlas);
  CHECK(fonts.find(Face::sans, 18.0f)->FindGlyphNoFallback(0x5D4C) == nullptr);
  fonts.need("嵌");
  CHECK(fonts.update(atlas));
  CHECK(fonts.find(Face::sans, 18.0f)->FindGlyphNoFallback(0x5D4C) != nullptr);
  CHECK(fonts.find(Face::mono, 18.0f)->FindGlyphNoFallback(0x5D4C) != nullptr);
}

TEST_CASE("a display with more pixels bakes larger letters for the same size on screen") {
  Fonts fonts(2.0f);
  ImFontAtlas atlas;
  fonts.find(Face::sans, 18.0f);
  fonts.update(atlas);
  CHECK(fonts.find(Face::sans, 18.0f)->FontSize == doctest::Approx(2.0f * fonts.size_of(Face::sans, 18.0f)));
}

TEST_CASE("what lies outside the 16-bit plane is not shown, what no font has neither") {
  const Fonts fonts;
  CHECK_FALSE(fonts.shows(Face::sans, U'🙂'));
  CHECK_FALSE(fonts.shows(Face::sans, 0xE123));
  CHECK(fonts.shows(Face::sans, U'熵'));
}
