#include "app/platform/input_queue.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace attn::ui;

TEST_CASE("a key tapped between two frames is down in one and up in the next") {
  InputQueue queue;
  std::string given;
  queue.add_key(true, [&] { given += "down "; });
  queue.add_other([&] { given += "a "; });
  queue.add_key(false, [&] { given += "up "; });
  CHECK(queue.give());
  CHECK(given == "down a ");
  CHECK_FALSE(queue.give());
  CHECK(given == "down a up ");
}

TEST_CASE("Ctrl that is let go before the letter still counts for it") {
  InputQueue queue;
  std::string frame;
  const auto add = [&](bool down, const char* name) {
    queue.add_key(down, [&frame, name] { frame += name; });
  };
  add(true, "Ctrl");
  add(true, "S");
  add(false, "ctrl");
  add(false, "s");
  std::vector<std::string> frames;
  bool more = true;
  while (more) {
    frame.clear();
    more = queue.give();
    frames.push_back(frame);
  }
  CHECK(frames == std::vector<std::string>{"Ctrl", "S", "ctrls"});
}

TEST_CASE("a button goes down where the mouse was then, not where it is now") {
  InputQueue queue;
  queue.add_position({10, 20});
  queue.add_button(0, true);
  queue.add_position({30, 40});
  queue.add_button(0, false);
  CHECK(queue.give());
  CHECK(queue.position().x == 10.0f);
  CHECK(queue.is_down(0));
  CHECK_FALSE(queue.give());
  CHECK(queue.position().x == 30.0f);
  CHECK_FALSE(queue.is_down(0));
}

TEST_CASE("of several movements the last one counts") {
  InputQueue queue;
  queue.add_position({1, 1});
  queue.add_position({2, 2});
  CHECK_FALSE(queue.give());
  CHECK(queue.position().y == 2.0f);
}

TEST_CASE("a button that no mouse has is ignored") {
  InputQueue queue;
  queue.add_button(17, true);
  queue.add_button(-1, true);
  CHECK(queue.empty());
}
