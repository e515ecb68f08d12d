#include "app/widgets/theme.h"

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

constexpr Colour rgb(unsigned hex, unsigned alpha = 255) {
  return IM_COL32((hex >> 16) & 255u, (hex >> 8) & 255u, hex & 255u, alpha);
}

constexpr Theme kLight = {
    .kind = ThemeKind::light,
    .background = rgb(0xF2F3F5),
    .bar = rgb(0xFFFFFF),
    .panel = rgb(0xFFFFFF),
    .panel_border = rgb(0xE2E5EA),
    .ink = rgb(0x16181D),
    .ink_muted = rgb(0x565F6E),
    .q = rgb(0xC8400C),
    .k = rgb(0x1260A8),
    .v = rgb(0x1F7F37),
    .q_soft = rgb(0xFCEBE3),
    .k_soft = rgb(0xE4EFFA),
    .v_soft = rgb(0xE3F3E7),
    .accent = rgb(0x6940D8),
    .accent_soft = rgb(0xEFEAFC),
    .on_accent = rgb(0xFFFFFF),
    .button = rgb(0xEDEEF2),
    .button_hover = rgb(0xE2E4EB),
    .button_pressed = rgb(0xD6D9E3),
    .button_border = rgb(0xDDE0E7),
    .ink_disabled = rgb(0xA4AAB6),
    .field = rgb(0xEFF0F4),
    .field_border = rgb(0xDADDE5),
    .box = rgb(0xEFF0F4),
    .box_hover = rgb(0xE6E8EE),
    .track = rgb(0xD9DCE3),
    .error = rgb(0xB3261E),
    .error_soft = rgb(0xFBE9E7),
    .warning = rgb(0x8A5A00),
    .selection_outer = rgb(0x0E0F13),
    .selection_inner = rgb(0xFFFFFF),
    .hover_outer = rgb(0x6940D8),
    .cell_neutral = rgb(0xECEEF2),
    .cell_border = rgb(0xFFFFFF),
    .hatch = rgb(0xB9BFCA),
    .hatch_background = rgb(0xF1F2F5),
    .grid = rgb(0xE1E4E9),
    .axis = rgb(0x384252),
    .shadow = rgb(0x14171F, 38),
    .scrim = rgb(0x14171F, 110),
    .diverging_low = rgb(0x8A4B08),
    .diverging_middle = rgb(0xEEF1F0),
    .diverging_high = rgb(0x00776B),
};

constexpr Theme kDark = {
    .kind = ThemeKind::dark,
    .background = rgb(0x121317),
    .bar = rgb(0x1A1C21),
    .panel = rgb(0x1C1E23),
    .panel_border = rgb(0x2C2F37),
    .ink = rgb(0xF1F2F5),
    .ink_muted = rgb(0xA8AFBC),
    .q = rgb(0xFF9232),
    .k = rgb(0x56AEFA),
    .v = rgb(0x62DB7C),
    .q_soft = rgb(0x3A2A1C),
    .k_soft = rgb(0x1D2E3F),
    .v_soft = rgb(0x1D3324),
    .accent = rgb(0x9A76FF),
    .accent_soft = rgb(0x2F2848),
    .on_accent = rgb(0x0F0B1C),
    .button = rgb(0x262930),
    .button_hover = rgb(0x31353E),
    .button_pressed = rgb(0x3C414C),
    .button_border = rgb(0x353943),
    .ink_disabled = rgb(0x646B79),
    .field = rgb(0x26292F),
    .field_border = rgb(0x3A3F49),
    .box = rgb(0x262930),
    .box_hover = rgb(0x2F333B),
    .track = rgb(0x31353D),
    .error = rgb(0xFF8A80),
    .error_soft = rgb(0x402423),
    .warning = rgb(0xF2C14E),
    .selection_outer = rgb(0x0A0B0D),
    .selection_inner = rgb(0xFFFFFF),
    .hover_outer = rgb(0xB9A0FF),
    .cell_neutral = rgb(0x272A31),
    .cell_border = rgb(0x1C1E23),
    .hatch = rgb(0x4A505C),
    .hatch_background = rgb(0x212429),
    .grid = rgb(0x2D3138),
    .axis = rgb(0xC3C8D2),
    .shadow = rgb(0x000000, 120),
    .scrim = rgb(0x000000, 150),
    .diverging_low = rgb(0xD08A3E),
    .diverging_middle = rgb(0x2B2F34),
    .diverging_high = rgb(0x0A9384),
};

struct Linear {
  double r, g, b;
};
double to_linear(unsigned channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}
unsigned from_linear(double c) {
  c = std::clamp(c, 0.0, 1.0);
  const double s = c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1.0 / 2.4) - 0.055;
  return static_cast<unsigned>(std::lround(s * 255.0));
}
unsigned channel(Colour colour, int shift) { return (colour >> shift) & 255u; }
Linear linear(Colour c) {
  return {to_linear(channel(c, IM_COL32_R_SHIFT)), to_linear(channel(c, IM_COL32_G_SHIFT)),
          to_linear(channel(c, IM_COL32_B_SHIFT))};
}

