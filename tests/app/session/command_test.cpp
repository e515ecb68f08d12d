#include "app/session/command.h"

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "app/session/builtin.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::direct_options;

namespace {

const Command& command(std::string_view id) {
  const Command* const found = find_command(id);
  REQUIRE(static_cast<bool>(found));
  return *found;
}

void invoke(Session& s, std::string_view id) {
  s.post(command(id).make(s));
  s.apply_posted();
}

}  // namespace

TEST_CASE("commands: ids and keys are there once, and every command is whole") {
  std::set<std::string> ids;
  std::set<std::string> chords;
  const Session s(direct_options());
  for (const Command& c : commands()) {
    CAPTURE(std::string(c.id));
    CHECK(ids.insert(std::string(c.id)).second);
    CHECK_FALSE(english(c.title).empty());
    REQUIRE(static_cast<bool>(c.enabled));
    REQUIRE(static_cast<bool>(c.make));
    CHECK_NOTHROW(c.enabled(s));
    CHECK_NOTHROW(c.make(s));
    for (const KeyChord& chord : c.keys) {
      CHECK(chords.insert(text(chord)).second);
      CHECK(find_command(chord) == &c);
    }
    CHECK((c.menu != Menu::none || !c.keys.empty()));  // somehow it can be reached
  }
  CHECK(find_command("nowhere") == nullptr);
  CHECK(find_command(KeyChord{Key::f11, true, true, true}) == nullptr);
}

TEST_CASE("commands: each menu's commands stand together, its groups in order") {
  std::vector<Menu> seen;
  const Command* before = nullptr;
  for (const Command& c : commands()) {
    if (c.menu == Menu::none) continue;
    if (before && before->menu == c.menu) {
      CHECK(c.group >= before->group);
    } else {
      CHECK(std::ranges::count(seen, c.menu) == 0);
      seen.push_back(c.menu);
    }
    before = &c;
  }
}

TEST_CASE("commands: the words that are open get the lexicon's features, with composed heads if one likes") {
  Session s(direct_options());
  invoke(s, "edit.lexicon");
  CHECK(s.document().dimensions().d_model == 12);
  CHECK(s.document().dimensions().n_heads == 1);
  CHECK(s.document().input().tokens->front() == "x1");
  invoke(s, "edit.lexicon_heads");
  CHECK(s.document().dimensions().n_heads == 4);
  CHECK(s.history().undo_steps() == 2);
}

TEST_CASE("commands: chords read as menus show them") {
  const std::vector<std::pair<KeyChord, std::string>> cases = {
      {{Key::z, true, false, false}, "Ctrl+Z"},
      {{Key::z, true, true, false}, "Ctrl+Shift+Z"},
      {{Key::left, false, false, true}, "Alt+←"},
      {{Key::digit_3, true, false, false}, "Ctrl+3"},
      {{Key::space, false, false, false}, "Space"},
      {{Key::page_down, false, false, false}, "PageDown"},
      {{Key::f11, false, false, false}, "F11"},
      {{Key::plus, false, false, false}, "+"},
      {{}, ""},
  };
  for (const auto& [chord, expected] : cases) CHECK(text(chord) == expected);
  CHECK(find_command(KeyChord{Key::z, true, false, false}) == find_command("edit.undo"));
  CHECK(find_command(KeyChord{Key::y, true, false, false}) == find_command("edit.redo"));
}

TEST_CASE("commands: undo and redo are enabled when they can be done, and say what") {
  Session s(direct_options());
  CHECK_FALSE(command("edit.undo").enabled(s));
  CHECK_FALSE(command("edit.redo").enabled(s));
  CHECK_FALSE(detail_of(command("edit.undo"), s).has_value());
  s.post(Apply{SetXCell{0, 0, 5.0f}});
  s.apply_posted();
  CHECK(command("edit.undo").enabled(s));
  CHECK(english(*detail_of(command("edit.undo"), s)) == "Move x1");
  invoke(s, "edit.undo");
  CHECK(english(*detail_of(command("edit.redo"), s)) == "Move x1");
  invoke(s, "edit.redo");
  CHECK(s.document().input().x(0, 0) == 5.0f);
  CHECK_FALSE(detail_of(command("file.save"), s).has_value());
}

