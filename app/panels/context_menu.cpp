// What the right mouse button offers on a number, and the Menu key on the selected one: to copy it, its row
// or its matrix.

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/popup.h"

namespace attn::ui {
namespace {

constexpr std::array<std::string_view, 6> kCommands = {"edit.copy.number",       "edit.copy.row",
                                                       "edit.copy.matrix",       "edit.copy.row_latex",
                                                       "edit.copy.matrix_latex", "edit.copy.matrix_markdown"};

void close(PanelContext& context, ContextMenuMemory& memory) {
  memory.at.reset();
  context.widgets.confine(std::nullopt);
  if (memory.before) context.widgets.focus(*memory.before, true);
  memory.before.reset();
}

WidgetId item(std::size_t i) { return WidgetId{PanelId::dialog, "context"}.at(i); }

/// Where the selected number can be seen: in the large table, in another view of it, else in the pipeline;
/// nowhere, the middle of the window.
ImVec2 at_selection(const PanelContext& context, ImVec2 window) {
  const CellRef& cell = context.session.view().selection;
  const WidgetId places[] = {WidgetId{PanelId::heatmap, "cell"}.at(cell),
                             WidgetId{PanelId::heatmap, "bar_share"}.at(cell),
                             WidgetId{PanelId::heatmap, "line_key"}.at(cell.column),
                             WidgetId{PanelId::heatmap, "word"}.at(cell.column),
                             WidgetId{PanelId::pipeline, "cell"}.at(cell),
                             WidgetId{PanelId::pipeline, "stage"}.at(cell.stage)};
  for (const WidgetId& id : places) {
    const auto rect = context.widgets.find(id);
    if (rect && !rect->empty()) return rect->centre();
  }
  return {window.x / 2, window.y / 2};
}

bool asked_by_key() {
  const Modifiers held = modifiers();
  if (held.ctrl || held.alt) return false;
  return key_pressed(session::Key::menu) || (held.shift && key_pressed(session::Key::f10));
}

void open_where_asked(PanelContext& context, ContextMenuMemory& memory, ImVec2 window) {
  const bool free = context.session.dialog() == session::Dialog::none &&
                    context.session.question() == session::Question::none && !context.widgets.typing() &&
                    !context.widgets.confined() && !memory.at;
  if (free && asked_by_key()) {
    memory.at = at_selection(context, window);
    memory.before = context.widgets.focused();
    memory.just_opened = true;
    context.widgets.focus(item(0), true);
    return;
  }
  const bool by_mouse = context.session.dialog() == session::Dialog::none &&
                        context.session.question() == session::Question::none && !context.widgets.typing();
  if (!by_mouse || !ImGui::IsMouseClicked(1) || !context.hover.cell) return;
  context.post(session::Select{*context.hover.cell});
  memory.at = ImGui::GetIO().MousePos;
  memory.before.reset();
  memory.just_opened = true;
}

}  // namespace

void draw_context_menu(PanelContext& outer, ImVec2 window) {
  ContextMenuMemory& memory = outer.memory.get<ContextMenuMemory>();
  open_where_asked(outer, memory, window);
  if (!memory.at) return;
  const Style& style = outer.style;
  const float line = style.px(32);
  const float pad = style.px(6);
  float width = style.px(160);
  for (const std::string_view id : kCommands) {
    width = std::max(
        width, outer.text.measure(outer.look(TextSize::body), outer.tr(session::find_command(id)->title)).x +
                   style.px(40));
  }
  const ImVec2 size{std::ceil(width), line * static_cast<float>(kCommands.size()) + 2 * pad};
  const ImVec2 at{std::clamp(memory.at->x, 0.0f, std::max(0.0f, window.x - size.x)),
                  std::clamp(memory.at->y, 0.0f, std::max(0.0f, window.y - size.y))};
  const Rect box{at, add(at, size)};
  PopUp pop_up(outer, "context menu", box);
  PanelContext& context = pop_up.context;
  Rect rest = box.inset(pad);
  bool done = false;
  for (std::size_t i = 0; i < kCommands.size(); ++i) {
    const session::Command& command = *session::find_command(kCommands[i]);
    const WidgetId id = item(i);
    const Rect rect = rest.cut_top(line);
    const bool enabled = command.enabled(context.session);
    const Interaction mouse = interact(context, id, rect, enabled);
    if (mouse.hovered || context.widgets.shows_focus(id))
      context.list->AddRectFilled(rect.min, rect.max, style.colours.accent_soft, style.small_rounding());
    context.text.draw_in(
        *context.list, rect.inset(style.px(10), 0),
        context.look(TextSize::body, enabled ? style.colours.ink : style.colours.ink_disabled),
        context.tr(command.title));
    if (mouse.clicked) {
      context.post(command.make(context.session));
      done = true;
    }
  }
  context.widgets.confine(PanelId::dialog);
  const bool outside =
      (ImGui::IsMouseClicked(0) || ImGui::IsMouseClicked(1)) && !box.contains(ImGui::GetIO().MousePos);
  if (done || (!memory.just_opened && (outside || key_pressed(session::Key::escape)))) close(context, memory);
  memory.just_opened = false;
}

}  // namespace attn::ui
