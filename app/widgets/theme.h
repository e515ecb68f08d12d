#pragma once
// Every colour by what it means, and every size by what it is for. Q is orange, K is blue, V is green,
// X and words are ink; buttons, focus and the playhead are violet and never a colour of Q, K or V.

#include <array>
#include <cstddef>
#include <cstdint>

#include "app/widgets/geometry.h"

namespace attn::ui {

enum class ThemeKind { light, dark };

struct Theme {
  ThemeKind kind = ThemeKind::light;

  Colour background;    ///< behind the panels
  Colour bar;           ///< the top bar
  Colour panel;         ///< cards
  Colour panel_border;  ///< the thin line around a card and under the bar
  Colour ink;           ///< text, X and words, the axes' main lines
  Colour ink_muted;     ///< secondary text, arrows between stages; 4.5:1 on `panel`

  Colour q;  ///< queries: text, arrows, formula
  Colour k;
  Colour v;
  Colour q_soft;  ///< the same as a wash behind text
  Colour k_soft;
  Colour v_soft;

  Colour accent;       ///< violet: focus, playhead, the current stage
  Colour accent_soft;  ///< violet as a wash: a chosen segment, a highlighted row
  Colour on_accent;    ///< text on `accent`

  Colour button;
  Colour button_hover;
  Colour button_pressed;
  Colour button_border;
  Colour ink_disabled;
  Colour field;  ///< where numbers are typed
  Colour field_border;
  Colour box;  ///< quiet boxes inside a card (the steps of an explanation)
  Colour box_hover;
  Colour track;  ///< the empty part of a slider or of a bar
  Colour error;  ///< text; 4.5:1 on `panel`
  Colour error_soft;
  Colour warning;

  Colour selection_outer;  ///< the double frame of what is selected, legible on every cell colour
  Colour selection_inner;
  Colour hover_outer;   ///< the single frame of what is hovered
  Colour cell_neutral;  ///< a cell without a colour of its own: `?`, plain matrices
  Colour cell_border;
  Colour hatch;  ///< lines over hidden cells
  Colour hatch_background;
  Colour grid;  ///< of the plane
  Colour axis;
  Colour shadow;  ///< under menus and dialogs
  Colour scrim;   ///< over everything behind a dialog

  /// The ends and the middle of the diverging map.
  Colour diverging_low;
  Colour diverging_middle;
  Colour diverging_high;
};

const Theme& theme(ThemeKind kind);

inline constexpr std::size_t kColourTableSize = 256;
using ColourTable = std::array<Colour, kColourTableSize>;

/// Attention weights: cividis, even and the same to colour-blind eyes. t from 0 to 1, clamped; NaN as 0.
Colour cividis(double t);
/// cividis in 256 steps, for textures: entry i is t = i / 255.
const ColourTable& cividis_table();

/// Scores, centred on 0: t from −1 (brown) over 0 (the theme's neutral) to 1 (teal), clamped; NaN as 0.
Colour diverging(const Theme& theme, double t);
/// diverging in 256 steps: entry i is t = 2·i / 255 − 1.
const ColourTable& diverging_table(ThemeKind kind);

/// Black or white, whichever reads better on `background`.
Colour ink_on(Colour background);
/// (background's and text's contrast, 1 to 21; WCAG 2)
double contrast(Colour a, Colour b);
Colour with_alpha(Colour colour, float alpha);
/// Between two colours, evenly to the eye (OKLab). t from 0 to 1.
Colour mix(Colour a, Colour b, double t);

/// Sizes of text by what it is for, in pixels at a height of 900.
enum class TextSize {
  small,   ///< 15: nothing that is taught (shortcuts in menus)
  body,    ///< 18: the least for anything taught
  label,   ///< 20: tokens beside rows and columns, headings of panels
  number,  ///< 22: numbers in the large heatmap where they fit
  title,   ///< 24
  focus,   ///< 36: the number in focus
};
float design_px(TextSize size);

/// What a panel needs to draw in the current look.
struct Style {
  const Theme& colours;
  /// Display units for one design pixel: from the window's height and the display's scale.
  float scale = 1.0f;
  bool reduced_motion = false;

  /// Whole display units for so many design pixels.
  float px(float design) const;
  float text(TextSize size) const { return px(design_px(size)); }

  float gap() const { return px(12); }            ///< between cards
  float padding() const { return px(16); }        ///< inside a card
  float rounding() const { return px(10); }       ///< of a card
  float small_rounding() const { return px(6); }  ///< of buttons, fields and boxes
  float line() const { return scale < 1.0f ? 1.0f : px(1); }
  float control_height() const { return px(34); }
};

/// The scale for a window of this size in display units on a display with this content scale: 1 at
/// 1440 × 900, never so small that text could not be read.
float style_scale(float width, float height, float display_scale);

}  // namespace attn::ui
