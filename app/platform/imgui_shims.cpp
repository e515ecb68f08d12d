#include "app/platform/imgui_shims.h"

#include <imgui_internal.h>

#include <string>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "app/platform/utf8.h"

namespace attn::ui {
namespace {

using session::Key;

#if IMGUI_VERSION_NUM >= 18700
using NativeKey = ImGuiKey;
constexpr NativeKey kTab = ImGuiKey_Tab;
constexpr NativeKey kDelete = ImGuiKey_Delete;
NativeKey after(NativeKey first, int offset) { return static_cast<NativeKey>(first + offset); }
#define ATTN_KEY(imgui, glfw) ImGuiKey_##imgui
#else
// Before 1.87 ImGui has names for a few keys only, and IsKeyPressed takes the backend's own codes.
using NativeKey = int;
constexpr NativeKey kTab = GLFW_KEY_TAB;
constexpr NativeKey kDelete = GLFW_KEY_DELETE;
NativeKey after(NativeKey first, int offset) { return first + offset; }
#define ATTN_KEY(imgui, glfw) GLFW_KEY_##glfw
#endif

NativeKey native(Key key) {
  const int k = static_cast<int>(key);
  if (key >= Key::a && key <= Key::z) return after(ATTN_KEY(A, A), k - static_cast<int>(Key::a));
  if (key >= Key::digit_0 && key <= Key::digit_9)
    return after(ATTN_KEY(0, 0), k - static_cast<int>(Key::digit_0));
  switch (key) {
    case Key::space:
      return ATTN_KEY(Space, SPACE);
    case Key::left:
      return ATTN_KEY(LeftArrow, LEFT);
    case Key::right:
      return ATTN_KEY(RightArrow, RIGHT);
    case Key::up:
      return ATTN_KEY(UpArrow, UP);
    case Key::down:
      return ATTN_KEY(DownArrow, DOWN);
    case Key::home:
      return ATTN_KEY(Home, HOME);
    case Key::end:
      return ATTN_KEY(End, END);
    case Key::page_up:
      return ATTN_KEY(PageUp, PAGE_UP);
    case Key::page_down:
      return ATTN_KEY(PageDown, PAGE_DOWN);
    case Key::escape:
      return ATTN_KEY(Escape, ESCAPE);
    case Key::comma:
      return ATTN_KEY(Comma, COMMA);
    case Key::period:
      return ATTN_KEY(Period, PERIOD);
    case Key::plus:
      return ATTN_KEY(Equal, EQUAL);
    case Key::minus:
      return ATTN_KEY(Minus, MINUS);
    case Key::f1:
      return ATTN_KEY(F1, F1);
    case Key::f2:
      return ATTN_KEY(F2, F2);
    case Key::f10:
      return ATTN_KEY(F10, F10);
    case Key::f11:
      return ATTN_KEY(F11, F11);
    case Key::menu:
      return ATTN_KEY(Menu, MENU);
    default:
      return ATTN_KEY(Enter, ENTER);
  }
}

NativeKey second(Key key) {
  switch (key) {
    case Key::enter:
      return ATTN_KEY(KeypadEnter, KP_ENTER);
    case Key::plus:
      return ATTN_KEY(KeypadAdd, KP_ADD);
    case Key::minus:
      return ATTN_KEY(KeypadSubtract, KP_SUBTRACT);
    default:
      return native(key);
  }
}

#if IMGUI_VERSION_NUM >= 18700
void set_down(NativeKey key, bool down) { ImGui::GetIO().AddKeyEvent(key, down); }
#else
void set_down(NativeKey key, bool down) { ImGui::GetIO().KeysDown[key] = down; }
#endif

}  // namespace

bool key_pressed(Key key, bool repeat) {
  if (key == Key::none) return false;
  return ImGui::IsKeyPressed(native(key), repeat) ||
         (second(key) != native(key) && ImGui::IsKeyPressed(second(key), repeat));
}

bool tab_pressed() { return ImGui::IsKeyPressed(kTab, true); }
bool delete_pressed() { return ImGui::IsKeyPressed(kDelete, false); }

bool key_held(Key key) {
  return key != Key::none && (ImGui::IsKeyDown(native(key)) || ImGui::IsKeyDown(second(key)));
}

Modifiers modifiers() {
  const ImGuiIO& io = ImGui::GetIO();
  return {io.KeyCtrl || io.KeySuper, io.KeyShift, io.KeyAlt};
}

void release_mouse() { ImGui::ClearActiveID(); }

void own_mouse_wheel() {
#if IMGUI_VERSION_NUM >= 18900
  ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
#else
  ImGui::SetItemUsingMouseWheel();
#endif
}

void bring_window_to_front() { ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow()); }

float hover_seconds() { return ImGui::GetCurrentContext()->HoveredIdTimer; }

