// A map of more cells than a screen has pixels: drawn in tiles, with a small map of all of it, and a square
// of cells spoken of by its strongest one.

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "app/panels/map_view.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

using session::Key;

/// Cells of a square that is asked about; larger squares are spoken of by the cell under the mouse.
constexpr std::size_t kMostAsked = kCellsAtOnce;

const WidgetId kOverview{PanelId::heatmap, "overview"};
const WidgetId kSquares{PanelId::heatmap, "squares"};

}  // namespace

bool MapView::large() const { return is_large_map(scene_.trace(), scene_.stage()); }

TileLevel MapView::level(const CellGrid& grid) const {
  const float density = std::max(1.0f, ImGui::GetIO().DisplayFramebufferScale.x);
  const auto down = static_cast<double>((grid.transposed ? grid.cell.x : grid.cell.y) * density);
  const auto across = static_cast<double>((grid.transposed ? grid.cell.y : grid.cell.x) * density);
  return level_for(scene_.stage(), down, across);
}

std::function<void()> MapView::tiles(const CellGrid& grid) {
  const std::shared_ptr<const Trace>& trace = context_.session.trace();
  if (trace.get() != &scene_.trace()) return {};
  const BlockValue value = scene_.view().mean_squares ? BlockValue::mean : BlockValue::extreme;
  memory_.tiles.begin(tile_loader(context_), context_.textures,
                      {trace, scene_.subject().playhead, scene_.cells().key(context_.colours(), 0), value});
  return [this, grid] { memory_.tiles.draw(*context_.list, grid, level(grid)); };
}

const SquareCells& MapView::square_at(const CellGrid& grid, const CellGrid::Position& at) {
  const TileLevel l = level(grid);
  const StageShape& shape = scene_.shape();
  const std::size_t row = (at.row >> l.rows) << l.rows;
  const std::size_t column = (at.column >> l.columns) << l.columns;
  const CellRect rect{row, column, std::min(shape.rows - row, std::size_t{1} << l.rows),
                      std::min(shape.columns - column, std::size_t{1} << l.columns)};
  const StageCells& cells = scene_.cells();
  const std::size_t playhead = cells.playhead_in_stage();
  const auto& trace = context_.session.trace();
  const auto same = [&](const SquareCells& s) {
    return s.trace == trace && s.stage == scene_.stage() && s.head == scene_.head() &&
           s.playhead == playhead && s.cells.row == rect.row && s.cells.column == rect.column &&
           s.cells.rows == rect.rows && s.cells.columns == rect.columns;
  };
  if (memory_.square && same(*memory_.square)) return *memory_.square;
  SquareCells square{trace, scene_.stage(), scene_.head(), playhead, rect, std::nullopt, 0.0, 0};
  if (rect.rows * rect.columns <= kMostAsked) {
    const Read read = scene_.trace().read(scene_.stage(), scene_.head(), rect);
    double strongest = -1.0;
    for (std::size_t i = 0; read.ready() && i < rect.rows; ++i) {
      for (std::size_t j = 0; j < rect.columns; ++j) {
        if (cells.state(row + i, column + j) != CellState::shown) continue;
        const auto number = static_cast<double>(read.values(i, j));
        square.mean += number;
        ++square.count;
        if (!(std::abs(number) > strongest)) continue;
        strongest = std::abs(number);
        square.strongest = scene_.cell(row + i, column + j);
      }
    }
    if (square.count > 0) square.mean /= static_cast<double>(square.count);
  }
  return memory_.square.emplace(std::move(square));
}

std::string MapView::square_tooltip(const SquareCells& square) const {
  const CellRect& c = square.cells;
  const std::string where =
      context_.say("rows {first}–{last}, columns {left}–{right}", fmt::arg("first", c.row + 1),
                   fmt::arg("last", c.row + c.rows), fmt::arg("left", c.column + 1),
                   fmt::arg("right", c.column + c.columns));
  if (square.count == 0) return where;
  return context_.say("the strongest of {where}", fmt::arg("where", where)) + "\n" +
         context_.say("their mean: {mean}", fmt::arg("mean", format_number(square.mean, 8)));
}

bool MapView::drag_pulls(const CellGrid& grid, const CellRef& cell) const {
  // Where a number can be read it can be pulled.
  return std::min(grid.cell.x, grid.cell.y) >= context_.style.px(22) && scene_.can_pull(cell.row);
}

void MapView::pan_to(double across, double down, const CellGrid& grid) {
  memory_.pan = {across - 0.5 * static_cast<double>(grid.clip.width() / grid.cell.x),
                 down - 0.5 * static_cast<double>(grid.clip.height() / grid.cell.y)};
  context_.animating = true;
}

