#pragma once
// Concat and W_O head by head: which rows of W_O meet which head, and what each head adds to one number of
// the output, as a stack of bars that ends at the number itself.

#include "app/widgets/heatmap_texture.h"
#include "app/widgets/panel_context.h"
#include "core/attention/output_parts.h"

namespace attn::ui {

/// What is kept from frame to frame.
struct HeadPartsMemory {
  HeatmapTexture w_o;
};

/// Whether there is anything to take apart: several heads.
bool has_head_parts(const Trace& trace);
/// The colour of a head's block: the accent for the one that is shown.
Colour block_colour(const Theme& theme, std::size_t head, std::size_t shown);

/// How high draw_head_parts() gets in this width.
float height_of_head_parts(const PanelContext& context, const Trace& trace, float width);
/// Draws what the heads add to output cell (row, column) from `area.min` down. Its chips, named
/// "head_part[h]" in `panel`, pick the head.
void draw_head_parts(PanelContext& context, PanelId panel, const Trace& trace, std::size_t row,
                     std::size_t column, std::size_t shown_head, const Rect& area, HeadPartsMemory& memory);

/// A strip a head over columns [h·d_v, (h + 1)·d_v) of concat, `cells` wide in all, with the head's number.
void draw_head_strips(PanelContext& context, const Trace& trace, std::size_t shown_head, const Rect& strip,
                      const Rect& clip);

}  // namespace attn::ui
