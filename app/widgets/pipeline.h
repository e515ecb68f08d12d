#pragma once
// The spine of the window: every stage as a small matrix, with the ways of X, Q, K and V between them.

#include <array>
#include <optional>
#include <vector>

#include "app/widgets/heatmap.h"
#include "app/widgets/map_tiles.h"
#include "app/widgets/pipeline_layout.h"

namespace attn::ui {

/// What the strip keeps between frames.
struct PipelineMemory {
  std::array<HeatmapTexture, kStageCount> textures;
  std::array<MapTiles, kStageCount> tiles;  ///< of stages with very many cells
  float scroll = 0.0f;
  std::optional<Stage> scrolled_to;
  std::optional<std::size_t> last_position;  ///< of the playhead
  /// The layout before a gesture began, and everything that its numbers have been since: nothing moves under
  /// the hand but what must.
  PipelineLayout held;
  std::vector<PipelineStage> held_stages;
  Rect held_area;
};

/// The head of a stage that belongs to the head that is shown.
std::size_t shown_head(const session::Subject& subject, Stage stage);

/// Draws the strip into `area` and posts what is clicked. `trace` must be of the subject.
void draw_pipeline(const session::Subject& subject, const Trace& trace, PanelContext& context,
                   const Rect& area, PipelineMemory& memory);

/// Whether a cell belongs to what is hovered somewhere: the very cell, or its word's row or column.
bool hover_touches(const Hover& hover, const Input& input, Stage stage, std::size_t row, std::size_t column);
/// What hovering this cell means for the other panels.
Hover hover_of(const Input& input, const CellRef& cell);

}  // namespace attn::ui
