#include <set>
#include <string>

#include "app/session/builtin.h"
#include "tests/app/panels/harness.h"
#include "tests/app/panels/screen_text.h"

using namespace attn;
using namespace attn::ui;
using session::Dialog;
using session::Key;
using ui::testing::Harness;

namespace {

std::string clipboard() {
  const char* const text = ImGui::GetClipboardText();
  return text ? text : "";
}

}  // namespace

TEST_CASE("the palette opens by Ctrl+K, finds a command by a few letters, and Enter runs it") {
  Harness h;
  h.key(Key::k, {.ctrl = true});
  REQUIRE(h.session().dialog() == Dialog::palette);
  h.type("caumask");
  h.settle();
  h.key(Key::enter);
  CHECK(h.session().dialog() == Dialog::none);
  CHECK(h.document().input().config.mask.causal);
}

TEST_CASE("the palette finds English titles while the window speaks Chinese") {
  Harness h;
  h.post(session::SetLanguage{session::Language::zh});
  h.key(Key::k, {.ctrl = true});
  h.type("divide scores");
  h.settle();
  h.key(Key::enter);
  CHECK(h.document().input().config.scale.kind == Scale::Kind::sqrt_dk);
}

TEST_CASE("what is written with an index is found as it is typed") {
  Harness h;
  h.key(Key::f1);
  h.type("moves w_q");
  h.settle();
  CHECK(h.has("dialog.key[2]"));  // below its heading
  CHECK_FALSE(h.has("dialog.key[4]"));
  h.key(Key::escape);
  h.post(session::SetLanguage{session::Language::zh});
  h.key(Key::k, {.ctrl = true});
  h.type("拉动时移动 w_q");
  h.settle();
  h.key(Key::enter);
  CHECK(h.session().view().freedom == session::PullFreedom::w_q_and_w_k);
}

TEST_CASE("a command that cannot be carried out is listed, says why, and does nothing") {
  Harness h;
  h.key(Key::k, {.ctrl = true});
  h.type("undo");
  h.settle();
  REQUIRE(h.has("dialog.command[0]"));
  h.key(Key::enter);
  CHECK(h.session().dialog() == Dialog::palette);
  const session::Command& undo = *session::find_command("edit.undo");
  REQUIRE(why_disabled(undo, h.session()).has_value());
  CHECK(english(*why_disabled(undo, h.session())) == "nothing was changed");
  h.key(Key::escape);
  CHECK(h.session().dialog() == Dialog::none);
}

TEST_CASE("every command that is off says why") {
  Harness h;
  for (const session::Command& command : session::commands()) {
    CAPTURE(std::string(command.id));
    CHECK(command.enabled(h.session()) != why_disabled(command, h.session()).has_value());
  }
}

TEST_CASE("the palette opens examples and selects words") {
  Harness h;
  h.key(Key::k, {.ctrl = true});
  h.type("asymmetric");
  h.settle();
  h.key(Key::enter);
  CHECK(h.document().input().parameters[ParameterId::w_q].has_value());
  h.key(Key::k, {.ctrl = true});
  h.type("x2");
  h.settle();
  h.key(Key::enter);
  CHECK(h.session().view().selection.row == 1);
  CHECK(h.session().view().selection.stage == Stage::weights);
}

TEST_CASE("Ctrl+N, a sentence and Enter make an example of its words, and nothing without a word") {
  Harness h;
  h.key(Key::n, {.ctrl = true});
  REQUIRE(h.session().dialog() == Dialog::new_example);
  h.key(Key::enter);
  CHECK(h.session().dialog() == Dialog::new_example);
  h.type("cats sleep.");
  h.settle();
  h.click("dialog.heads[0]");
  h.click("dialog.answer[1]");
  CHECK(h.session().dialog() == Dialog::none);
  CHECK(*h.session().document().input().tokens == std::vector<std::string>{"cats", "sleep", "."});
  CHECK(h.session().document().dimensions().n_heads == 1);
}

TEST_CASE("a token is found while it is typed, and Enter steps through all of its places") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  h.key(Key::f, {.ctrl = true});
  REQUIRE(h.session().dialog() == Dialog::find);
  h.type("th");
  h.settle();
  CHECK(h.session().view().selection.row == 0);  // The
  h.key(Key::enter);
  CHECK(h.session().view().selection.row == 4);  // the
  h.key(Key::enter);
  CHECK(h.session().view().selection.row == 0);
  h.key(Key::enter, {.shift = true});
  CHECK(h.session().view().selection.row == 4);
  h.click("dialog.next");
  CHECK(h.session().view().selection.row == 0);
  h.key(Key::escape);
  CHECK(h.session().dialog() == Dialog::none);
}

