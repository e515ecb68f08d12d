#include "app/platform/fonts.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace attn::ui;

namespace {

/// How much ink a letter has in the atlas: the sum of its grey values.
long ink(const ImFontAtlas& atlas, const ImFontGlyph& glyph) {
  const auto at = [](float uv, int pixels) {
    return static_cast<int>(std::lround(uv * static_cast<float>(pixels)));
  };
  long sum = 0;
  for (int y = at(glyph.V0, atlas.TexHeight); y < at(glyph.V1, atlas.TexHeight); ++y)
    for (int x = at(glyph.U0, atlas.TexWidth); x < at(glyph.U1, atlas.TexWidth); ++x)
      sum += atlas.TexPixelsRGBA32[y * atlas.TexWidth + x] >> IM_COL32_A_SHIFT;
  return sum;
}

}  // namespace

TEST_CASE("a size is there when it is asked for, in the middle of a frame") {
  Fonts fonts;
  ImFontAtlas atlas;
  CHECK(fonts.update(atlas));
  CHECK_FALSE(fonts.update(atlas));  // nothing has changed
  const ImFont* exact = fonts.find(Face::sans, 31.0f).font;
  CHECK(exact->FontSize == doctest::Approx(fonts.size_of(Face::sans, 31.0f)));
  CHECK(fonts.find(Face::sans, 31.0f).font == exact);
  CHECK_FALSE(fonts.stale());
  CHECK_FALSE(fonts.update(atlas));
}

TEST_CASE(
    "the size of a font is its em: letters of 18 are 18 high from top to bottom of M and p together, and "
    "more") {
  const Fonts fonts;
  // DejaVu Sans: ascender 1901, descender −483, em 2048.
  CHECK(fonts.height_of_em(Face::sans) == doctest::Approx((1901.0 + 483.0) / 2048.0));
  CHECK(fonts.size_of(Face::sans, 18.0f) == 21.0f);
}

TEST_CASE("a letter comes into the atlas when it is asked for, and its rows are told once") {
  Fonts fonts;
  ImFontAtlas atlas;
  fonts.update(atlas);
  fonts.take_changed();
  for (const Face face : {Face::sans, Face::mono}) {
    Fonts::Sized& sized = fonts.find(face, 18.0f);
    CHECK(sized.font->FindGlyphNoFallback(0x5D4C) == nullptr);
    const ImFontGlyph* glyph = fonts.glyph(sized, U'嵌');
    REQUIRE(glyph != nullptr);
    CHECK(glyph == sized.font->FindGlyphNoFallback(0x5D4C));
    CHECK(ink(atlas, *glyph) > 255 * 20);
    const auto rows = fonts.take_changed();
    REQUIRE(rows.has_value());
    CHECK(static_cast<float>(rows->first) <= glyph->V0 * static_cast<float>(atlas.TexHeight));
    CHECK(static_cast<float>(rows->end) >= glyph->V1 * static_cast<float>(atlas.TexHeight));
    fonts.glyph(sized, U'嵌');
    CHECK_FALSE(fonts.take_changed().has_value());
  }
}

TEST_CASE("ImGui measures what was loaded, and counts what was not as the letter it shows instead") {
  Fonts fonts;
  ImFontAtlas atlas;
  fonts.update(atlas);
  Fonts::Sized& sized = fonts.find(Face::sans, 18.0f);
  fonts.load(sized, "Mé嵌");
  const ImFont& font = *sized.font;
  const auto width = [&](const char* text) {
    return font.CalcTextSizeA(font.FontSize, 1.0e9f, 0.0f, text).x;
  };
  const float sum = fonts.glyph(sized, U'M')->AdvanceX + fonts.glyph(sized, U'é')->AdvanceX +
                    fonts.glyph(sized, U'嵌')->AdvanceX;
  CHECK(width("Mé嵌") == doctest::Approx(sum));
  CHECK(width("力") == doctest::Approx(width("?")));
  CHECK(font.FindGlyph(0x529B) == font.FindGlyphNoFallback('?'));
}

TEST_CASE("letters have rows and columns of their own") {
  Fonts fonts;
  ImFontAtlas atlas;
  fonts.update(atlas);
  Fonts::Sized& sized = fonts.find(Face::sans, 18.0f);
  std::vector<const ImFontGlyph*> glyphs;
  fonts.load(sized, "abcdefghijklmnopqrstuvwxyz");
  for (char32_t c = U'a'; c <= U'z'; ++c) glyphs.push_back(fonts.glyph(sized, c));
  for (const ImFontGlyph* a : glyphs)
    for (const ImFontGlyph* b : glyphs)
      if (a != b) CHECK((a->U1 < b->U0 || b->U1 < a->U0 || a->V1 < b->V0 || b->V1 < a->V0));
}

TEST_CASE(
    "a texture that is full is made anew and higher, and the letters that are still asked for are in it") {
  Fonts fonts;
  ImFontAtlas atlas;
  fonts.update(atlas);
  const int before = atlas.TexHeight;
  float px = 20.0f;
  for (; !fonts.stale() && px < 160.0f; px += 1.0f)
    fonts.load(fonts.find(Face::sans, px), "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  REQUIRE(fonts.stale());
  // What had no room is left out, but as wide as it would be.
  Fonts::Sized& last = fonts.find(Face::sans, 150.0f);
  const float width = fonts.glyph(last, U'W')->AdvanceX;
  CHECK(width > 100.0f);
  CHECK(ink(atlas, *fonts.glyph(last, U'W')) == 0);
  CHECK(fonts.update(atlas));
  CHECK_FALSE(fonts.stale());
  CHECK(atlas.TexHeight == 2 * before);
  Fonts::Sized& again = fonts.find(Face::sans, 150.0f);
  CHECK(fonts.glyph(again, U'W')->AdvanceX == width);
  CHECK(ink(atlas, *fonts.glyph(again, U'W')) > 255 * 1000);
}

TEST_CASE("a display with more pixels has larger letters for the same size on screen") {
  Fonts fonts(2.0f);
  ImFontAtlas atlas;
  fonts.update(atlas);
  CHECK(fonts.find(Face::sans, 18.0f).font->FontSize ==
        doctest::Approx(2.0f * fonts.size_of(Face::sans, 18.0f)));
  fonts.set_pixels_per_unit(1.0f);
  CHECK(fonts.update(atlas));
  CHECK(fonts.find(Face::sans, 18.0f).font->FontSize == doctest::Approx(fonts.size_of(Face::sans, 18.0f)));
}

TEST_CASE("what lies outside the 16-bit plane is not shown, what no font has neither") {
  Fonts fonts;
  CHECK_FALSE(fonts.shows(Face::sans, U'🙂'));
  CHECK_FALSE(fonts.shows(Face::sans, 0xE123));
  CHECK(fonts.shows(Face::sans, U'熵'));
  ImFontAtlas atlas;
  fonts.update(atlas);
  Fonts::Sized& sized = fonts.find(Face::sans, 18.0f);
  CHECK(fonts.glyph(sized, U'🙂') == nullptr);
  CHECK(fonts.glyph(sized, 0xE123) == nullptr);
  CHECK(fonts.glyph(sized, U'熵') != nullptr);
}
