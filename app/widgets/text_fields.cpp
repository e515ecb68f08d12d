// The text fields of controls.h.

#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/field_editor.h"

namespace attn::ui {

TextFieldResult text_field(PanelContext& context, const WidgetId& id, const Rect& rect, std::string& value,
                           std::string_view hint) {
  FieldMemory& memory = context.memory.get<FieldMemory>();
  const Style& style = context.style;
  TextFieldResult result;
  if (memory.editing == id) {
    draw_field(context, id, rect, true, false, true, false);
    context.widgets.add(id, rect);
    context.widgets.set_typing(true);
    if (memory.text.front() == '\0') {
      context.text.draw_in(*context.list, rect.inset(style.px(10), 0),
                           context.look(TextSize::body, context.colours().ink_disabled), hint);
    }
    const Editor editor = edit_text(context, memory, rect, Face::sans, false);
    value = memory.text.data();
    if (editor.escaped) {
      result.cancelled = true;
      stop_editing(context, memory);
    } else if (editor.entered) {
      result.commit = value;
      stop_editing(context, memory);
    } else if (editor.tabbed || editor.left) {
      stop_editing(context, memory);
      if (editor.tabbed) context.widgets.move_focus(modifiers().shift ? -1 : 1);
    }
    return result;
  }
  const Interaction mouse = interact(context, id, rect);
  draw_field(context, id, rect, true, mouse.hovered, false, false);
  const bool empty = value.empty();
  context.text.draw_in(
      *context.list, rect.inset(style.px(8), 0),
      context.look(TextSize::body, empty ? context.colours().ink_muted : context.colours().ink),
      empty ? hint : std::string_view(value));
  if (mouse.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
  if (mouse.clicked) {
    begin_editing(memory, id, value, false);
    context.widgets.set_typing(true);
  }
  return result;
}

void edit_text_field(PanelContext& context, const WidgetId& id, std::string_view value, Caret caret) {
  begin_editing(context.memory.get<FieldMemory>(), id, value, caret == Caret::at_end);
  context.widgets.focus(id, false);
  context.widgets.set_typing(true);
}

LabelFieldResult label_field(PanelContext& context, const WidgetId& id, const Rect& rect,
                             const std::string& value, const LabelFieldOptions& options) {
  FieldMemory& memory = context.memory.get<FieldMemory>();
  LabelFieldResult result;
  if (memory.refused == id) result.error = memory.error;
  if (memory.editing != id) {
    result.mouse = interact(context, id, rect);
    context.text.draw_in(*context.list, rect, options.look, value, options.align);
    focus_ring(context, id, rect, context.style.small_rounding());
    if (result.mouse.hovered && !options.dragged) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
    if (result.mouse.clicked && !options.dragged) {
      begin_editing(memory, id, value, false);
      context.widgets.set_typing(true);
    }
    return result;
  }
  draw_field(context, id, options.editor, true, false, true, !result.error.empty());
  const Rect clip{ImGui::GetWindowDrawList()->GetClipRectMin(), ImGui::GetWindowDrawList()->GetClipRectMax()};
  context.widgets.add(id, options.editor.intersection(clip));
  context.widgets.set_typing(true);
  result.editing = true;
  const Editor editor = edit_text(context, memory, options.editor, Face::sans, false);
  const std::string typed = memory.text.data();
  if (typed.empty() && !options.hint.empty()) {
    context.text.draw_in(*context.list, options.editor.inset(context.style.px(8), 0),
                         context.look(TextSize::body, context.colours().ink_muted), options.hint);
  }
  if (!editor.escaped && !editor.entered && !editor.tabbed && !editor.left) return result;
  result.error.clear();
  memory.refused.reset();
  // A new entry that stays empty, and one that says what was there, are taken back without a word.
  if (editor.escaped || typed == value) {
    result.cancelled = editor.escaped || value.empty();
    result.unchanged = !result.cancelled;
    result.entered = editor.entered;
  } else {
    if (const auto problem = options.problem ? options.problem(typed) : std::nullopt) {
      result.error = *problem;
      memory.refused = id;
      memory.error = *problem;
      if (!editor.left) {
        memory.claim_keyboard = 3;  // the field stays open
        return result;
      }
      result.cancelled = true;
    } else {
      result.commit = typed;
      result.entered = editor.entered;
    }
  }
  stop_editing(context, memory);
  if (editor.tabbed) context.widgets.move_focus(modifiers().shift ? -1 : 1);
  return result;
}

}  // namespace attn::ui