TEST_CASE("F1 lists every key of the registry, and the list is found by typing") {
  Harness h;
  h.key(Key::f1);
  REQUIRE(h.session().dialog() == Dialog::keys);
  std::size_t with_keys = 0;
  for (const session::Command& command : session::commands()) with_keys += command.keys.empty() ? 0 : 1;
  CHECK(with_keys > 20);
  // All of them are in the list: its last line can be reached.
  h.tab();
  CHECK(h.focused() == "dialog.key");
  h.key(Key::end);
  std::size_t last = 0;
  for (const WidgetRecord& widget : h.widgets().records()) {
    if (widget.id.kind == WidgetKind("key") && widget.id.row) last = std::max(last, *widget.id.row);
  }
  CHECK(last + 1 >= with_keys + 13);  // and the gestures, under headings
  h.click("dialog.filter");
  h.type("Ctrl+Shift+Z");
  h.settle();
  CHECK(h.has("dialog.key[0]"));
  CHECK_FALSE(h.has("dialog.key[5]"));
  h.key(Key::escape);
  CHECK(h.session().dialog() == Dialog::none);
}

TEST_CASE("the gallery shows every example and opens the one that is chosen, by keys alone") {
  Harness h({1440, 900});
  h.key(Key::g, {.ctrl = true});
  REQUIRE(h.session().dialog() == Dialog::gallery);
  REQUIRE(h.has("dialog.example[0]"));
  h.type("twelve words");
  h.settle();
  h.key(Key::enter);
  CHECK(h.session().dialog() == Dialog::none);
  CHECK(h.document().dimensions().n_queries == 12);
  h.key(Key::g, {.ctrl = true});
  h.tab();
  while (h.focused() != "dialog.example") h.tab();
  h.key(Key::right);
  h.key(Key::enter);
  CHECK(h.document().input().tokens->size() ==
        session::builtin_scenario(session::builtin_names()[1]).input().tokens->size());
}

TEST_CASE("reset goes back to the example as it was opened, as one step that can be undone") {
  Harness h;
  const session::Document original = h.document();
  h.post(session::Apply{session::SetXCell{0, 0, 5.0f}});
  h.post(session::Apply{session::SetCausal{true}});
  const session::Document changed = h.document();
  h.key(Key::k, {.ctrl = true});
  h.type("reset");
  h.settle();
  h.key(Key::enter);
  CHECK(h.document() == original);
  h.key(Key::z, {.ctrl = true});
  CHECK(h.document() == changed);
}

TEST_CASE("Ctrl+C copies the number in focus, Ctrl+Shift+C its matrix") {
  Harness h;
  h.post(session::Select{{Stage::scores, 0, 1, 2}});
  h.key(Key::c, {.ctrl = true});
  CHECK(clipboard() == "18");
  h.key(Key::c, {.ctrl = true, .shift = true});
  CHECK(clipboard() == "5\t8\t11\n8\t13\t18\n11\t18\t25");
}

TEST_CASE("the right button selects a number and offers to copy it") {
  Harness h;
  h.post(session::Select{{Stage::scores, 0, 0, 0}});
  h.move(h.rect("heatmap.cell[scores][0][2,1]").centre());
  inject_mouse_button(1, true);
  h.frames(2);
  inject_mouse_button(1, false);
  h.frames(2);
  REQUIRE(h.has("dialog.context[0]"));
  CHECK(h.session().view().selection == CellRef{Stage::scores, 0, 2, 1});
  h.click("dialog.context[3]");
  CHECK(clipboard() == "\\begin{bmatrix}\n11 & 18 & 25\n\\end{bmatrix}");
  CHECK_FALSE(h.has("dialog.context[0]"));
}

TEST_CASE("a token that is found is brought into a map that is zoomed") {
  Harness h;
  h.post(session::OpenExample{"long_text"});
  const auto seen = [&](std::size_t row) {
    const std::string cell = "heatmap.cell[weights][0][" + std::to_string(row) + ",0]";
    return h.has(cell) && !h.rect(cell).empty();
  };
  h.move(h.rect("heatmap.cell[weights][0][0,0]").centre());
  for (int i = 0; i < 25; ++i) h.wheel(1.0f);
  h.settle();
  REQUIRE_FALSE(seen(200));
  h.key(Key::f, {.ctrl = true});
  h.type("nobly");
  h.settle();
  const std::size_t row = h.session().view().selection.row;
  CHECK(row > 180);
  CHECK(seen(row));
}

TEST_CASE("the gallery writes every title whole") {
  Harness h({1280, 720});
  h.key(Key::g, {.ctrl = true});
  h.settle();
  std::string seen;
  for (const std::string name : {"dialog.example[0]", "dialog.example[3]", "dialog.example[4]"})
    seen += ui::testing::screen_text(h.rect(name));
  CHECK(seen.find("Threewords") != std::string::npos);
  CHECK(seen.find("TwelvewordsinChinese,twoheads") != std::string::npos);
  // What is left out of a description is marked.
  CHECK(seen.find("Thenumbersaremade") == std::string::npos);
}

TEST_CASE("F1 tells sections apart by their headings, as menus do") {
  Harness h;
  h.key(Key::f1);
  h.settle();
  CHECK(ui::testing::screen_text(h.rect("dialog.key[0]")).ends_with("Withthemouse"));
  h.click("dialog.filter");
  h.type("Ctrl+Shift+Z");
  h.settle();
  CHECK(ui::testing::screen_text(h.rect("dialog.key[0]")).ends_with("Edit"));
  CHECK(ui::testing::screen_text(h.rect("dialog.key[2]")).ends_with("Ctrl+Shift+Z·Ctrl+YRedo"));
}
