#include "tests/app/panels/harness.h"

#include <chrono>
#include <thread>

namespace attn::ui::testing {
namespace {

session::SessionOptions options() {
  session::SessionOptions options;
  options.backends = {make_cpu_backend()};
  options.runner.direct = options.backends.front();
  return options;
}

}  // namespace

Harness::Harness(ImVec2 size) : session_(options()), interface_(session_, textures_) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = size;
  io.DeltaTime = 1.0f / 60.0f;
  surroundings_.size = size;
  prepare_injected_input();
  session_.post(session::SetTheme{session::Theme::light});
  session_.post(session::SetLanguage{session::Language::en});
  inject_mouse_position({-1, -1});
  settle();
}

void Harness::open(const std::filesystem::path& path) { post(session::Open{path}); }

void Harness::post(session::Action action) {
  session_.post(std::move(action));
  session_.settle();
  settle();
}

void Harness::frame() {
  interface_.prepare(*ImGui::GetIO().Fonts);
  surroundings_.seconds += 1.0 / 60.0;
  ImGui::NewFrame();
  interface_.draw(surroundings_);
  ImGui::Render();
  vertices_ = ImGui::GetDrawData()->TotalVtxCount;
  session_.apply_posted();
  session_.advance(1.0 / 60.0);
}

void Harness::frames(int count) {
  for (int i = 0; i < count; ++i) frame();
}

void Harness::settle() {
  constexpr int kMost = 100;
  frames(3);
  for (int i = 0; i < kMost; ++i) {
    if (!interface_.animating() && !session_.animating()) return;
    // Tiles of a large map are painted by a thread.
    if (i > kMost / 2) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    frame();
  }
  FAIL("the interface does not come to rest");
}

Rect Harness::rect(std::string_view widget) const {
  const auto found = interface_.widgets().find(widget);
  if (!found) FAIL("no widget is called " << std::string(widget));
  return *found;
}

void Harness::move(ImVec2 to) {
  inject_mouse_position(to);
  frames(2);
}

void Harness::press() {
  inject_mouse_button(0, true);
  frames(2);
}

void Harness::release() {
  inject_mouse_button(0, false);
  frames(2);
}

void Harness::click(ImVec2 at) {
  move(at);
  press();
  release();
  settle();
}

void Harness::click(std::string_view widget) { click(rect(widget).centre()); }

void Harness::drag(ImVec2 from, ImVec2 to) {
  constexpr int kSteps = 6;
  move(from);
  press();
  for (int i = 1; i <= kSteps; ++i) {
    const float t = static_cast<float>(i) / kSteps;
    move({from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t});
  }
  release();
  settle();
}

void Harness::key(session::Key key, Modifiers held) {
  inject_modifiers(held);
  inject_key(key, true);
  frame();
  inject_key(key, false);
  frame();
  inject_modifiers({});
  settle();
}

void Harness::tab(bool backwards) {
  inject_modifiers({.shift = backwards});
  inject_tab(true);
  frame();
  inject_tab(false);
  frame();
  inject_modifiers({});
  settle();
}

void Harness::type(std::string_view text) {
  inject_text(text);
  frames(2);
}

void Harness::wheel(float lines) {
  inject_wheel(lines);
  frames(2);
}

std::string Harness::focused() const {
  const auto& focus = interface_.widgets().focused();
  return focus ? text(*focus) : "";
}

}  // namespace attn::ui::testing
