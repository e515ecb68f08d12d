#pragma once
// Painting masks on the map: a tool in its corner. While it is on, cells are not selected and not pulled but
// hidden and shown, each in the mask of one's own; the bars above the columns are the padding.

#include <cstddef>
#include <optional>
#include <vector>

#include "app/panels/attention_scene.h"
#include "app/session/edit_masks.h"
#include "app/widgets/controls.h"

namespace attn::ui {

struct MaskPainting {
  /// From the press to the release: one undo step.
  struct Stroke {
    bool padding = false;    ///< over the bars of the columns, else over cells
    bool hides = true;       ///< the opposite of what the first cell was
    session::MaskCell last;  ///< where the hand was; of padding only the key counts
    session::PaintMask cells;
    session::PadKeys keys;
    std::vector<bool> done;  ///< of each cell (or key), whether the stroke has it
  };
  bool on = false;
  std::optional<Stroke> stroke;
};

/// Whether the tool is there at all: over the scores and shares of words.
bool can_paint_mask(const AttentionScene& scene);

/// The button in the corner above the names of the rows, and what it needs of the grid's surroundings.
void draw_paint_tool(const AttentionScene& scene, MaskPainting& painting, const CellGrid& grid);

/// Mouse and keys while the tool is on: drag over cells, or over the bars above the columns; M hides or shows
/// the selected cell, P its column, Esc takes a stroke back, or else puts the tool away. `cells` is what
/// happened on the cells' rectangle, `id` its name.
void paint_mask(const AttentionScene& scene, MaskPainting& painting, const CellGrid& grid,
                const Interaction& cells, const WidgetId& id);

/// What the tool does, in the place of the sentence above the map.
void draw_paint_hint(const AttentionScene& scene, const Rect& area);

}  // namespace attn::ui