/// OKLab (Björn Ottosson 2020): equal steps look equal.
struct Lab {
  double l, a, b;
};
Lab lab(Colour colour) {
  const Linear c = linear(colour);
  const double l = std::cbrt(0.4122214708 * c.r + 0.5363325363 * c.g + 0.0514459929 * c.b);
  const double m = std::cbrt(0.2119034982 * c.r + 0.6806995451 * c.g + 0.1073969566 * c.b);
  const double s = std::cbrt(0.0883024619 * c.r + 0.2817188376 * c.g + 0.6299787005 * c.b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}
Colour from_lab(const Lab& c, unsigned alpha) {
  const auto cube = [](double v) { return v * v * v; };
  const double l = cube(c.l + 0.3963377774 * c.a + 0.2158037573 * c.b);
  const double m = cube(c.l - 0.1055613458 * c.a - 0.0638541728 * c.b);
  const double s = cube(c.l - 0.0894841775 * c.a - 1.2914855480 * c.b);
  return IM_COL32(from_linear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
                  from_linear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
                  from_linear(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s), alpha);
}

double luminance(Colour colour) {
  const Linear c = linear(colour);
  return 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b;
}

/// Ten points of cividis (Nuñez, Anderton, Renslow 2018), evenly spaced; between them straight lines differ
/// from the full map by less than an eye sees.
constexpr std::array<Colour, 10> kCividis = {rgb(0x00224E), rgb(0x123570), rgb(0x3B496C), rgb(0x575D6D),
                                             rgb(0x707173), rgb(0x8A8678), rgb(0xA59C74), rgb(0xC3B369),
                                             rgb(0xE1CC55), rgb(0xFEE838)};

double in_unit(double t) { return t >= 0.0 ? std::min(t, 1.0) : 0.0; }  // NaN as 0

}  // namespace

const Theme& theme(ThemeKind kind) { return kind == ThemeKind::dark ? kDark : kLight; }

Colour mix(Colour a, Colour b, double t) {
  t = in_unit(t);
  const Lab p = lab(a);
  const Lab q = lab(b);
  const double alpha = channel(a, IM_COL32_A_SHIFT) * (1.0 - t) + channel(b, IM_COL32_A_SHIFT) * t;
  return from_lab({p.l + (q.l - p.l) * t, p.a + (q.a - p.a) * t, p.b + (q.b - p.b) * t},
                  static_cast<unsigned>(std::lround(alpha)));
}

Colour cividis(double t) {
  const double at = in_unit(t) * static_cast<double>(kCividis.size() - 1);
  const std::size_t i = std::min(static_cast<std::size_t>(at), kCividis.size() - 2);
  return mix(kCividis[i], kCividis[i + 1], at - static_cast<double>(i));
}

const ColourTable& cividis_table() {
  static const ColourTable kTable = [] {
    ColourTable t{};
    for (std::size_t i = 0; i < t.size(); ++i)
      t[i] = cividis(static_cast<double>(i) / (kColourTableSize - 1));
    return t;
  }();
  return kTable;
}

Colour diverging(const Theme& theme, double t) {
  return t < 0.0 ? mix(theme.diverging_middle, theme.diverging_low, -t)
                 : mix(theme.diverging_middle, theme.diverging_high, t);
}

const ColourTable& diverging_table(ThemeKind kind) {
  static const std::array<ColourTable, 2> kTables = [] {
    std::array<ColourTable, 2> both{};
    for (const ThemeKind k : {ThemeKind::light, ThemeKind::dark}) {
      for (std::size_t i = 0; i < kColourTableSize; ++i) {
        both[static_cast<std::size_t>(k)][i] =
            diverging(theme(k), 2.0 * static_cast<double>(i) / (kColourTableSize - 1) - 1.0);
      }
    }
    return both;
  }();
  return kTables[static_cast<std::size_t>(kind)];
}

double contrast(Colour a, Colour b) {
  const double la = luminance(a);
  const double lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

Colour ink_on(Colour background) {
  constexpr Colour kBlack = rgb(0x000000);  // anything lighter falls under 4.5:1 on middle greys
  constexpr Colour kWhite = rgb(0xFFFFFF);
  return contrast(kBlack, background) >= contrast(kWhite, background) ? kBlack : kWhite;
}

Colour with_alpha(Colour colour, float alpha) {
  const auto a = static_cast<Colour>(std::lround(std::clamp(alpha, 0.0f, 1.0f) * 255.0f));
  return (colour & ~IM_COL32_A_MASK) | (a << IM_COL32_A_SHIFT);
}

float design_px(TextSize size) {
  switch (size) {
    case TextSize::small:
      return 15.0f;
    case TextSize::body:
      return 18.0f;
    case TextSize::label:
      return 20.0f;
    case TextSize::number:
      return 22.0f;
    case TextSize::title:
      return 24.0f;
    case TextSize::focus:
      return 36.0f;
  }
  return 18.0f;
}

float Style::px(float design) const { return std::max(1.0f, std::round(design * scale)); }

float style_scale(float width, float height, float display_scale) {
  constexpr float kDesignWidth = 1440.0f;
  constexpr float kDesignHeight = 900.0f;
  constexpr float kLeast = 0.7f;  // body text of 12.6 px: panels scroll rather than get smaller
  const float fit = std::min(width / kDesignWidth, height / kDesignHeight);
  return std::max(fit, kLeast * std::max(display_scale, 1.0f));
}

}  // namespace attn::ui