TEST_CASE("commands: switches show where they stand") {
  Session s(direct_options());
  for (const char* id : {"edit.scale", "edit.causal", "view.reduced_motion", "view.shared_score_range"}) {
    CAPTURE(id);
    const Command& c = command(id);
    const bool before = c.checked(s);
    invoke(s, id);
    CHECK(c.checked(s) != before);
    invoke(s, id);
    CHECK(c.checked(s) == before);
  }
  const std::vector<std::vector<const char*>> choices = {
      {"view.theme.system", "view.theme.light", "view.theme.dark"},
      {"view.language.en", "view.language.zh"},
      {"view.vectors.x", "view.vectors.q", "view.vectors.k", "view.vectors.v", "view.vectors.output"},
      {"pull.this_word", "pull.all_words", "pull.w_q_and_w_k", "pull.w_v"},
  };
  for (const auto& choice : choices) {
    for (const char* chosen : choice) {
      invoke(s, chosen);
      for (const char* id : choice) {
        CAPTURE(id);
        CHECK(command(id).checked(s) == (std::string(id) == chosen));
      }
    }
  }
}

TEST_CASE("commands: the step-through is driven by keys") {
  Session s(direct_options());
  CHECK_FALSE(command("play.forward").enabled(s));
  CHECK_FALSE(command("play.end").enabled(s));
  invoke(s, "play.start");
  CHECK_FALSE(command("play.back").enabled(s));
  invoke(s, "play.forward");
  invoke(s, "play.next_stage");
  CHECK(s.playhead().position() == 6);
  invoke(s, "play.back");
  invoke(s, "play.previous_stage");
  CHECK(s.playhead().at_start());
  invoke(s, "play.toggle");
  CHECK(s.playhead().playing());
  CHECK(command("play.toggle").checked(s));
  invoke(s, "play.toggle");
  CHECK_FALSE(s.playhead().playing());
  invoke(s, "play.end");
  CHECK(s.playhead().at_end());
  invoke(s, "play.faster");
  CHECK(s.settings().speed == 2.0);
  invoke(s, "play.slower");
  CHECK(s.settings().speed == 1.0);
}

TEST_CASE("commands: looking around by keys") {
  Session s(direct_options());
  s.post(OpenExample{"twelve_words_en"});
  s.apply_posted();
  invoke(s, "select.right");
  invoke(s, "select.down");
  invoke(s, "select.down");
  invoke(s, "select.up");
  invoke(s, "select.left");
  CHECK(s.view().selection == CellRef{Stage::weights, 0, 1, 0});
  CHECK(command("view.head.next").enabled(s));
  invoke(s, "view.head.next");
  CHECK(s.view().head == 1);
  invoke(s, "view.head.next");
  CHECK(s.view().head == 0);
  invoke(s, "view.head.previous");
  CHECK(s.view().head == 1);
  invoke(s, "view.stage.next");
  CHECK(s.view().stage == Stage::head_outputs);
  for (int i = 0; i < 20; ++i) invoke(s, "view.stage.previous");
  CHECK(s.view().stage == Stage::x);
  for (int i = 0; i < 30; ++i) invoke(s, "view.stage.next");
  CHECK(s.view().stage == Stage::output);
  invoke(s, "view.decimals.more");
  CHECK(s.settings().decimals == 5);
  invoke(s, "view.decimals.fewer");
  CHECK(s.settings().decimals == 4);
  CHECK_FALSE(command("view.explain.back").enabled(s));
  s.post(ExplainFollow{{Stage::x, 0, 0, 0}});
  s.apply_posted();
  CHECK(command("view.explain.back").enabled(s));
  invoke(s, "view.explain.back");
  CHECK(s.view().explain_trail.empty());
}

TEST_CASE("commands: files, drags and messages") {
  Session s(direct_options());
  CHECK(command("file.save").enabled(s));
  invoke(s, "file.open");
  CHECK(s.dialog() == Dialog::open);
  invoke(s, "file.save_as");
  CHECK(s.dialog() == Dialog::save_as);
  s.post(CloseDialog{});
  CHECK_FALSE(command("edit.cancel").enabled(s));
  s.post(Preview{SetXCell{0, 0, 5.0f}});
  s.apply_posted();
  CHECK(command("edit.cancel").enabled(s));
  invoke(s, "edit.cancel");
  CHECK(s.document().input().x(0, 0) == 1.0f);
  CHECK_FALSE(command("view.notice.dismiss").enabled(s));
  s.notify(Severity::error, message("older"));
  s.notify(Severity::error, message("newer"));
  invoke(s, "view.notice.dismiss");
  REQUIRE(s.notices().size() == 1);
  CHECK(english(s.notices()[0].text) == "older");
  invoke(s, "file.quit");
  CHECK(s.quit());
}
