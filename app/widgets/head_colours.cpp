#include "app/widgets/head_colours.h"

#include <array>

namespace attn::ui {
namespace {

constexpr Colour rgb(unsigned hex) {
  return IM_COL32((hex >> 16) & 255u, (hex >> 8) & 255u, hex & 255u, 255);
}
// Magenta, gold, cyan, brown, slate, rose, ink.
constexpr std::array<Colour, kHeadColours - 1> kLight = {
    rgb(0xB3137A), rgb(0x8C7300), rgb(0x00828F), rgb(0x6B4A32), rgb(0x5B6472), rgb(0xD9567F), rgb(0x16181D)};
constexpr std::array<Colour, kHeadColours - 1> kDark = {
    rgb(0xF067C2), rgb(0xE3CB4B), rgb(0x39D0D8), rgb(0xC69C7B), rgb(0xA8B3C2), rgb(0xFF9FB5), rgb(0xF1F2F5)};

}  // namespace

Colour head_colour(const Theme& theme, std::size_t place) {
  if (place == 0) return theme.accent;
  const auto& others = theme.kind == ThemeKind::light ? kLight : kDark;
  return others[(place - 1) % others.size()];
}

}  // namespace attn::ui
