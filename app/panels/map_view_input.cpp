// Mouse and keys of the map: select, pan, zoom, and pull on an attention weight.

#include <algorithm>
#include <cmath>
#include <string>

#include "app/panels/map_view.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/pipeline.h"

namespace attn::ui {
namespace {

using session::Key;

/// From 0 to 1 is this far to drag, in design pixels; for other numbers, as far as the largest of the head.
constexpr float kPullLength = 220.0f;
constexpr float kPullFrom = 4.0f;
constexpr double kKeyboardPull = 0.05;

}  // namespace

void take_arrows(const AttentionScene& scene, const WidgetId& id, int step) {
  PanelContext& context = scene.context();
  const auto move = [&](Key key, int rows, int columns) {
    if (!context.widgets.take(id, key)) return;
    // The first arrow brings the selection into this stage, the next ones move it.
    if (scene.selected_here()) {
      context.post(scene.transposed() ? session::MoveSelection{columns, rows}
                                      : session::MoveSelection{rows, columns});
    } else {
      context.post(session::ShowStage{scene.stage()});
    }
  };
  move(Key::left, 0, -step);
  move(Key::right, 0, step);
  move(Key::up, -step, 0);
  move(Key::down, step, 0);
}

std::string cell_tooltip(const AttentionScene& scene, const CellRef& cell) {
  const std::string value = cell_text(scene.cells(), cell.row, cell.column, {8});
  std::string text = cell_symbol_text(cell, scene.conventions()) + " " +
                     std::string(cell_sign(scene.cells(), cell.row, cell.column, 8)) + " " +
                     (value.starts_with('<') || value.starts_with('>') ? value.substr(1) : value);
  const std::string_view row = row_word(scene.input(), scene.stage(), cell.row);
  const std::string_view column = column_word(scene.input(), scene.stage(), cell.column);
  if (!row.empty() && !column.empty()) text += "   " + std::string(row) + " → " + std::string(column);
  if (!hidden_cell(scene.input(), scene.stage(), cell.row, cell.column)) return text;
  const MaskConfig& mask = scene.input().config.mask;
  for (const MaskLayer layer : layers_hiding(mask, cell.row, cell.column))
    text += "\n" + layer_reason(scene.context(), mask, layer);
  return text;
}

void MapView::use_mouse_and_keys(const Frame& frame) {
  const CellGrid& grid = frame.grid;
  const WidgetId id(PanelId::heatmap, "cells");
  if (large()) use_overview(grid);
  const Interaction use = interact(context_, id, grid.clip, true, context_.style.small_rounding());
  register_cells(grid);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  std::optional<CellRef> pointed;
  if (const auto at = grid.at(mouse)) pointed = scene_.cell(at->row, at->column);
  if (pointed && use.hovered) {
    std::string words;
    // Of a square with many cells the strongest stands for all.
    if (large() && !level(grid).cells()) {
      const SquareCells& square = square_at(grid, {pointed->row, pointed->column});
      if (square.strongest) pointed = square.strongest;
      words = "\n" + square_tooltip(square);
    }
    context_.hover_next = hover_of(scene_.input(), *pointed);
    if (!memory_.press) tooltip(context_, cell_tooltip(scene_, *pointed) + words);
  }
  pan_and_zoom(grid, use, id);
  if (can_paint_mask(scene_)) draw_paint_tool(scene_, memory_.painting, grid);
  if (memory_.painting.on && can_paint_mask(scene_)) {
    memory_.press.reset();
    paint_mask(scene_, memory_.painting, grid, use, id);
    take_arrows(scene_, id);
    return;
  }
  if (use.pressed && pointed && !memory_.panning) begin_press(*pointed, mouse);
  if (memory_.press) continue_press(use, mouse, grid);
  use_keys(id, grid);
  if (memory_.press && memory_.press->pulling) draw_handle(grid);
}

void MapView::register_cells(const CellGrid& grid) const {
  const CellGrid::Range rows = grid.visible_rows();
  const CellGrid::Range columns = grid.visible_columns();
  const WidgetId id(PanelId::heatmap, "cell");
  const auto add_cell = [&](std::size_t i, std::size_t j) {
    context_.widgets.add(id.at(scene_.cell(i, j)), grid.rect(i, j).intersection(grid.clip), Focusable::no);
  };
  if (rows.size() * columns.size() <= kCellsDrawnOneByOne) {
    for (std::size_t i = rows.first; i < rows.last; ++i) {
      for (std::size_t j = columns.first; j < columns.last; ++j) add_cell(i, j);
    }
  } else if (scene_.view().selection.stage == scene_.stage()) {
    add_cell(scene_.view().selection.row, scene_.view().selection.column);
  }
}

void MapView::offer_names(const Frame& frame, float right, float bottom) {
  const auto& rules = context_.session.lesson_rules();
  if (!rules || !rules->picks || *rules->picks == session::Pickable::cell ||
      *rules->picks == session::Pickable::head)
    return;
  const CellGrid& grid = frame.grid;
  const Style& style = context_.style;
  const auto offer = [&](bool row, std::size_t i, const Rect& rect) {
    const WidgetId id = WidgetId(PanelId::heatmap, row ? WidgetKind("row_name") : WidgetKind("column_name"))
                            .at(scene_.stage())
                            .at(i);
    const Interaction use = interact(context_, id, rect, true, style.small_rounding());
    if (!use.hovered) return;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    context_.list->AddRect(rect.min, rect.max, context_.colours().accent, style.small_rounding(), 0,
                           style.px(2));
  };
  const bool turned = grid.transposed;
  const CellGrid::Range down = grid.visible_down();
  for (std::size_t i = down.first; i < down.last; ++i) {
    const Rect cell = turned ? grid.rect(0, i) : grid.rect(i, 0);
    offer(!turned, i,
          {{right - frame.label_width - style.px(4), cell.min.y + style.px(2)},
           {right + style.px(4), cell.max.y - style.px(2)}});
  }
  const CellGrid::Range across = grid.visible_across();
  for (std::size_t j = across.first; j < across.last; ++j) {
    const Rect cell = turned ? grid.rect(j, 0) : grid.rect(0, j);
    offer(turned, j,
          {{cell.min.x + style.px(2), bottom - frame.columns.height}, {cell.max.x - style.px(2), bottom}});
  }
}

void MapView::pan_and_zoom(const CellGrid& grid, const Interaction& use, const WidgetId& id) {
  const ImGuiIO& io = ImGui::GetIO();
  const auto pan_by = [&](float x, float y) {
    memory_.pan.x -= static_cast<double>(x) / static_cast<double>(grid.cell.x);
    memory_.pan.y -= static_cast<double>(y) / static_cast<double>(grid.cell.y);
  };
  memory_.panning = use.held && key_held(Key::space);
  const bool drags =
      memory_.panning || (use.hovered && ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 0.0f));
  if (drags) pan_by(io.MouseDelta.x, io.MouseDelta.y);
  if (use.hovered && io.MouseWheel != 0.0f) {
    if (io.KeyShift) {
      pan_by(io.MouseWheel * 40.0f, 0.0f);
    } else {
      zoom_by(std::pow(large() ? 1.4 : 1.2, static_cast<double>(io.MouseWheel)), grid, io.MousePos);
    }
  }
  if (use.hovered && io.MouseWheelH != 0.0f) pan_by(io.MouseWheelH * 40.0f, 0.0f);
  WidgetRegistry& widgets = context_.widgets;
  if (io.KeyShift) {
    const ImVec2 quarter = ui::scale(grid.clip.size(), 0.25f);
    const auto pan = [&](Key key, float x, float y) {
      if (!widgets.take(id, key)) return;
      pan_by(x, y);
      context_.animating = true;
    };
    pan(Key::left, quarter.x, 0);
    pan(Key::right, -quarter.x, 0);
    pan(Key::up, 0, quarter.y);
    pan(Key::down, 0, -quarter.y);
  }
  const double step = large() ? 2.0 : 1.25;
  if (widgets.take(id, Key::plus)) zoom_by(step, grid, grid.clip.centre());
  if (widgets.take(id, Key::minus)) zoom_by(1.0 / step, grid, grid.clip.centre());
  if (widgets.take(id, Key::digit_0)) zoom_by(1.0 / memory_.zoom, grid, grid.clip.centre());
}

