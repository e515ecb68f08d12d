#include "app/platform/input_queue.h"

#include <utility>

namespace attn::ui {

void InputQueue::add_key(bool down, std::function<void()> give) {
  events_.push_back({Event::Kind::key, 0, down, {}, std::move(give)});
}

void InputQueue::add_other(std::function<void()> give) {
  events_.push_back({Event::Kind::other, 0, false, {}, std::move(give)});
}

void InputQueue::add_position(ImVec2 position) {
  // Of several movements in a row only the last one is seen anyway.
  if (!events_.empty() && events_.back().kind == Event::Kind::position) {
    events_.back().position = position;
    return;
  }
  events_.push_back({Event::Kind::position, 0, false, position, {}});
}

void InputQueue::add_button(int button, bool down) {
  if (button >= 0 && button < kButtons) events_.push_back({Event::Kind::button, button, down, {}, {}});
}

bool InputQueue::give() {
  int keys = 0;
  bool pressed = false;
  std::set<int> buttons;
  while (!events_.empty()) {
    Event& event = events_.front();
    switch (event.kind) {
      case Event::Kind::key:
        // A press is seen with what was held then: nothing may be pressed or let go in the same frame.
        if (pressed || (event.down && keys > 0)) return true;
        pressed = event.down;
        ++keys;
        event.give();
        break;
      case Event::Kind::other:
        event.give();
        break;
      case Event::Kind::position:
        if (!buttons.empty()) return true;  // the button belongs to where the mouse was
        position_ = event.position;
        break;
      case Event::Kind::button:
        if (!buttons.insert(event.code).second) return true;
        down_[static_cast<std::size_t>(event.code)] = event.down;
        break;
    }
    events_.pop_front();
  }
  return false;
}

}  // namespace attn::ui
