#pragma once
// The whole interface without a window and without OpenGL: frames of Dear ImGui with injected mouse and
// keys. A test speaks of widgets by their names, as a lesson does.

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "app/panels/interface.h"
#include "app/platform/imgui_owner.h"
#include "app/platform/imgui_shims.h"
#include "app/session/session.h"
#include "app/widgets/heatmap_texture.h"

namespace attn::ui::testing {

class Harness {
 public:
  explicit Harness(ImVec2 size = {1440, 900});

  session::Session& session() { return session_; }
  const session::Document& document() const { return session_.document(); }
  WidgetRegistry& widgets() { return interface_.widgets(); }
  Interface& interface() { return interface_; }
  const NoTextures& textures() const { return textures_; }

  /// Opens a scenario file.
  void open(const std::filesystem::path& path);
  void post(session::Action action);

  /// @name Frames
  /// @{
  void frame();
  void frames(int count);
  /// Until nothing moves by itself any more; fails after a hundred frames.
  void settle();
  /// @}

  /// @name Input; each takes as many frames as a person's hand would
  /// @{
  /// Where a widget is; fails the test where there is none of that name.
  Rect rect(std::string_view widget) const;
  bool has(std::string_view widget) const { return interface_.widgets().find(widget).has_value(); }
  void move(ImVec2 to);
  void press();
  void release();
  void click(std::string_view widget);
  void click(ImVec2 at);
  /// Press, several movements, release.
  void drag(ImVec2 from, ImVec2 to);
  void key(session::Key key, Modifiers held = {});
  void tab(bool backwards = false);
  void type(std::string_view text);
  void wheel(float lines);
  /// @}

  /// What has the keyboard, by name; empty where nothing has.
  std::string focused() const;
  /// How many corners the last frame drew.
  int vertices() const { return vertices_; }

 private:
  ImGuiOwner imgui_;
  NoTextures textures_;
  session::Session session_;
  Interface interface_;
  Surroundings surroundings_;
  int vertices_ = 0;
};

}  // namespace attn::ui::testing