/// What is under `fixed` stays there.
void MapView::zoom_by(double factor, const CellGrid& grid, ImVec2 fixed) {
  const double base = static_cast<double>(grid.cell.y) / memory_.zoom;
  const double most = std::max(1.0, static_cast<double>(context_.style.px(110)) / base);
  const double zoom = std::clamp(memory_.zoom * factor, 1.0, most);
  const double by = zoom / memory_.zoom;
  const auto along = [&](float at, double origin, float clip, float cell) {
    const auto side = static_cast<double>(cell);
    return (static_cast<double>(at) - origin) / side - static_cast<double>(at - clip) / (side * by);
  };
  memory_.pan = {along(fixed.x, grid.origin.x, grid.clip.min.x, grid.cell.x),
                 along(fixed.y, grid.origin.y, grid.clip.min.y, grid.cell.y)};
  memory_.zoom = zoom;
  context_.animating = true;
}

void MapView::begin_press(const CellRef& cell, ImVec2 mouse) {
  const Read read = scene_.trace().read_cell(cell);
  const double start = read.ready() ? static_cast<double>(read.values(0, 0)) : 0.0;
  memory_.press = MapPress{cell, mouse, start, pull_range(), false};
}

double MapView::pull_range() const {
  if (scene_.pulls_shares()) return 1.0;
  return std::max(1.0, scene_.trace().largest(scene_.stage()));
}

