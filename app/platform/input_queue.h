#pragma once
// Hands input to Dear ImGui so that nothing is lost between two frames: a key that was tapped faster than a
// frame takes is down for one frame and up in the next, and a button goes down where the mouse was then.
// ImGui does so itself from 1.87 on; this is for the versions before.

#include <imgui.h>

#include <array>
#include <deque>
#include <functional>
#include <set>

namespace attn::ui {

class InputQueue {
 public:
  /// `give` hands the event on.
  void add_key(bool down, std::function<void()> give);
  /// Anything else that only has to keep its place in the order: characters, the wheel.
  void add_other(std::function<void()> give);
  void add_position(ImVec2 position);
  void add_button(int button, bool down);

  /// Gives as many events as one frame can show without losing any. True when there are more.
  bool give();
  bool empty() const { return events_.empty(); }
  /// Position and buttons after give().
  ImVec2 position() const { return position_; }
  bool is_down(int button) const { return down_[static_cast<std::size_t>(button)]; }
  static constexpr int kButtons = 5;

 private:
  struct Event {
    enum class Kind { key, other, position, button } kind;
    int code = 0;
    bool down = false;
    ImVec2 position{0, 0};
    std::function<void()> give;
  };
  std::deque<Event> events_;
  ImVec2 position_{-FLT_MAX, -FLT_MAX};
  std::array<bool, kButtons> down_{};
};

}  // namespace attn::ui
