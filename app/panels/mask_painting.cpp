#include "app/panels/mask_painting.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "app/platform/imgui_shims.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/lock.h"

namespace attn::ui {
namespace {

using session::Key;
using session::MaskCell;
using MaskStroke = MaskPainting::Stroke;

constexpr float kBar = 7.0f;  ///< height of the bars above the columns, in design pixels

const MaskConfig& mask_of(const AttentionScene& scene) {
  return scene.subject().document.input().config.mask;
}

/// Whether a mask can be seen in the numbers of this stage.
bool has_mask(Stage stage) {
  return stage == Stage::masked || stage == Stage::weights || stage == Stage::dropped;
}

/// The trace may be of another document than the one that is painted: then hands off.
bool fits(const AttentionScene& scene, const CellGrid& grid) {
  const Dimensions& d = scene.subject().document.dimensions();
  return grid.rows == d.n_queries && grid.columns == d.n_keys;
}

/// The bars of all keys in sight: above columns, to the left of rows where the keys are rows.
Rect bars_of(const PanelContext& context, const CellGrid& grid) {
  const float height = context.style.px(kBar);
  if (grid.transposed)
    return {{grid.clip.min.x - height, grid.clip.min.y}, {grid.clip.min.x, grid.clip.max.y}};
  return {{grid.clip.min.x, grid.clip.min.y - height}, {grid.clip.max.x, grid.clip.min.y}};
}

/// The cell under a point, or the nearest one: a hand that slips off the edge still paints along it.
MaskCell nearest(const CellGrid& grid, ImVec2 point) {
  const Rect seen = grid.visible();
  const auto place = [](float at, float low, float high, double origin, float size, std::size_t count) {
    const float inside = std::clamp(at, low, std::max(low, high - 0.5f));
    const double cell = std::floor((static_cast<double>(inside) - origin) / static_cast<double>(size));
    return static_cast<std::size_t>(std::clamp(cell, 0.0, static_cast<double>(count - 1)));
  };
  const std::size_t down = place(point.y, seen.min.y, seen.max.y, grid.origin.y, grid.cell.y, grid.down());
  const std::size_t across =
      place(point.x, seen.min.x, seen.max.x, grid.origin.x, grid.cell.x, grid.across());
  return grid.transposed ? MaskCell{across, down} : MaskCell{down, across};
}

void add_cell(MaskStroke& stroke, const CellGrid& grid, const MaskCell& cell) {
  const std::size_t i = stroke.padding ? cell.key : cell.query * grid.columns + cell.key;
  if (stroke.done[i]) return;
  stroke.done[i] = true;
  if (stroke.padding) {
    stroke.keys.keys.push_back(cell.key);
  } else {
    stroke.cells.cells.push_back(cell);
  }
}

/// Every cell on the straight way from where the hand was: a quick stroke has no holes.
/// Source: Bresenham 1965, "Algorithm for computer control of a digital plotter".
void go_to(MaskStroke& stroke, const CellGrid& grid, const MaskCell& to) {
  auto row = static_cast<long>(stroke.last.query);
  auto column = static_cast<long>(stroke.last.key);
  const auto end_row = static_cast<long>(stroke.padding ? stroke.last.query : to.query);
  const auto end_column = static_cast<long>(to.key);
  const long d_column = std::abs(end_column - column);
  const long d_row = -std::abs(end_row - row);
  const long step_column = column < end_column ? 1 : -1;
  const long step_row = row < end_row ? 1 : -1;
  long error = d_column + d_row;
  while (true) {
    add_cell(stroke, grid, {static_cast<std::size_t>(row), static_cast<std::size_t>(column)});
    if (row == end_row && column == end_column) break;
    const long twice = 2 * error;
    if (twice >= d_row) {
      error += d_row;
      column += step_column;
    }
    if (twice <= d_column) {
      error += d_column;
      row += step_row;
    }
  }
  stroke.last = to;
}

void preview(const AttentionScene& scene, const MaskStroke& stroke) {
  if (stroke.padding) {
    scene.context().post(session::Preview{stroke.keys});
  } else {
    scene.context().post(session::Preview{stroke.cells});
  }
}

void begin(const AttentionScene& scene, MaskPainting& painting, const CellGrid& grid, const MaskCell& cell,
           bool padding) {
  MaskStroke stroke;
  stroke.padding = padding;
  stroke.hides = padding ? !session::padded(mask_of(scene), cell.key)
                         : session::allowed(mask_of(scene), cell.query, cell.key);
  stroke.last = cell;
  stroke.cells.visible = !stroke.hides;
  stroke.keys.hidden = stroke.hides;
  stroke.done.assign(padding ? grid.columns : grid.rows * grid.columns, false);
  go_to(stroke, grid, cell);
  preview(scene, stroke);
  painting.stroke = std::move(stroke);
}

void go_on(const AttentionScene& scene, MaskPainting& painting, const CellGrid& grid, bool held) {
  MaskStroke& stroke = *painting.stroke;
  PanelContext& context = scene.context();
  if (key_pressed(Key::escape)) {
    context.post(session::CancelGesture{});
    painting.stroke.reset();
    release_mouse();
    return;
  }
  if (!held) {
    context.post(session::EndGesture{});
    // One cell is looked at as well; a longer stroke leaves the selection where it is.
    if (!stroke.padding && stroke.cells.cells.size() == 1)
      context.post(session::Select{scene.cell(stroke.last.query, stroke.last.key)});
    painting.stroke.reset();
    return;
  }
  const MaskCell now = nearest(grid, ImGui::GetIO().MousePos);
  if (now == stroke.last || (stroke.padding && now.key == stroke.last.key)) return;
  go_to(stroke, grid, now);
  preview(scene, stroke);
}

/// A bar for every key: full where padding hides it.
Interaction draw_bars(const AttentionScene& scene, const CellGrid& grid) {
  PanelContext& context = scene.context();
  const Style& style = context.style;
  const Theme& theme = context.colours();
  const Rect area = bars_of(context, grid);
  const Interaction use = interact(context, WidgetId{PanelId::heatmap, "padding"}, area, true, style.px(2));
  const CellGrid::Range columns = grid.visible_columns();
  const bool spaced = (grid.transposed ? grid.cell.y : grid.cell.x) > style.px(8);
  const std::size_t pointed = nearest(grid, ImGui::GetIO().MousePos).key;
  for (std::size_t j = columns.first; j < columns.last; ++j) {
    const float gap = spaced ? style.px(2) : 0.0f;
    const Rect line = grid.column_rect(j);
    const Rect bar = grid.transposed
                         ? Rect{{area.min.x, line.min.y + gap}, {area.max.x - style.px(2), line.max.y - gap}}
                         : Rect{{line.min.x + gap, area.min.y}, {line.max.x - gap, area.max.y - style.px(2)}};
    const Rect seen = bar.intersection(area);
    const bool hidden = session::padded(mask_of(scene), j);
    const Colour colour = hidden ? theme.accent : use.hovered && pointed == j ? theme.ink_muted : theme.track;
    context.list->AddRectFilled(seen.min, seen.max, colour, spaced ? style.px(2) : 0.0f);
    if (spaced) context.widgets.add(WidgetId{PanelId::heatmap, "padding"}.at(j), seen, Focusable::no);
  }
  if (use.hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    tooltip(context, context.say("padding: hides {word} from every query",
                                 fmt::arg("word", scene.column_name(pointed))));
  }
  return use;
}

/// M and P act on the selected cell and its column, as one undo step each.
void use_keys(const AttentionScene& scene, const WidgetId& id) {
  PanelContext& context = scene.context();
  if (!scene.selected_here()) return;
  const CellRef& at = scene.view().selection;
  if (context.widgets.take(id, Key::m)) {
    const bool visible = session::allowed(mask_of(scene), at.row, at.column);
    context.post(session::Apply{session::PaintMask{{{at.row, at.column}}, !visible}});
  }
  if (context.widgets.take(id, Key::p)) {
    const bool hidden = session::padded(mask_of(scene), at.column);
    context.post(session::Apply{session::PadKeys{{at.column}, !hidden}});
  }
}

}  // namespace

bool can_paint_mask(const AttentionScene& scene) {
  const AttendOver over = scene.subject().document.input().config.attend_over;
  return scene.score_like() && over == AttendOver::tokens;
}

void draw_paint_tool(const AttentionScene& scene, MaskPainting& painting, const CellGrid& grid) {
  PanelContext& context = scene.context();
  const Style& style = context.style;
  const float side = style.px(28);
  const Rect corner{{grid.clip.min.x - style.px(8) - side, grid.clip.min.y - style.px(3) - side},
                    {grid.clip.min.x - style.px(8), grid.clip.min.y - style.px(3)}};
  const LockedPart lock(context, "mask");
  const std::string_view words = painting.on ? context.tr("Put the mask brush away (Esc)")
                                             : context.tr("Paint the mask: hide and show cells");
  if (!icon_button(context, {PanelId::heatmap, "paint"}, corner, Icon::brush,
                   {.kind = painting.on ? ButtonKind::primary : ButtonKind::quiet, .tooltip = words}))
    return;
  painting.on = !painting.on;
  painting.stroke.reset();
  // Raw and scaled scores know of no mask: it is seen from the masked ones on.
  if (painting.on && !has_mask(scene.stage())) context.post(session::ShowStage{Stage::masked});
}

void paint_mask(const AttentionScene& scene, MaskPainting& painting, const CellGrid& grid,
                const Interaction& cells, const WidgetId& id) {
  PanelContext& context = scene.context();
  const Interaction bars = draw_bars(scene, grid);
  if (!fits(scene, grid)) {
    painting.stroke.reset();
    return;
  }
  if (cells.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (painting.stroke) {
    go_on(scene, painting, grid, painting.stroke->padding ? bars.held : cells.held);
  } else if (cells.pressed && !key_held(Key::space) && grid.at(mouse)) {
    begin(scene, painting, grid, nearest(grid, mouse), false);
  } else if (bars.pressed) {
    begin(scene, painting, grid, nearest(grid, mouse), true);
  } else if (key_pressed(Key::escape) && !context.widgets.typing() &&
             !context.session.history().in_gesture()) {
    painting.on = false;
  }
  use_keys(scene, id);
}

void draw_paint_hint(const AttentionScene& scene, const Rect& area) {
  PanelContext& context = scene.context();
  context.text.draw_in(*context.list, area,
                       context.look(TextSize::body, context.colours().accent, Face::sans_bold),
                       context.tr("drag over cells to hide or show them"));
}

}  // namespace attn::ui