/// All of the map in the corner that a causal mask leaves free, with a frame around what is seen.
void MapView::use_overview(const CellGrid& grid) {
  if (memory_.zoom <= 1.001) return;
  const Style& style = context_.style;
  const Theme& theme = context_.colours();
  const float most = std::min({style.px(132), grid.clip.width() * 0.3f, grid.clip.height() * 0.3f});
  const auto across = static_cast<float>(grid.across());
  const auto down = static_cast<float>(grid.down());
  const float side = most / std::max(across, down);
  const ImVec2 size{std::max(side * across, style.px(12)), std::max(side * down, style.px(12))};
  const ImVec2 corner{grid.clip.max.x - size.x - style.px(8), grid.clip.min.y + style.px(8)};
  const Rect box{corner, add(corner, size)};
  const Interaction use = interact(context_, kOverview, box, true, style.px(2));
  ImDrawList& list = *context_.list;
  list.AddRectFilled(box.min, box.max,
                     may_hide(scene_.input(), scene_.stage()) ? theme.hatch_background : theme.panel);
  memory_.tiles.draw_whole(list, box, grid.transposed);
  list.AddRect(subtract(box.min, {1, 1}), add(box.max, {1, 1}), theme.panel, 0.0f, 0, style.px(3));
  list.AddRect(box.min, box.max, theme.button_border, 0.0f, 0, style.line());
  const auto cells_x = static_cast<double>(grid.across());
  const auto cells_y = static_cast<double>(grid.down());
  const auto at = [&](double x, double y) {
    return ImVec2{box.min.x + static_cast<float>(x / cells_x) * size.x,
                  box.min.y + static_cast<float>(y / cells_y) * size.y};
  };
  const double seen_x = cells_x / memory_.zoom;
  const double seen_y = cells_y / memory_.zoom;
  Rect frame{at(memory_.pan.x, memory_.pan.y), at(memory_.pan.x + seen_x, memory_.pan.y + seen_y)};
  const float least = style.px(7);
  const ImVec2 grow{std::max(0.0f, least - frame.width()) / 2, std::max(0.0f, least - frame.height()) / 2};
  frame = {subtract(frame.min, grow), add(frame.max, grow)};
  list.AddRect(frame.min, frame.max, theme.selection_outer, 0.0f, 0, style.px(3.5f));
  list.AddRect(frame.min, frame.max, theme.accent, 0.0f, 0, style.px(2));
  if (use.hovered || use.held) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (use.held) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    pan_to(static_cast<double>((mouse.x - box.min.x) / size.x) * cells_x,
           static_cast<double>((mouse.y - box.min.y) / size.y) * cells_y, grid);
  } else if (use.hovered) {
    tooltip(context_, context_.tr("All of the map: click or drag to look elsewhere"));
  }
  const auto nudge = [&](Key key, double x, double y) {
    if (!context_.widgets.take(kOverview, key)) return;
    memory_.pan.x += x * seen_x;
    memory_.pan.y += y * seen_y;
    context_.animating = true;
  };
  nudge(Key::left, -0.5, 0.0);
  nudge(Key::right, 0.5, 0.0);
  nudge(Key::up, 0.0, -0.5);
  nudge(Key::down, 0.0, 0.5);
}

/// Which number of its cells a square of the picture shows.
void MapView::draw_squares_choice(const CellGrid& grid, const Rect& area) {
  if (level(grid).cells()) return;
  const std::array<std::string_view, 2> labels = {context_.tr("strongest"), context_.tr("mean")};
  const float width = button_width(context_, labels[0]) + button_width(context_, labels[1]);
  Rect rest = area;
  const auto picked = segmented(context_, kSquares, rest.cut_right(std::min(width, area.width())), labels,
                                scene_.view().mean_squares ? 1 : 0);
  if (picked) context_.post(session::SetMeanSquares{*picked == 1});
}

std::string MapView::scale_words(const CellGrid& grid) const {
  const TileLevel l = level(grid);
  if (l.cells()) return std::string(context_.tr("every cell by itself"));
  return context_.say("1 px = {rows} × {columns} cells", fmt::arg("rows", std::size_t{1} << l.rows),
                      fmt::arg("columns", std::size_t{1} << l.columns));
}

/// What the trace is still making of the map.
void MapView::draw_making(const CellGrid& grid) const {
  const std::optional<float> making = scene_.trace().making();
  if (!making || memory_.tiles.complete()) return;
  const Style& style = context_.style;
  const Theme& theme = context_.colours();
  const std::string words = context_.say("reading the whole map: {percent} %",
                                         fmt::arg("percent", static_cast<int>(*making * 100.0f)));
  const TextLook look = context_.look(TextSize::body);
  const float width = std::min(context_.text.measure(look, words).x + style.px(28), grid.clip.width());
  const ImVec2 corner{std::round(grid.clip.centre().x - width / 2), grid.clip.max.y - style.px(52)};
  const Rect box{corner, {corner.x + width, corner.y + style.px(40)}};
  context_.list->AddRectFilled(box.min, box.max, theme.panel, style.small_rounding());
  context_.list->AddRect(box.min, box.max, theme.panel_border, style.small_rounding(), 0, style.line());
  Rect inner = box.inset(style.px(12), style.px(5));
  const Rect bar = inner.cut_bottom(style.px(4), style.px(2));
  context_.text.draw_in(*context_.list, inner, look, words, Align::centre);
  context_.list->AddRectFilled(bar.min, bar.max, theme.track, style.px(2));
  context_.list->AddRectFilled(bar.min, {bar.min.x + bar.width() * *making, bar.max.y}, theme.accent,
                               style.px(2));
}

}  // namespace attn::ui
