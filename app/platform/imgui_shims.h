#pragma once
// What differs between the versions of Dear ImGui (1.86 up to 1.91), in one place: keys and injected input.

#include <imgui.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "app/session/command.h"

namespace attn::ui {

/// @name Keys
/// @{
/// Whether the key went down in this frame; with `repeat` also while it is held, as typing repeats.
bool key_pressed(session::Key key, bool repeat = false);
bool tab_pressed();  ///< repeats
bool delete_pressed();
bool key_held(session::Key key);
struct Modifiers {
  bool ctrl = false;  ///< Cmd on a Mac
  bool shift = false;
  bool alt = false;
};
Modifiers modifiers();
/// @}

/// @name Mouse
/// @{
/// Ends the press that holds an item, as if the button had been let go.
void release_mouse();
/// The wheel is for the item just submitted, not for scrolling the window around it.
void own_mouse_wheel();
/// How long the mouse has been over the same item, in seconds.
float hover_seconds();
/// Puts the window that is being drawn above all others, without giving it the keyboard.
void bring_window_to_front();
/// Characters typed in this frame, as UTF-8.
std::string typed_text();
/// While one lives, line breaks and tabs in what is pasted are spaces: a field of one line drops them, and
/// the words on both sides would become one. One at a time.
class OneLinePaste {
 public:
  OneLinePaste();
  ~OneLinePaste();
  OneLinePaste(const OneLinePaste&) = delete;
  OneLinePaste& operator=(const OneLinePaste&) = delete;
};
/// @}

/// @name Input without a window, for tests
/// @{
/// Makes key names known to ImGui as the window's backend does. Once, after CreateContext().
void prepare_injected_input();
void inject_mouse_position(ImVec2 position);
void inject_mouse_button(int button, bool down);
void inject_wheel(float lines);
void inject_key(session::Key key, bool down);
void inject_tab(bool down);
void inject_delete(bool down);
void inject_modifiers(const Modifiers& held);
void inject_text(std::string_view utf8);
/// @}

/// Closes whatever a frame that was broken off has left open; the frame can then be ended.
void abandon_frame();

/// The name of an OpenGL texture as ImGui carries it.
inline ImTextureID texture_id(std::uint32_t name) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): that is how ImGui 1.86 wants it.
  return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(name));
}

inline std::uint32_t texture_name(ImTextureID id) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(id));
}

}  // namespace attn::ui
