#pragma once
// One window's interface: everything between ImGui's NewFrame and Render, without a window and without
// OpenGL, so that the program, pictures and tests draw the same frames.

#include <optional>

#include "app/panels/panel.h"
#include "app/platform/fonts.h"

namespace attn::ui {

/// What the surroundings of a frame are.
struct Surroundings {
  ImVec2 size{1440, 900};      ///< of the window, in display units
  float display_scale = 1.0f;  ///< what the display asks for: 2 where everything is to be twice as large
  ThemeKind system_theme = ThemeKind::light;
  double seconds = 0.0;  ///< since the start
};

/// What the surroundings say of the engine, for the top bar.
struct EngineNote {
  std::string text;
};

class Interface {
 public:
  /// `textures` must outlive it. Throws FontError.
  Interface(session::Session& session, TextureMaker& textures, float pixels_per_unit = 1.0f);
  ~Interface();
  Interface(const Interface&) = delete;
  Interface& operator=(const Interface&) = delete;

  /// Between frames: makes room for letters where there is none. True when the texture must be made anew.
  bool prepare(ImFontAtlas& atlas);
  /// Between NewFrame and Render. Posts actions to the session; the caller applies them after the frame.
  void draw(const Surroundings& surroundings);

  /// Whose lessons are shown; must outlive it. Null: none.
  void set_classroom(const lessons::Classroom* classroom) { classroom_ = classroom; }
  /// One line about the engine for the top bar to tell when asked ("OpenGL 4.1 found, 4.3 needed").
  void note_engine(std::string note);
  /// The map of the attention card, this many times as large, around the selected cell.
  void zoom_map(double zoom);
  /// How long a frame took on the window's thread, for who wants to know (seconds of processor time).
  void note_frame(double seconds);
  /// Seconds until something changes by itself though nothing moves; empty: never.
  std::optional<double> wakes_in() const { return wakes_in_; }
  /// Whether another frame is wanted without anybody doing anything.
  bool animating() const { return animating_; }
  const WidgetRegistry& widgets() const { return widgets_; }
  WidgetRegistry& widgets() { return widgets_; }
  Fonts& fonts() { return fonts_; }
  /// What was found hovered in the last frame.
  const Hover& hover() const { return hover_; }
  /// Background of the window, for clearing.
  Colour background() const { return background_; }

 private:
  void run_shortcuts();

  session::Session& session_;
  TextureMaker& textures_;
  const lessons::Classroom* classroom_ = nullptr;
  Fonts fonts_;
  Text text_;
  WidgetRegistry widgets_;
  PanelMemory memory_;
  Hover hover_;
  bool animating_ = false;
  std::optional<double> wakes_in_;
  Colour background_ = 0;
};

}  // namespace attn::ui
