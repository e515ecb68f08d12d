#pragma once
// The window of the operating system with its OpenGL context and Dear ImGui in it.

#include <imgui.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/platform/picture.h"

namespace attn::ui {

/// There is no display, or no OpenGL 3.3. One line, for people.
struct WindowError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One at a time. Everything but wake() belongs to the thread that made it.
class Window {
 public:
  /// Asks for OpenGL 4.3 and is content with 3.3: drawing needs no more. Throws WindowError.
  explicit Window(const std::string& title);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  /// Handles what has happened since the last call, waiting for something first: for ever, or for at most
  /// so many seconds. 0 does not wait.
  void handle_events(std::optional<double> wait_at_most);
  /// Ends a wait. May be called from any thread while the window exists.
  static void wake();

  ImVec2 size() const;            ///< in display units
  float pixels_per_unit() const;  ///< of the framebuffer
  float display_scale() const;    ///< what the display asks for beyond pixels_per_unit()
  bool minimised() const;
  void set_title(const std::string& title);
  /// Whether its cross was pressed since the last call.
  bool take_close_request();
  /// Files dropped since the last call.
  std::vector<std::filesystem::path> take_dropped_files();

  /// @name A frame
  /// @{
  void begin_frame();  ///< ImGui's NewFrame
  /// Whether input waits for another frame, because one frame cannot show all that happened.
  bool has_more_input() const;
  /// Draws what ImGui made of it and shows it; `taken`, where given, gets a picture of it.
  void end_frame(ImU32 background, Picture* taken = nullptr);
  /// @}

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attn::ui