std::string typed_text() {
  std::string text;
  for (const ImWchar c : ImGui::GetIO().InputQueueCharacters) append_utf8(text, c);
  return text;
}

namespace {

// What the clipboard gives, and who asks it, while a OneLinePaste lives.
std::string one_line_text;
#if IMGUI_VERSION_NUM >= 19110
using ClipboardUser = ImGuiContext*;
auto& clipboard_function() { return ImGui::GetPlatformIO().Platform_GetClipboardTextFn; }
#else
using ClipboardUser = void*;
auto& clipboard_function() { return ImGui::GetIO().GetClipboardTextFn; }
#endif
const char* (*clipboard_of_window)(ClipboardUser) = nullptr;

const char* one_line_clipboard(ClipboardUser user) {
  const char* const text = clipboard_of_window(user);
  if (!text) return nullptr;
  one_line_text = text;
  for (char& c : one_line_text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return one_line_text.c_str();
}

}  // namespace

OneLinePaste::OneLinePaste() {
  clipboard_of_window = clipboard_function();
  if (clipboard_of_window) clipboard_function() = one_line_clipboard;
}
OneLinePaste::~OneLinePaste() { clipboard_function() = clipboard_of_window; }

void prepare_injected_input() {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().ConfigInputTrickleEventQueue = false;  // a frame takes all of its events at once
#else
  ImGuiIO& io = ImGui::GetIO();
  constexpr std::pair<ImGuiKey_, int> kNames[] = {
      {ImGuiKey_Tab, GLFW_KEY_TAB},
      {ImGuiKey_LeftArrow, GLFW_KEY_LEFT},
      {ImGuiKey_RightArrow, GLFW_KEY_RIGHT},
      {ImGuiKey_UpArrow, GLFW_KEY_UP},
      {ImGuiKey_DownArrow, GLFW_KEY_DOWN},
      {ImGuiKey_PageUp, GLFW_KEY_PAGE_UP},
      {ImGuiKey_PageDown, GLFW_KEY_PAGE_DOWN},
      {ImGuiKey_Home, GLFW_KEY_HOME},
      {ImGuiKey_End, GLFW_KEY_END},
      {ImGuiKey_Insert, GLFW_KEY_INSERT},
      {ImGuiKey_Delete, GLFW_KEY_DELETE},
      {ImGuiKey_Backspace, GLFW_KEY_BACKSPACE},
      {ImGuiKey_Space, GLFW_KEY_SPACE},
      {ImGuiKey_Enter, GLFW_KEY_ENTER},
      {ImGuiKey_Escape, GLFW_KEY_ESCAPE},
      {ImGuiKey_KeyPadEnter, GLFW_KEY_KP_ENTER},
      {ImGuiKey_A, GLFW_KEY_A},
      {ImGuiKey_C, GLFW_KEY_C},
      {ImGuiKey_V, GLFW_KEY_V},
      {ImGuiKey_X, GLFW_KEY_X},
      {ImGuiKey_Y, GLFW_KEY_Y},
      {ImGuiKey_Z, GLFW_KEY_Z},
  };
  for (const auto& [name, code] : kNames) io.KeyMap[name] = code;
#endif
}

void inject_mouse_position(ImVec2 position) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMousePosEvent(position.x, position.y);
#else
  ImGui::GetIO().MousePos = position;
#endif
}

void inject_mouse_button(int button, bool down) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMouseButtonEvent(button, down);
#else
  ImGui::GetIO().MouseDown[button] = down;
#endif
}

void inject_wheel(float lines) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMouseWheelEvent(0.0f, lines);
#else
  ImGui::GetIO().MouseWheel += lines;
#endif
}

void inject_key(Key key, bool down) { set_down(native(key), down); }
void inject_tab(bool down) { set_down(kTab, down); }
void inject_delete(bool down) { set_down(kDelete, down); }

void inject_modifiers(const Modifiers& held) {
  ImGuiIO& io = ImGui::GetIO();
#if IMGUI_VERSION_NUM >= 18700
  io.AddKeyEvent(ImGuiMod_Ctrl, held.ctrl);
  io.AddKeyEvent(ImGuiMod_Shift, held.shift);
  io.AddKeyEvent(ImGuiMod_Alt, held.alt);
#else
  io.KeyCtrl = held.ctrl;
  io.KeyShift = held.shift;
  io.KeyAlt = held.alt;
#endif
}

void inject_text(std::string_view utf8) { ImGui::GetIO().AddInputCharactersUTF8(std::string(utf8).c_str()); }

void abandon_frame() {
#if IMGUI_VERSION_NUM >= 19140
  ImGui::ErrorRecoveryTryToRecoverState(&ImGui::GetCurrentContext()->StackSizesInNewFrame);
#else
  ImGui::ErrorCheckEndFrameRecover(nullptr);
#endif
}

}  // namespace attn::ui
