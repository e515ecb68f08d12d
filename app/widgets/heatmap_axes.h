#pragma once
// What stands around a heatmap: the names of rows and columns, sums, and the colour bar.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/widgets/heatmap.h"
#include "app/widgets/row_reads.h"

namespace attn::ui {

/// One side of a heatmap's names.
struct AxisLabels {
  std::function<std::string_view(std::size_t)> name;
  std::function<TextLook(std::size_t)> look;
};

/// How column names stand: level where the widest fits its cell, else slanted.
struct ColumnLabelPlan {
  bool slanted = false;
  float height = 0.0f;    ///< what they need above the cells
  float overhang = 0.0f;  ///< what the last one needs to the right of the cells
};

/// The widest of at most some hundred names, in the largest look they get.
float widest_label(const PanelContext& context, const AxisLabels& labels, std::size_t count);
ColumnLabelPlan plan_column_labels(const PanelContext& context, float widest, float px, float cell_width,
                                   float most_height);

/// The names of what goes down the screen, to the left of the cells, right-aligned at `right`, cut with an
/// ellipsis at `width`.
void draw_row_labels(PanelContext& context, const CellGrid& grid, const AxisLabels& labels, float right,
                     float width);
/// The names of what goes across the screen, above the cells, ending at `bottom`.
void draw_column_labels(PanelContext& context, const CellGrid& grid, const AxisLabels& labels,
                        const ColumnLabelPlan& plan, float bottom);
/// "Σ = 1" for every row (or column) of the matrix: beside a line that runs across the screen, below one that
/// runs down. `at` is where that is. Where they have no room for all of them, only `focus` has its sum.
void draw_sums(PanelContext& context, const CellGrid& grid, const StageCells& cells, bool of_rows, float at,
               std::optional<std::size_t> focus);
/// "Σ = 1", "Σ ≈ 0.87", or "Σ = ?" while it is not known; nothing where it cannot be read. `rows` may be
/// null.
std::optional<std::string> line_sum_text(const StageCells& cells, bool of_row, std::size_t line, int decimals,
                                         RowReads* rows = nullptr);

/// The palette with its ends, and 0 where it is inside.
void draw_colour_bar(PanelContext& context, const Rect& area, const ColourScale& scale);

/// Text turned by `angle` (radians, clockwise) around its lower left corner at `position`.
void draw_turned(ImDrawList& list, const Text& text, ImVec2 position, float angle, const TextLook& look,
                 std::string_view words);

}  // namespace attn::ui
