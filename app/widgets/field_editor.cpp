#include "app/widgets/field_editor.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

using session::Key;

int put_caret_at_end(ImGuiInputTextCallbackData* data) {
  auto& memory = *static_cast<FieldMemory*>(data->UserData);
  if (memory.caret_to_end) {
    data->ClearSelection();
    data->CursorPos = data->BufTextLen;
    memory.caret_to_end = false;
  }
  return 0;
}

/// What is typed before ImGui gives the field the keyboard replaces the text, as it would a frame later.
void keep_typed_ahead(FieldMemory& memory) {
  const std::string typed = typed_text();
  if (typed.empty()) return;
  if (!memory.caret_to_end) memory.text.fill('\0');
  const std::size_t at = std::strlen(memory.text.data());
  std::memcpy(memory.text.data() + at, typed.data(), std::min(typed.size(), memory.text.size() - 1 - at));
  memory.caret_to_end = true;
  ImGui::GetIO().ClearInputCharacters();
}

}  // namespace

Editor edit_text(PanelContext& context, FieldMemory& memory, const Rect& rect, Face face, bool centred) {
  const Style& style = context.style;
  const float px = style.text(TextSize::body);
  ImFont* font = context.text.font(face, px, memory.text.data() + typed_text());
  const float pad = style.px(8);
  float x = rect.min.x + pad;
  if (centred) {
    const float width = context.text.measure({face, px, 0}, memory.text.data()).x;
    x = std::max(x, rect.centre().x - width * 0.5f);
  }
  ImGui::PushFont(font);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
  ImGui::PushStyleColor(ImGuiCol_Text, context.colours().ink);
  ImGui::PushStyleColor(ImGuiCol_TextSelectedBg, with_alpha(context.colours().accent, 0.35f));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0.0f);
  ImGui::SetCursorScreenPos({x, std::round(rect.centre().y - ImGui::GetFontSize() * 0.5f)});
  ImGui::SetNextItemWidth(rect.max.x - pad - x);
  if (memory.claim_keyboard > 0) {
    keep_typed_ahead(memory);
    ImGui::SetKeyboardFocusHere();
  }
  const OneLinePaste one_line;
  Editor editor;
  editor.entered = ImGui::InputText("##editor", memory.text.data(), memory.text.size(),
                                    ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll |
                                        ImGuiInputTextFlags_CallbackAlways,
                                    put_caret_at_end, &memory);
  editor.active = ImGui::IsItemActive();
  if (editor.active) memory.claim_keyboard = 0;
  if (memory.claim_keyboard > 0) --memory.claim_keyboard;
  editor.escaped = key_pressed(Key::escape);
  editor.tabbed = tab_pressed();
  editor.left = !editor.active && memory.claim_keyboard == 0 && !editor.entered;
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor(3);
  ImGui::PopFont();
  return editor;
}

void begin_editing(FieldMemory& memory, const WidgetId& id, std::string_view text, bool caret_to_end) {
  memory.editing = id;
  memory.refused.reset();
  memory.error.clear();
  memory.caret_to_end = caret_to_end;
  // ImGui gives the keyboard to a field one or two frames after it was asked to.
  memory.claim_keyboard = 3;
  memory.text.fill('\0');
  std::memcpy(memory.text.data(), text.data(), std::min(text.size(), memory.text.size() - 1));
}

void stop_editing(PanelContext& context, FieldMemory& memory) {
  memory.editing.reset();
  context.widgets.set_typing(false);
}

void draw_field(PanelContext& context, const WidgetId& id, const Rect& rect, bool enabled, bool hovered,
                bool editing, bool wrong) {
  const Style& style = context.style;
  const Theme& theme = style.colours;
  const Colour fill = editing              ? theme.panel
                      : context.locked     ? 0
                      : hovered && enabled ? theme.button_hover
                                           : theme.field;
  const Colour border = wrong            ? theme.error
                        : editing        ? theme.accent
                        : context.locked ? with_alpha(theme.field_border, 0.5f)
                                         : theme.field_border;
  const float line = editing || wrong ? std::max(1.5f, style.px(2)) : style.line();
  context.list->AddRectFilled(rect.min, rect.max, fill, style.small_rounding());
  context.list->AddRect(rect.min, rect.max, border, style.small_rounding(), 0, line);
  if (!editing) focus_ring(context, id, rect, style.small_rounding());
}

}  // namespace attn::ui
