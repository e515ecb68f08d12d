#include "app/widgets/heatmap.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "app/widgets/exact_format.h"
#include "app/widgets/formula_explainer.h"

namespace attn::ui {
namespace {

/// The cells of one axis that a stretch of screen shows.
CellGrid::Range shown(float origin, float size, std::size_t count, float from, float to) {
  if (count == 0 || !(size > 0) || !(to > from)) return {};
  const float first = std::floor((from - origin) / size);
  const float last = std::ceil((to - origin) / size);
  const auto most = static_cast<float>(count);
  return {static_cast<std::size_t>(std::clamp(first, 0.0f, most)),
          static_cast<std::size_t>(std::clamp(last, 0.0f, most))};
}

CellRect visible_rect(const CellGrid& grid) {
  const CellGrid::Range rows = grid.visible_rows();
  const CellGrid::Range columns = grid.visible_columns();
  return {rows.first, columns.first, rows.size(), columns.size()};
}

/// What stands in a hidden cell: the −∞ or the number that replaced the score; 0 in the weights.
std::string number_text(float value, NumberStyle style) {
  return format_number(static_cast<double>(value), style);
}

/// The exact form of a cell in at most so many characters; empty where there is none.
std::string exact_cell(const StageCells& cells, std::size_t row, std::size_t column, float shown,
                       std::size_t most) {
  if (cells.exact == nullptr) return {};
  const std::optional<Exact> exact = cells.exact->of(CellRef{cells.stage, cells.head, row, column});
  if (!exact || !reads_well(*exact)) return {};
  std::string text = exact_text(*exact);
  if (characters(text) > most) return {};
  // The cell says what was computed: an exact form that float32 has left behind would not be its number.
  const auto value = static_cast<double>(shown);
  const bool agrees = std::abs(exact->value() - value) <= 1e-4 * std::max(1.0, std::abs(value));
  return agrees ? text : std::string();
}

void draw_number(PanelContext& context, const Rect& cell, const CellNumbers& numbers, const std::string& text,
                 Colour colour) {
  const TextLook look{Face::mono, numbers.px, colour};
  const ImVec2 size = context.text.measure(look, text);
  context.text.draw(*context.list,
                    {std::round(cell.centre().x - size.x / 2), std::round(cell.centre().y - size.y / 2)},
                    look, text);
}

}  // namespace

Rect CellGrid::rect(std::size_t row, std::size_t column) const {
  if (transposed) std::swap(row, column);
  const ImVec2 min{origin.x + cell.x * static_cast<float>(column),
                   origin.y + cell.y * static_cast<float>(row)};
  return {min, {min.x + cell.x, min.y + cell.y}};
}

Rect CellGrid::bounds() const {
  return {origin,
          {origin.x + cell.x * static_cast<float>(across()), origin.y + cell.y * static_cast<float>(down())}};
}

Rect CellGrid::row_rect(std::size_t row) const {
  const Rect first = rect(row, 0);
  const Rect all = bounds();
  if (transposed) return {{first.min.x, all.min.y}, {first.max.x, all.max.y}};
  return {{all.min.x, first.min.y}, {all.max.x, first.max.y}};
}

Rect CellGrid::column_rect(std::size_t column) const {
  const Rect first = rect(0, column);
  const Rect all = bounds();
  if (transposed) return {{all.min.x, first.min.y}, {all.max.x, first.max.y}};
  return {{first.min.x, all.min.y}, {first.max.x, all.max.y}};
}

CellGrid::Range CellGrid::visible_rows() const {
  if (transposed) return shown(origin.x, cell.x, rows, clip.min.x, clip.max.x);
  return shown(origin.y, cell.y, rows, clip.min.y, clip.max.y);
}
CellGrid::Range CellGrid::visible_columns() const {
  if (transposed) return shown(origin.y, cell.y, columns, clip.min.y, clip.max.y);
  return shown(origin.x, cell.x, columns, clip.min.x, clip.max.x);
}

std::optional<CellGrid::Position> CellGrid::at(ImVec2 point) const {
  if (!visible().contains(point)) return std::nullopt;
  auto row = static_cast<std::size_t>((point.y - origin.y) / cell.y);
  auto column = static_cast<std::size_t>((point.x - origin.x) / cell.x);
  if (transposed) std::swap(row, column);
  if (row >= rows || column >= columns) return std::nullopt;
  return Position{row, column};
}

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

CellNumbers fit_numbers(const PanelContext& context, const CellGrid& grid, const StageCells& cells,
                        int decimals, float px, float least_px, bool allow_percent) {
  const float least_advance = context.text.measure({Face::mono, least_px, 0}, "0").x;
  const float room_x = grid.cell.x - std::max(4.0f, 0.08f * grid.cell.x);
  if (room_x < least_advance) return {};
  const CellRect rect = visible_rect(grid);
  if (rect.rows == 0 || rect.columns == 0) return {};
  const Read read = cells.trace.read(cells.stage, cells.head, rect);
  if (!read.ready()) return {};
  NumberWidths widths;
  for (std::size_t i = 0; i < rect.rows; ++i) {
    for (const float value : read.values.row(i)) widths.add(static_cast<double>(value));
  }
  const auto characters_at = [&](float size) {
    return static_cast<std::size_t>(room_x / context.text.measure({Face::mono, size, 0}, "0").x);
  };
  // All decimals in letters as large as they may be; then all decimals smaller; then fewer decimals.
  const float steps[] = {px, px * 0.9f, px * 0.8f, px * 0.7f, px * 0.62f, px * 0.55f};
  const auto at_size = [&](float size, int d, bool keep_zero) -> std::optional<NumberStyle> {
    if (size < least_px - 0.01f || grid.cell.y < size * 1.15f) return std::nullopt;
    const FittedStyle fitted = fit_style(widths, d, characters_at(size));
    if (!fitted.fits) return std::nullopt;
    // fit_style() goes down to one decimal by itself: smaller letters come first, and so does the zero.
    const bool as_asked =
        fitted.style.decimals == d && (!keep_zero || fitted.style.zero != LeadingZero::never);
    return as_asked || widths.whole() ? std::optional(fitted.style) : std::nullopt;
  };
  const int two = std::min(decimals, 2);
  for (const auto& [d, keep_zero] :
       {std::pair(decimals, true), {std::min(decimals, 3), true}, {two, true}, {two, false}, {1, false}}) {
    for (const float size : steps) {
      if (const auto style = at_size(size, d, keep_zero)) return {true, *style, size};
    }
  }
  if (allow_percent) {
    const NumberStyle percent{0, LeadingZero::always, true};
    const float smallest = context.style.px(11);
    for (float size = least_px; size >= smallest; size -= 1.0f) {
      if (grid.cell.y >= size * 1.15f && widths.widest(percent) <= characters_at(size))
        return {true, percent, size};
    }
  }
  return {};
}

bool uses_texture(const CellGrid& grid) {
  return grid.visible_rows().size() * grid.visible_columns().size() > kCellsDrawnOneByOne;
}

std::string cell_text(const StageCells& cells, std::size_t row, std::size_t column, NumberStyle style) {
  if (cells.state(row, column) == CellState::unknown) return "?";
  const Read read = cells.trace.read_cell({cells.stage, cells.head, row, column});
  if (!read.ready()) return "…";
  constexpr std::size_t kAnyLength = 40;
  const std::string exact = exact_cell(cells, row, column, read.values(0, 0), kAnyLength);
  return exact.empty() ? number_text(read.values(0, 0), style) : exact;
}

std::string cell_text_to_fit(const StageCells& cells, std::size_t row, std::size_t column, int decimals,
                             std::size_t most) {
  if (cells.state(row, column) == CellState::unknown) return "?";
  const Read read = cells.trace.read_cell({cells.stage, cells.head, row, column});
  if (!read.ready()) return "…";
  const std::string exact = exact_cell(cells, row, column, read.values(0, 0), most);
  return exact.empty() ? format_to_fit(static_cast<double>(read.values(0, 0)), decimals, most) : exact;
}

std::string_view cell_sign(const StageCells& cells, std::size_t row, std::size_t column, int decimals) {
  if (cells.state(row, column) == CellState::unknown) return "=";
  const Read read = cells.trace.read_cell({cells.stage, cells.head, row, column});
  constexpr std::size_t kAnyLength = 40;
  if (!read.ready() || !exact_cell(cells, row, column, read.values(0, 0), kAnyLength).empty()) return "=";
  const auto value = static_cast<double>(read.values(0, 0));
  const std::string text = format_number(value, decimals);
  if (text.starts_with('<')) return "<";
  if (text.starts_with('>')) return ">";
  return is_shown_exactly(value, decimals) ? "=" : "≈";
}

ExactValues* exact_cells(const PanelContext& context, const session::Subject& subject) {
  if (!context.session.settings().exact_numbers || !subject.current) return nullptr;
  return &context.memory.get<ExplainerCache>().exact_of(subject.document);
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
  const float step = std::max(1.0f, std::min(grid.cell.x, grid.cell.y) / 2);
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

}  // namespace

void draw_cells(PanelContext& context, const CellGrid& grid, const StageCells& cells, const CellsLook& look,
                ImTextureID texture) {
  ImDrawList& list = *context.list;
  const Theme& theme = context.colours();
  const Rect visible = grid.visible();
  if (visible.empty()) return;
  const CellRect rect = visible_rect(grid);
  const Read read = cells.trace.read(cells.stage, cells.head, rect);
  list.PushClipRect(grid.clip.min, grid.clip.max, true);
  const bool hides = may_hide(cells.trace.input(), cells.stage);
  const bool one_by_one = !uses_texture(grid);
  const bool layered = hides && look.layers;
  if (hides) {
    list.AddRectFilled(visible.min, visible.max, theme.hatch_background);
    if (!layered) {
      draw_hatching(list, context.style, visible);
    } else if (!one_by_one) {
      draw_layers(list, context.style, grid, cells.trace.input().config.mask, *look.layers);
    }
  }
  if (!one_by_one && texture) {
    const Rect all = grid.bounds();
    // The picture holds the matrix as it is; standing transposed it is turned over its diagonal.
    const ImVec2 right_top{all.max.x, all.min.y};
    const ImVec2 left_bottom{all.min.x, all.max.y};
    if (grid.transposed) {
      list.AddImageQuad(texture, all.min, right_top, all.max, left_bottom, {0, 0}, {0, 1}, {1, 1}, {1, 0});
    } else {
      list.AddImage(texture, all.min, all.max);
    }
  }
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
  // Between many cells the gaps are lines in the card's colour.
  if (!one_by_one && gaps && grid.cell.x >= context.style.px(14)) {
    const CellGrid::Range down = grid.visible_down();
    const CellGrid::Range across = grid.visible_across();
    for (std::size_t i = down.first + 1; i < down.last; ++i) {
      const float y = std::round(grid.origin.y + grid.cell.y * static_cast<float>(i));
      list.AddLine({visible.min.x, y}, {visible.max.x, y}, theme.panel, look.gap);
    }
    for (std::size_t j = across.first + 1; j < across.last; ++j) {
      const float x = std::round(grid.origin.x + grid.cell.x * static_cast<float>(j));
      list.AddLine({x, visible.min.y}, {x, visible.max.y}, theme.panel, look.gap);
    }
  }
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
