#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;

TEST_CASE("a number of x is typed in place, and one undo takes it back") {
  Harness h;
  h.click("scenario.x[0,1]");
  h.type("5.5");
  h.key(Key::enter);
  CHECK(h.document().input().x(0, 1) == 5.5f);
  CHECK(h.session().history().undo_steps() == 1);
  h.key(Key::z, {.ctrl = true});
  CHECK(h.document().input().x(0, 1) == 2.0f);
}

TEST_CASE("typing replaces the number, because a click selects all of it") {
  Harness h;
  h.click("scenario.x[2,0]");
  h.type("-1");
  h.key(Key::enter);
  CHECK(h.document().input().x(2, 0) == -1.0f);
}

TEST_CASE("what is typed in the very frame after the click is not lost") {
  Harness h;
  h.move(h.rect("scenario.x[0,1]").centre());
  inject_mouse_button(0, true);
  h.frame();
  inject_mouse_button(0, false);
  h.frame();
  for (const char* letter : {"4", "2"}) {
    inject_text(letter);
    h.frame();
  }
  h.settle();
  h.key(Key::enter);
  CHECK(h.document().input().x(0, 1) == 42.0f);
}

TEST_CASE("a wrong entry changes nothing and the field stays open") {
  Harness h;
  h.click("scenario.x[0,0]");
  h.type("abc");
  h.key(Key::enter);
  CHECK(h.document().input().x(0, 0) == 1.0f);
  CHECK(h.session().history().undo_steps() == 0);
  CHECK(h.widgets().typing());
  SUBCASE("Esc goes back to the number that was there") {
    h.key(Key::escape);
    CHECK_FALSE(h.widgets().typing());
    CHECK(h.document().input().x(0, 0) == 1.0f);
  }
  SUBCASE("and can be put right at once") {
    h.key(Key::a, {.ctrl = true});
    h.type("7");
    h.key(Key::enter);
    CHECK(h.document().input().x(0, 0) == 7.0f);
    CHECK_FALSE(h.widgets().typing());
  }
}

TEST_CASE("a temperature of 0 is refused") {
  Harness h;
  h.click("scenario.temperature");
  h.type("0");
  h.key(Key::enter);
  CHECK(h.document().input().config.temperature == 1.0);
  CHECK(h.widgets().typing());
}

TEST_CASE("heads that do not divide the width are refused") {
  Harness h;
  h.click("scenario.heads");
  h.type("3");
  h.key(Key::enter);
  CHECK(h.document().input().config.heads == 1);
  h.key(Key::escape);
  h.click("scenario.heads");
  h.type("2");
  h.key(Key::enter);
  CHECK(h.document().input().config.heads == 2);
}

TEST_CASE("a field is dragged sideways, as one undo step") {
  Harness h;
  const ImVec2 from = h.rect("scenario.x[1,0]").centre();
  h.drag(from, {from.x + 60, from.y});
  CHECK(h.document().input().x(1, 0) == doctest::Approx(3.0));
  CHECK(h.session().history().undo_steps() == 1);
  CHECK_FALSE(h.session().history().in_gesture());
  h.key(Key::z, {.ctrl = true});
  CHECK(h.document().input().x(1, 0) == 2.0f);
}

TEST_CASE("Esc takes a drag back while it is under way") {
  Harness h;
  const ImVec2 from = h.rect("scenario.x[1,0]").centre();
  h.move(from);
  h.press();
  h.move({from.x + 30, from.y});
  h.move({from.x + 60, from.y});
  CHECK(h.document().input().x(1, 0) == doctest::Approx(3.0));
  h.key(Key::escape);
  CHECK(h.document().input().x(1, 0) == 2.0f);
  h.move({from.x + 90, from.y});
  h.release();
  CHECK(h.document().input().x(1, 0) == 2.0f);
  CHECK(h.session().history().undo_steps() == 0);
}

TEST_CASE("scale and mask are one click away") {
  Harness h;
  h.click("scenario.scale[1]");
  CHECK(h.document().input().config.scale.kind == Scale::Kind::sqrt_dk);
  h.click("scenario.mask[1]");
  CHECK(h.document().input().config.mask.causal);
  h.click("scenario.mask[0]");
  h.click("scenario.scale[0]");
  CHECK(h.document().input().config.scale.kind == Scale::Kind::none);
  CHECK_FALSE(h.document().input().config.mask.causal);
  CHECK(h.session().history().undo_steps() == 4);
}

TEST_CASE("what a pull may move is chosen among four") {
  Harness h;
  h.click("scenario.freedom[1]");
  CHECK(h.session().view().freedom == session::PullFreedom::all_words);
}

TEST_CASE("hovering a number of x points at its word everywhere") {
  Harness h;
  h.move(h.rect("scenario.x[2,1]").centre());
  CHECK(h.interface().hover().cell == CellRef{Stage::x, 0, 2, 1});
  CHECK(h.interface().hover().query == 2);
  CHECK(h.interface().hover().key == 2);
  h.move({-1, -1});
  CHECK_FALSE(h.interface().hover().cell.has_value());
}
