#include <set>

#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;

TEST_CASE("undo and redo have buttons, which are off while there is nothing to do") {
  Harness h;
  const auto enabled = [&](std::string_view name) {
    for (const WidgetRecord& widget : h.widgets().records())
      if (text(widget.id) == name) return widget.enabled;
    return false;
  };
  CHECK_FALSE(enabled("topbar.undo"));
  h.click("scenario.mask[1]");
  CHECK(enabled("topbar.undo"));
  CHECK_FALSE(enabled("topbar.redo"));
  h.click("topbar.undo");
  CHECK_FALSE(h.document().input().config.mask.causal);
  h.click("topbar.redo");
  CHECK(h.document().input().config.mask.causal);
}

TEST_CASE("the language switch changes every text at once") {
  Harness h;
  const Rect undo_en = h.rect("topbar.undo");
  h.click("topbar.language[1]");
  CHECK(h.session().settings().language == session::Language::zh);
  // 撤销 is narrower than Undo: the new text was measured and drawn.
  CHECK(h.rect("topbar.undo").width() != undo_en.width());
  h.click("topbar.language[0]");
  CHECK(h.rect("topbar.undo").width() == undo_en.width());
}

TEST_CASE("light and dark are a switch") {
  Harness h;
  const Colour light = h.interface().background();
  h.click("topbar.theme[1]");
  CHECK(h.interface().background() != light);
  CHECK(h.interface().background() == theme(ThemeKind::dark).background);
}

TEST_CASE("a menu opens, its commands work, and it closes") {
  Harness h;
  CHECK_FALSE(h.has("menu.item[0]"));
  h.click("menu.title[1]");
  REQUIRE(h.has("menu.item[0]"));
  // Edit: Undo, Redo, Reset, six ways to copy, Find, then the scale.
  h.click("menu.item[10]");
  CHECK(h.document().input().config.scale.kind == Scale::Kind::sqrt_dk);
  CHECK_FALSE(h.has("menu.item[0]"));
}

TEST_CASE("a menu closes by Esc and by a press outside") {
  Harness h;
  h.click("menu.title[0]");
  h.key(Key::escape);
  CHECK_FALSE(h.has("menu.item[0]"));
  h.click("menu.title[0]");
  REQUIRE(h.has("menu.item[0]"));
  h.click(ImVec2{1300, 880});
  CHECK_FALSE(h.has("menu.item[0]"));
}

TEST_CASE("Tab reaches every control, and Shift+Tab goes the same way back") {
  Harness h;
  std::set<std::string> expected;
  for (const WidgetRecord& widget : h.widgets().records())
    if (widget.focusable && widget.enabled) expected.insert(text(widget.id));
  std::set<std::string> reached;
  std::vector<std::string> order;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    h.tab();
    reached.insert(h.focused());
    order.push_back(h.focused());
  }
  for (const std::string& name : expected) {
    CAPTURE(name);
    CHECK(reached.contains(name));
  }
  h.tab(true);
  CHECK(h.focused() == order[order.size() - 2]);
}

TEST_CASE("Enter presses what has the focus") {
  Harness h;
  h.widgets().focus(WidgetId{PanelId::scenario, "mask"}.at(1), true);
  h.key(Key::enter);
  CHECK(h.document().input().config.mask.causal);
}

TEST_CASE("typing in a field is no shortcut") {
  Harness h;
  h.click("scenario.x[0,0]");
  h.type("s");
  h.key(Key::s);
  CHECK(h.document().input().config.scale.kind == Scale::Kind::none);
  h.key(Key::escape);
  h.key(Key::s);
  CHECK(h.document().input().config.scale.kind == Scale::Kind::sqrt_dk);
}

TEST_CASE("unsaved work is asked for before it is lost") {
  Harness h;
  h.click("scenario.mask[1]");
  h.key(Key::q, {.ctrl = true});
  CHECK(h.session().question() == session::Question::unsaved_work);
  REQUIRE(h.has("dialog.answer[0]"));
  SUBCASE("cancel stays") {
    h.click("dialog.answer[0]");
    CHECK(h.session().question() == session::Question::none);
    CHECK_FALSE(h.session().quit());
    CHECK_FALSE(h.has("dialog.answer[0]"));
  }
  SUBCASE("discard leaves") {
    h.click("dialog.answer[1]");
    CHECK(h.session().quit());
  }
}

TEST_CASE("a file that cannot be opened leaves a message that can be put away") {
  Harness h;
  h.open("/nowhere/at/all.json");
  REQUIRE(h.session().notices().size() == 1);
  REQUIRE(h.has("notice.close[0]"));
  h.click("notice.close[0]");
  CHECK(h.session().notices().empty());
}

TEST_CASE("the browser saves under a typed path by Enter") {
  const auto path = std::filesystem::temp_directory_path() / "attentionscope_dialog_test.json";
  std::filesystem::remove(path);
  Harness h;
  h.click("scenario.mask[1]");
  h.key(Key::s, {.ctrl = true});
  REQUIRE(h.has("dialog.name"));
  h.type(path.string());
  h.key(Key::enter);
  CHECK(std::filesystem::exists(path));
  CHECK_FALSE(h.session().has_unsaved_work());
  CHECK_FALSE(h.has("dialog.name"));
  std::filesystem::remove(path);
}