void MapView::continue_press(const Interaction& use, ImVec2 mouse, const CellGrid& grid) {
  MapPress& press = *memory_.press;
  if (large() && use.held && !press.pulling && !memory_.dragged) {
    const ImVec2 way = subtract(mouse, press.at);
    const bool far = std::hypot(way.x, way.y) > context_.style.px(kPullFrom);
    if (far && (!drag_pulls(grid, press.cell) || std::abs(way.x) > std::abs(way.y)))
      memory_.dragged = press.at;
  }
  if (memory_.dragged) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
    const ImVec2 way = subtract(mouse, *memory_.dragged);
    memory_.pan.x -= static_cast<double>(way.x) / static_cast<double>(grid.cell.x);
    memory_.pan.y -= static_cast<double>(way.y) / static_cast<double>(grid.cell.y);
    memory_.dragged = mouse;
    if (way.x != 0.0f || way.y != 0.0f) context_.animating = true;
    if (use.held) return;
    memory_.dragged.reset();
    memory_.press.reset();
    return;
  }
  const float up = press.at.y - mouse.y;
  if (use.held) {
    if (!press.pulling && scene_.can_pull(press.cell.row) && std::abs(up) > context_.style.px(kPullFrom) &&
        scene_.subject().playhead.computed(press.cell)) {
      press.pulling = true;
      context_.post(session::Select{press.cell});
      context_.post(session::BeginPull{session::PullTarget::cell(press.cell)});
      context_.post(session::MovePull{{goal(press, mouse)}});
    } else if (press.pulling && ImGui::GetIO().MouseDelta.y != 0.0f && context_.session.pulling()) {
      context_.post(session::MovePull{{goal(press, mouse)}});
    } else if (press.pulling && !context_.session.pulling()) {
      memory_.press.reset();  // Esc took it back
    }
    return;
  }
  if (press.pulling) {
    context_.post(session::EndPull{});
  } else if (use.clicked) {
    context_.post(session::Select{press.cell});
    context_.widgets.choose(WidgetId(PanelId::heatmap, "cell").at(press.cell));
  }
  memory_.press.reset();
}

double MapView::goal(const MapPress& press, ImVec2 mouse) const {
  const auto up = static_cast<double>((press.at.y - mouse.y) / context_.style.px(kPullLength));
  // Nothing moves −∞; the pull says so.
  const double from = std::isfinite(press.start) ? press.start : 0.0;
  const double to = from + up * press.range;
  return scene_.pulls_shares() ? std::clamp(to, 0.0, 1.0) : to;
}

