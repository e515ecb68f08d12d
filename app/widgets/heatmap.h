#pragma once
// Matrices as coloured cells with numbers: the drawing that the large heatmap and the small matrices of
// the pipeline share. Where cells are many, one texture carries the colours.

#include <functional>
#include <optional>
#include <utility>

#include "app/session/playhead.h"
#include "app/widgets/heatmap_texture.h"
#include "app/widgets/mask_layers.h"
#include "app/widgets/number_format.h"
#include "app/widgets/panel_context.h"
#include "core/attention/exact_values.h"

namespace attn::ui {

/// A place on screen or beyond it: millions of pixels away a float knows no single ones any more.
struct FarPoint {
  double x = 0.0;
  double y = 0.0;
  constexpr FarPoint() = default;
  constexpr FarPoint(double at_x, double at_y) : x(at_x), y(at_y) {}
  FarPoint(ImVec2 p) : x(static_cast<double>(p.x)), y(static_cast<double>(p.y)) {}
};

/// Where the cells of a matrix lie on screen; more of them than `clip` shows when it is panned or zoomed.
struct CellGrid {
  Rect clip;
  FarPoint origin;       ///< top left corner of cell (0, 0)
  ImVec2 cell;           ///< size of one
  std::size_t rows = 0;  ///< of the matrix
  std::size_t columns = 0;
  bool transposed = false;  ///< rows of the matrix stand as columns on screen

  /// Cells from left to right and from top to bottom, as they stand on screen.
  std::size_t across() const { return transposed ? rows : columns; }
  std::size_t down() const { return transposed ? columns : rows; }

  struct Range {
    std::size_t first = 0;
    std::size_t last = 0;  ///< one past
    std::size_t size() const { return last - first; }
  };
  struct Position {
    std::size_t row = 0;
    std::size_t column = 0;
  };

  Rect rect(std::size_t row, std::size_t column) const;
  /// So many rows and columns of the matrix from a place on.
  Rect rect_of(double row, double column, double rows, double columns) const;
  /// The whole row (column) of the matrix as it stands on screen.
  Rect row_rect(std::size_t row) const;
  Rect column_rect(std::size_t column) const;
  /// All cells, whether they can be seen or not.
  Rect bounds() const;
  /// The part of bounds() inside `clip`.
  Rect visible() const { return bounds().intersection(clip); }
  Range visible_rows() const;  ///< of the matrix
  Range visible_columns() const;
  CellRect visible_cells() const;
  Range visible_across() const { return transposed ? visible_rows() : visible_columns(); }
  Range visible_down() const { return transposed ? visible_columns() : visible_rows(); }
  std::optional<Position> at(ImVec2 point) const;
};

/// The cells of one head of a stage, as far as they are computed and visible.
struct StageCells {
  const Trace& trace;
  const session::Playhead& playhead;
  Stage stage;
  std::size_t head;
  ColourScale scale;
  /// Of the document that the trace belongs to: numbers stand in their exact form where they have one that
  /// reads well. Null: decimals.
  ExactValues* exact = nullptr;

  CellState state(std::size_t row, std::size_t column) const;
  /// Whether some cell of the stage is not computed yet.
  bool incomplete() const { return !playhead.complete(stage); }
  /// How far the playhead is inside the stage; the same for all positions past it.
  std::size_t playhead_in_stage() const;
  HeatmapKey key(const Theme& theme, std::size_t max_side) const;
  /// Adds the next row to a painter, with what the mask hides and what is not computed yet.
  void paint_row(HeatmapPainter& painter, std::size_t row, std::span<const float> values) const;
  /// All cells as pixels. An empty image while the trace cannot be read.
  HeatmapImage paint(const Theme& theme, std::size_t max_side) const;
};

/// How numbers stand in the cells of a grid.
struct CellNumbers {
  bool shown = false;
  NumberStyle style;
  float px = 0.0f;
};
/// The largest letters between `least_px` and `px` and the most decimals in which every visible number fits
/// its cell. `allow_percent`: shares may be given in hundredths where nothing else fits.
CellNumbers fit_numbers(const PanelContext& context, const CellGrid& grid, const StageCells& cells,
                        int decimals, float px, float least_px, bool allow_percent);

struct CellsLook {
  CellNumbers numbers;
  float gap = 1.0f;       ///< between cells
  float rounding = 0.0f;  ///< of a cell
  /// Hidden cells show which of these masks hides them.
  std::optional<ShownLayers> layers;
  /// Draws all cells where they are too many to be drawn one by one and for one texture.
  std::function<void()> picture = {};
};

/// Up to this many visible cells are drawn one by one, with rounded corners; beyond it `texture` is drawn.
inline constexpr std::size_t kCellsDrawnOneByOne = 1024;

/// Draws the visible cells. `texture` holds all cells (see StageCells::paint); it may be empty where
/// uses_texture() is false.
void draw_cells(PanelContext& context, const CellGrid& grid, const StageCells& cells, const CellsLook& look,
                ImTextureID texture);
bool uses_texture(const CellGrid& grid);

/// The exact values that cells of this subject are shown in; null where the reader wants decimals, or the
/// trace is not that of the document yet.
ExactValues* exact_cells(const PanelContext& context, const session::Subject& subject);

/// The number of one cell as the grid shows it: "?" when it is not computed, else its exact form, else in the
/// style's decimals.
std::string cell_text(const StageCells& cells, std::size_t row, std::size_t column, NumberStyle style);
/// The same in at most so many characters: where its exact form does not fit, in decimals, as many as fit.
std::string cell_text_to_fit(const StageCells& cells, std::size_t row, std::size_t column, int decimals,
                             std::size_t most);
/// What stands between the cell's name and that text with `decimals`: "=", "≈", or the "<" that it begins
/// with.
std::string_view cell_sign(const StageCells& cells, std::size_t row, std::size_t column, int decimals);

/// Diagonal lines over a rectangle: what the mask hides.
void draw_hatching(ImDrawList& list, const Style& style, const Rect& rect);
/// The frame of what is selected: dark and light, legible on every colour.
void draw_selection_frame(ImDrawList& list, const Style& style, const Rect& rect, float rounding);
/// The frame of what is hovered, here or elsewhere.
void draw_hover_frame(ImDrawList& list, const Style& style, const Rect& rect, float rounding);

}  // namespace attn::ui