TEST_CASE("the list of keys opens from the help menu and closes by Esc") {
  Harness h;
  h.click("menu.title[5]");
  h.click("menu.item[1]");
  REQUIRE(h.has("dialog.answer[0]"));
  h.key(Key::escape);
  CHECK_FALSE(h.has("dialog.answer[0]"));
}

TEST_CASE("an idle interface asks for no frames") {
  Harness h;
  h.settle();
  h.frame();
  CHECK_FALSE(h.interface().animating());
  CHECK_FALSE(h.session().animating());
}

TEST_CASE("the menus are reached by F10, and arrows go through them") {
  Harness h;
  h.key(Key::f10);
  REQUIRE(h.has("menu.item[0]"));
  CHECK(h.session().dialog() == session::Dialog::none);
  h.key(Key::right);  // Edit, where there is nothing to undo yet: copying the number is its first line
  for (int i = 0; i < 7; ++i) h.key(Key::down);  // five more ways to copy, finding, the scale
  h.key(Key::enter);
  CHECK_FALSE(h.has("menu.item[0]"));
  CHECK(h.document().input().config.scale.kind == Scale::Kind::sqrt_dk);
}

TEST_CASE("after a click on a choice, arrows move the selection of the map and not the choice") {
  Harness h;
  h.click("scenario.mask[0]");
  const CellRef before = h.session().view().selection;
  h.key(Key::right);
  CHECK_FALSE(h.document().input().config.mask.causal);
  CHECK(h.session().view().selection.column == before.column + 1);
}

TEST_CASE("every line of every menu is inside a window of 720 lines, and arrows reach it") {
  for (const session::Language language : {session::Language::en, session::Language::zh}) {
    Harness h({1280, 720});
    h.post(session::SetLanguage{language});
    for (int menu = 0; menu < 5; ++menu) {
      CAPTURE(menu);
      h.click("menu.title[" + std::to_string(menu) + "]");
      REQUIRE(h.has("menu.item[0]"));
      int count = 0;
      for (; h.has("menu.item[" + std::to_string(count) + "]"); ++count) {
        const Rect line = h.rect("menu.item[" + std::to_string(count) + "]");
        CHECK(line.max.y <= 720);
        CHECK(line.max.x <= 1280);
        CHECK(line.min.x >= 0);
      }
      h.key(Key::escape);
      CHECK_FALSE(h.has("menu.item[0]"));
    }
  }
}

TEST_CASE("a menu in two columns is gone through by arrows") {
  Harness h({1280, 720});
  h.key(Key::f10);
  h.key(Key::right);
  h.key(Key::right);
  const auto focus_of = [&](int i) { return "menu.item[" + std::to_string(i) + "]"; };
  int second = 1;
  while (h.rect(focus_of(second)).min.x == h.rect(focus_of(0)).min.x) ++second;
  for (int i = 0; i < 40 && h.focused() != focus_of(second); ++i) h.key(Key::down);
  CHECK(h.focused() == focus_of(second));
  h.key(Key::up);
  CHECK(h.focused() == focus_of(second - 1));
  h.key(Key::right);
  CHECK(h.rect(h.focused()).min.x == h.rect(focus_of(second)).min.x);
  h.key(Key::left);
  CHECK(h.rect(h.focused()).min.x == h.rect(focus_of(0)).min.x);
  h.key(Key::left);  // to the menu before
  CHECK(h.rect("menu.item[0]").min.x < h.rect("menu.title[2]").min.x);
}

TEST_CASE("a message goes when it has been read, stays while it is looked at, and the list keeps it") {
  Harness h;
  h.session().notify(session::Severity::error, session::message("There is nothing to copy yet"));
  h.settle();
  REQUIRE(h.has("notice.close[0]"));
  REQUIRE(h.interface().wakes_in().has_value());
  CHECK(*h.interface().wakes_in() <= 20.0);
  h.move(h.rect("notice.close[0]").centre());
  h.frames(60 * 21);
  CHECK(h.has("notice.close[0]"));
  CHECK_FALSE(h.interface().wakes_in().has_value());  // nothing to wait for
  h.move({1, 1});
  h.frames(60 * 21);
  CHECK_FALSE(h.has("notice.close[0]"));
  CHECK_FALSE(h.interface().wakes_in().has_value());
  REQUIRE(h.session().notices().size() == 1);
  h.post(session::ShowDialog{session::Dialog::messages});
  CHECK(h.has("dialog.message[0]"));
  h.key(Key::escape);
  CHECK(h.session().dialog() == session::Dialog::none);
  // Said again, it is seen again.
  h.session().notify(session::Severity::error, session::message("There is nothing to copy yet"));
  h.settle();
  CHECK(h.has("notice.close[0]"));
  CHECK(h.session().notices().size() == 1);
}
