#include "app/widgets/pick_list.h"

#include <algorithm>
#include <cmath>

#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

using session::Key;

/// Where the rows lie and how far they can be scrolled.
struct Geometry {
  std::size_t columns;
  std::size_t rows;
  float pitch;  ///< from one row to the next
  float cell_width;
  float gap;
  float height;  ///< of all rows
  float most;    ///< largest scroll
  Rect area;

  Rect cell(std::size_t i, float scroll) const {
    const std::size_t line = i / columns;
    const auto row = static_cast<float>(line);
    const auto column = static_cast<float>(i % columns);
    const ImVec2 at{std::round(area.min.x + column * (cell_width + gap)),
                    std::round(area.min.y + row * pitch - scroll)};
    return {at, {at.x + cell_width, at.y + pitch - gap}};
  }
};

Geometry geometry(const PanelContext& context, const Rect& area, const PickListOptions& options) {
  Geometry g{};
  g.columns = std::max<std::size_t>(1, options.columns);
  g.rows = (options.count + g.columns - 1) / g.columns;
  g.gap = options.gap;
  g.pitch = options.row_height + options.gap;
  g.height = static_cast<float>(g.rows) * g.pitch - (g.rows > 0 ? options.gap : 0.0f);
  g.most = std::max(0.0f, g.height - area.height());
  g.area = area;
  if (g.most > 0.0f) g.area.max.x -= context.style.px(14);  // room for the bar
  const auto n = static_cast<float>(g.columns);
  g.cell_width = std::floor((g.area.width() - options.gap * (n - 1)) / n);
  return g;
}

/// The cursor after the keys of this frame.
std::size_t moved(PanelContext& context, const WidgetId& id, const Geometry& g, std::size_t count,
                  std::size_t cursor, bool takes_keys) {
  const bool focused = context.widgets.is_focused(id);
  const bool grid = g.columns > 1;
  const auto pressed = [&](Key key) {
    if (context.widgets.take(id, key)) return true;
    const Modifiers held = modifiers();
    return !focused && takes_keys && !held.ctrl && !held.alt && key_pressed(key, true);
  };
  const auto page = std::max<std::size_t>(1, static_cast<std::size_t>(g.area.height() / g.pitch)) * g.columns;
  const auto back = [&](std::size_t by) { cursor -= std::min(by, cursor); };
  const auto forward = [&](std::size_t by) { cursor = std::min(cursor + by, count - 1); };
  if (pressed(Key::up) && cursor >= g.columns) back(g.columns);
  if (pressed(Key::down)) forward(cursor + g.columns < count || !grid ? g.columns : 0);
  if (pressed(Key::page_up)) back(page);
  if (pressed(Key::page_down)) forward(page);
  // Left, Right, Home and End belong to the text while one is typed.
  if (!focused) return cursor;
  if (grid && context.widgets.take(id, Key::left)) back(1);
  if (grid && context.widgets.take(id, Key::right)) forward(1);
  if (context.widgets.take(id, Key::home)) cursor = 0;
  if (context.widgets.take(id, Key::end)) cursor = count - 1;
  return cursor;
}

void draw_bar(PanelContext& context, const WidgetId& id, const Rect& area, const Geometry& g,
              PickListMemory& memory) {
  const Style& style = context.style;
  const float width = style.px(8);
  const Rect track{{area.max.x - width, area.min.y}, area.max};
  const float thumb = std::max(style.px(28), track.height() * area.height() / g.height);
  const float room = track.height() - thumb;
  WidgetId own = id;
  own.head = 0;  // "list[0]" is the bar; rows have a row
  const Interaction mouse = interact(context, own, track, true);
  if (mouse.held && room > 0.0f) {
    memory.scroll =
        std::clamp((ImGui::GetIO().MousePos.y - track.min.y - thumb * 0.5f) / room, 0.0f, 1.0f) * g.most;
  }
  const float y = track.min.y + room * (g.most > 0.0f ? memory.scroll / g.most : 0.0f);
  const Colour colour = mouse.hovered || mouse.held ? style.colours.ink_disabled : style.colours.track;
  context.list->AddRectFilled({track.min.x, y}, {track.max.x, y + thumb}, colour, width * 0.5f);
}

}  // namespace

PickListResult pick_list(PanelContext& context, const WidgetId& id, const Rect& area,
                         const PickListOptions& options, PickListMemory& memory,
                         const std::function<void(std::size_t, const Rect&, bool, bool)>& draw) {
  const Style& style = context.style;
  PickListResult result;
  const Geometry g = geometry(context, area, options);
  context.widgets.add(id, area);
  if (options.count == 0) {
    memory.restart();
    focus_ring(context, id, area, style.small_rounding());
    return result;
  }
  memory.cursor = std::min(memory.cursor, options.count - 1);
  const std::size_t cursor = moved(context, id, g, options.count, memory.cursor, options.takes_keys);
  if (cursor != memory.cursor) {
    memory.cursor = cursor;
    memory.follow = true;
  }
  if (context.widgets.take(id, Key::enter)) result.opened = memory.cursor;
  if (context.widgets.take(id, Key::space)) result.marked = memory.cursor;

  const bool pointed = area.contains(ImGui::GetIO().MousePos) &&
                       ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
  if (pointed) memory.scroll -= ImGui::GetIO().MouseWheel * g.pitch * (g.columns > 1 ? 0.5f : 3.0f);
  if (memory.follow) {
    const Rect cell = g.cell(memory.cursor, 0.0f);
    memory.scroll = std::clamp(memory.scroll, cell.max.y - area.max.y, cell.min.y - area.min.y);
    memory.follow = false;
  }
  memory.scroll = std::clamp(memory.scroll, 0.0f, g.most);

  context.list->PushClipRect(area.min, area.max, true);
  const auto first = static_cast<std::size_t>(memory.scroll / g.pitch) * g.columns;
  for (std::size_t i = first; i < options.count; ++i) {
    const Rect cell = g.cell(i, memory.scroll);
    if (cell.min.y >= area.max.y) break;
    const Rect seen = cell.intersection(area);
    if (seen.empty()) continue;
    WidgetId own = id;
    own.row = i;
    ImGui::SetCursorScreenPos(seen.min);
    ImGui::PushID(static_cast<int>(i) + 1);
    const bool clicked = ImGui::InvisibleButton("", seen.size());
    const bool hovered = ImGui::IsItemHovered();
    const bool activated = ImGui::IsItemActivated();
    ImGui::PopID();
    context.widgets.add(own, seen, Focusable::no);
    if (activated) {
      memory.cursor = i;
      context.widgets.focus(id, false);
    }
    if (hovered && ImGui::IsMouseDoubleClicked(0)) result.opened = i;
    if (clicked) result.clicked = i;
    const bool has_cursor = memory.cursor == i && (options.shows_cursor || context.widgets.is_focused(id));
    if (has_cursor || hovered) {
      context.list->AddRectFilled(cell.min, cell.max,
                                  has_cursor ? style.colours.accent_soft : style.colours.button_hover,
                                  style.small_rounding());
    }
    draw(i, cell, hovered, has_cursor);
  }
  context.list->PopClipRect();
  if (g.most > 0.0f) draw_bar(context, id, area, g, memory);
  focus_ring(context, id, area, style.small_rounding());
  return result;
}

}  // namespace attn::ui