void MapView::use_keys(const WidgetId& id, const CellGrid& grid) {
  take_arrows(scene_, id, large() && scene_.score_like() ? 1 << level(grid).rows : 1);
  // Enter on the cells means the one that is selected.
  const auto& chosen = context_.widgets.chosen();
  if (!memory_.press && scene_.selected_here() && std::ranges::find(chosen, id) != chosen.end())
    context_.widgets.choose(WidgetId(PanelId::heatmap, "cell").at(scene_.view().selection));
  if (scene_.view().selection.stage != scene_.stage() || !scene_.can_pull(scene_.view().selection.row))
    return;
  const auto pull = [&](Key key, double by) {
    if (!context_.widgets.take(id, key)) return;
    const CellRef& cell = scene_.view().selection;
    const Read read = scene_.trace().read_cell(cell);
    if (!read.ready()) return;
    double value = static_cast<double>(read.values(0, 0)) + by * pull_range();
    if (scene_.pulls_shares()) value = std::clamp(value, 0.0, 1.0);
    if (!std::isfinite(value)) value = 0.0;
    context_.post(session::BeginPull{
        session::PullTarget::cell({scene_.stage(), scene_.head(), cell.row, cell.column})});
    context_.post(session::MovePull{{value}});
    context_.post(session::EndPull{});
  };
  pull(Key::page_up, kKeyboardPull);
  pull(Key::page_down, -kKeyboardPull);
}

// ---- pull ----

/// A bar beside the cell: where the number is, where it is pulled to, and how far that is. It stays among the
/// cells, however far the hand goes: what is written above them can be read.
void MapView::draw_handle(const CellGrid& grid) const {
  const MapPress& press = *memory_.press;
  const Theme& theme = context_.colours();
  const Style& style = context_.style;
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  const Rect inside = grid.clip.intersection(context_.area.inset(style.px(12)));
  const float x = grid.rect(press.cell.row, press.cell.column).max.x - style.px(2);  // beside the number
  const double start = std::isfinite(press.start) ? press.start : 0.0;
  const bool shares = scene_.pulls_shares();
  // All of the bar of a share is seen: where the hand's own length has no room it is shorter, or elsewhere.
  const float knob = style.px(8);
  const float top = inside.min.y + knob;
  const float bottom = std::max(inside.max.y - knob, top);
  const float length = shares ? std::min(style.px(kPullLength), bottom - top) : style.px(kPullLength);
  const float wanted = press.at.y + static_cast<float>(start / press.range) * length;  // of 0
  const float zero = shares ? std::clamp(wanted, std::min(top + length, bottom), bottom) : wanted;
  const auto y_of = [&](double value) {
    return std::clamp(zero - static_cast<float>(value / press.range) * length, top, bottom);
  };
  const double goal_now = goal(press, ImGui::GetIO().MousePos);
  double reached = scene_.pull() ? scene_.pull()->reached.at(0) : start;
  if (!std::isfinite(reached)) reached = start;
  // A share is a bar from 0 to 1; any other number a thread from where it was.
  const double low = shares ? 0.0 : std::min({start, goal_now, reached});
  const double high = shares ? 1.0 : std::max({start, goal_now, reached});
  list.AddLine({x, y_of(low)}, {x, y_of(high)}, theme.panel, style.px(7));
  list.AddLine({x, y_of(low)}, {x, y_of(high)}, theme.track, style.px(4));
  list.AddLine({x, y_of(shares ? 0.0 : start)}, {x, y_of(reached)}, theme.accent, style.px(4));
  const float from = y_of(reached);
  const float to = y_of(goal_now);
  const float step = style.px(7) * (to > from ? 1.0f : -1.0f);
  for (float y = from; std::abs(y - to) > style.px(8) && (to - y) * step > 0; y += 2 * step) {
    list.AddLine({x, y}, {x, y + step}, theme.accent, style.px(2.5f));
  }
  list.AddCircleFilled({x, from}, style.px(5), theme.accent);
  list.AddCircleFilled({x, to}, style.px(10), theme.panel);
  list.AddCircleFilled({x, to}, style.px(8), theme.accent);
}

}  // namespace attn::ui
