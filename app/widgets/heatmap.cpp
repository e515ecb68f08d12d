#include "app/widgets/heatmap.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/cell_numbers.h"

namespace attn::ui {
namespace {

void draw_number(PanelContext& context, const Rect& cell, const CellNumbers& numbers, const std::string& text,
                 Colour colour) {
  const TextLook look{Face::mono, numbers.px, colour};
  const ImVec2 size = context.text.measure(look, text);
  context.text.draw(*context.list,
                    {std::round(cell.centre().x - size.x / 2), std::round(cell.centre().y - size.y / 2)},
                    look, text);
}

}  // namespace

CellState StageCells::state(std::size_t row, std::size_t column) const {
  if (!playhead.computed({stage, head, row, column})) return CellState::unknown;
  return hidden_cell(trace.input(), stage, row, column) ? CellState::hidden : CellState::shown;
}

std::size_t StageCells::playhead_in_stage() const {
  const session::StepOrder& order = playhead.order();
  if (!order.has(stage)) return 0;
  return std::clamp(playhead.position(), order.begin_of(stage), order.end_of(stage));
}

HeatmapKey StageCells::key(const Theme& theme, std::size_t max_side) const {
  return {trace.revision(),   &trace,   stage,          head, playhead_in_stage(), scale,
          theme.cell_neutral, max_side, playhead.veil()};
}

void StageCells::paint_row(HeatmapPainter& painter, std::size_t row, std::span<const float> values) const {
  const MaskConfig& mask = trace.input().config.mask;
  const bool hides = may_hide(trace.input(), stage);
  // Asking for every cell costs more than painting it: ask only where the answer can differ.
  const bool asks = incomplete();
  if (asks && playhead.order().by_rows() && !playhead.computed({stage, head, row, 0})) {
    painter.add_unknown_row();
  } else if ((asks && !playhead.order().by_rows()) || (hides && masks_by_cells(mask))) {
    std::vector<CellState> states(values.size());
    for (std::size_t j = 0; j < values.size(); ++j) states[j] = state(row, j);
    painter.add_row(values, states);
  } else {
    painter.add_row(values, hides ? visible_run(mask, row, values.size()) : CellRun{0, values.size()});
  }
}

HeatmapImage StageCells::paint(const Theme& theme, std::size_t max_side) const {
  const Read read = trace.read_head(stage, head);
  if (!read.ready() || read.values.rows == 0 || read.values.columns == 0) return {};
  HeatmapPainter painter(read.values.rows, read.values.columns, scale, theme.cell_neutral, max_side);
  for (std::size_t i = 0; i < read.values.rows; ++i) paint_row(painter, i, read.values.row(i));
  return painter.take();
}

bool uses_texture(const CellGrid& grid) {
  return grid.visible_rows().size() * grid.visible_columns().size() > kCellsDrawnOneByOne;
}

void draw_hatching(ImDrawList& list, const Style& style, const Rect& rect) {
  if (rect.empty()) return;
  list.PushClipRect(rect.min, rect.max, true);
  const float step = style.px(9);
  const float height = rect.height();
  // Lines hang together across cells: they start from multiples of the step on the whole screen.
  const float first = std::floor((rect.min.x + rect.max.y - height) / step) * step;
  for (float sum = first; sum < rect.max.x + rect.max.y; sum += step) {
    const float x = sum - rect.max.y;
    list.AddLine({x, rect.max.y}, {x + height, rect.min.y}, style.colours.hatch, style.line());
  }
  list.PopClipRect();
}

namespace {

/// The hatchings of many cells, each line in as many pieces as there are runs of hidden cells along it.
void draw_layers(ImDrawList& list, const Style& style, const CellGrid& grid, const MaskConfig& mask,
                 const ShownLayers& shown) {
  // Of cells smaller than a pixel the edge of a mask need not be found to the pixel.
  const float least = grid.cell.x < 0.5f ? style.px(3) : 1.0f;
  const float step = std::max(least, std::min(grid.cell.x, grid.cell.y) / 2);
  for (const MaskLayer layer : kMaskLayers) {
    if (!shown[static_cast<std::size_t>(layer)] || !has_layer(mask, layer)) continue;
    for_each_hatch_line(style, grid.visible(), layer, [&](ImVec2 from, ImVec2 to) {
      const ImVec2 way = subtract(to, from);
      const auto pieces = static_cast<int>(std::ceil(std::max(std::abs(way.x), std::abs(way.y)) / step));
      const auto point = [&](int i) {
        return add(from, scale(way, static_cast<float>(i) / static_cast<float>(pieces)));
      };
      int begun = -1;
      for (int i = 0; i <= pieces; ++i) {
        const auto at = i < pieces ? grid.at(scale(add(point(i), point(i + 1)), 0.5f)) : std::nullopt;
        const bool hidden = at && hides(mask, layer, at->row, at->column);
        if (hidden && begun < 0) begun = i;
        if (hidden || begun < 0) continue;
        list.AddLine(point(begun), point(i), style.colours.hatch, style.line());
        begun = -1;
      }
    });
  }
}

/// What lies under the cells where a mask hides some.
void draw_ground(PanelContext& context, const CellGrid& grid, const StageCells& cells,
                 const CellsLook& look) {
  const Input& input = cells.trace.input();
  if (!may_hide(input, cells.stage)) return;
  const Rect visible = grid.visible();
  context.list->AddRectFilled(visible.min, visible.max, context.colours().hatch_background);
  if (!look.layers) {
    draw_hatching(*context.list, context.style, visible);
  } else if (uses_texture(grid)) {
    draw_layers(*context.list, context.style, grid, input.config.mask, *look.layers);
  }
}

/// The picture holds the matrix as it is; standing transposed it is turned over its diagonal.
void draw_picture(ImDrawList& list, const CellGrid& grid, ImTextureID texture) {
  const Rect all = grid.bounds();
  if (!grid.transposed) return list.AddImage(texture, all.min, all.max);
  const ImVec2 right_top{all.max.x, all.min.y};
  const ImVec2 left_bottom{all.min.x, all.max.y};
  list.AddImageQuad(texture, all.min, right_top, all.max, left_bottom, {0, 0}, {0, 1}, {1, 1}, {1, 0});
}

/// Between many cells the gaps are lines in the card's colour.
void draw_gaps(PanelContext& context, const CellGrid& grid, float gap) {
  if (grid.cell.x < context.style.px(14)) return;
  const Rect visible = grid.visible();
  const Colour colour = context.colours().panel;
  const CellGrid::Range down = grid.visible_down();
  const CellGrid::Range across = grid.visible_across();
  for (std::size_t i = down.first + 1; i < down.last; ++i) {
    const float y = std::round(grid.rect_of(static_cast<double>(i), static_cast<double>(i), 0, 0).min.y);
    context.list->AddLine({visible.min.x, y}, {visible.max.x, y}, colour, gap);
  }
  for (std::size_t j = across.first + 1; j < across.last; ++j) {
    const float x = std::round(grid.rect_of(static_cast<double>(j), static_cast<double>(j), 0, 0).min.x);
    context.list->AddLine({x, visible.min.y}, {x, visible.max.y}, colour, gap);
  }
}

}  // namespace

void draw_cells(PanelContext& context, const CellGrid& grid, const StageCells& cells, const CellsLook& look,
                ImTextureID texture) {
  ImDrawList& list = *context.list;
  const Theme& theme = context.colours();
  const Rect visible = grid.visible();
  if (visible.empty()) return;
  const CellRect rect = grid.visible_cells();
  list.PushClipRect(grid.clip.min, grid.clip.max, true);
  const bool one_by_one = !uses_texture(grid);
  // Only what is shown cell by cell is read: of a map of many the whole may have no room in memory.
  const Read read =
      one_by_one || look.numbers.shown ? cells.trace.read(cells.stage, cells.head, rect) : Read{};
  const bool layered = may_hide(cells.trace.input(), cells.stage) && look.layers;
  draw_ground(context, grid, cells, look);
  if (!one_by_one && texture) draw_picture(list, grid, texture);
  if (!one_by_one && look.picture) look.picture();
  const bool numbers = look.numbers.shown && read.ready();
  const bool gaps = look.gap > 0 && grid.cell.x > 4 * look.gap;
  const float advance = numbers ? context.text.measure({Face::mono, look.numbers.px, 0}, "0").x : 1.0f;
  const auto most = static_cast<std::size_t>(std::max(0.0f, (grid.cell.x - 4.0f) / advance));
  const auto text_of = [&](std::size_t i, std::size_t j) {
    const float value = read.values(i, j);
    std::string exact = exact_cell(cells, rect.row + i, rect.column + j, value, most);
    return exact.empty() ? number_text(value, look.numbers.style) : exact;
  };
  for (std::size_t i = 0; (one_by_one || numbers) && i < rect.rows; ++i) {
    for (std::size_t j = 0; j < rect.columns; ++j) {
      Rect cell = grid.rect(rect.row + i, rect.column + j);
      if (gaps) cell = cell.inset(look.gap / 2);
      const CellState state = read.ready() ? cells.state(rect.row + i, rect.column + j) : CellState::unknown;
      const double value = state == CellState::unknown ? 0.0 : static_cast<double>(read.values(i, j));
      const Colour fill = state == CellState::shown ? cells.scale.at(value) : theme.cell_neutral;
      if (layered && one_by_one && state == CellState::hidden) {
        for (const MaskLayer layer :
             layers_hiding(cells.trace.input().config.mask, rect.row + i, rect.column + j)) {
          if ((*look.layers)[static_cast<std::size_t>(layer)])
            draw_layer_hatching(list, context.style, cell, layer);
        }
      }
      if (one_by_one && state != CellState::hidden)
        list.AddRectFilled(cell.min, cell.max, fill, look.rounding);
      if (state == CellState::unknown && one_by_one) {
        list.AddRect(cell.min, cell.max, theme.cell_border, look.rounding, 0, context.style.line());
      }
      if (!numbers) {
        if (state == CellState::unknown && one_by_one && grid.cell.y >= context.style.px(15)) {
          draw_number(context, cell, {true, {}, std::min(grid.cell.y * 0.75f, context.style.px(18))}, "?",
                      theme.ink_muted);
        }
        continue;
      }
      switch (state) {
        case CellState::unknown:
          draw_number(context, cell, look.numbers, "?", theme.ink_muted);
          break;
        case CellState::hidden:
          // Where numbers are crowded the hatching alone says that nothing is seen.
          if (look.numbers.style.percent) break;
          draw_number(context, cell, look.numbers, text_of(i, j), theme.ink_muted);
          break;
        case CellState::shown:
          draw_number(context, cell, look.numbers, text_of(i, j), ink_on(fill));
          break;
      }
    }
  }
  if (!one_by_one && gaps) draw_gaps(context, grid, look.gap);
  list.PopClipRect();
}

void draw_selection_frame(ImDrawList& list, const Style& style, const Rect& rect, float rounding) {
  // In small cells the frame must leave the number its room.
  const float width = std::min(style.px(2.5f), std::max(style.px(1.25f), rect.height() * 0.08f));
  const Rect inner = rect.inset(width * 0.5f);
  const Rect outer = rect.inset(-width * 0.5f);
  list.AddRect(outer.min, outer.max, style.colours.selection_outer, rounding + width, 0, width);
  list.AddRect(inner.min, inner.max, style.colours.selection_inner, rounding, 0, width);
}

void draw_hover_frame(ImDrawList& list, const Style& style, const Rect& rect, float rounding) {
  list.AddRect(rect.min, rect.max, style.colours.hover_outer, rounding, 0, style.px(2));
}

}  // namespace attn::ui
