#include "app/session/session.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::act;
using attn::tests::direct_options;
using attn::tests::kTwoWords;
using attn::tests::TemporaryFolder;
using attn::tests::write;
using attn::tests::x;

TEST_CASE("session: a saved file opens again with its view") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "saved.json";
  {
    Session s(direct_options());
    act(s, Save{});
    CHECK(s.dialog() == Dialog::save_as);  // a built-in example has no file
    act(s, Apply{SetXRow{0, {2.0f, 1.0f}}});
    act(s, Select{{Stage::scores, 0, 1, 2}});
    act(s, SetPlayhead{20});
    act(s, SaveAs{file});
    CHECK(s.dialog() == Dialog::none);
    CHECK(s.file() == file);
    CHECK_FALSE(s.has_unsaved_work());
    CHECK(english(s.notices().back().text) == "Saved " + file.string());
    act(s, Apply{SetXCell{2, 0, 5.0f}});
    CHECK(s.has_unsaved_work());
    act(s, Save{});
    CHECK_FALSE(s.has_unsaved_work());
    act(s, Undo{});
    CHECK(s.has_unsaved_work());
  }
  Session s(direct_options());
  act(s, Open{file});
  CHECK(s.file() == file);
  CHECK(x(s, 0, 0) == 2.0f);
  CHECK(x(s, 2, 0) == 5.0f);
  CHECK(s.view().selection == CellRef{Stage::scores, 0, 1, 2});
  CHECK(s.playhead().position() == 20);
  CHECK_FALSE(s.history().can_undo());
  CHECK(s.trace_is_current());
}

TEST_CASE("session: a bad file is one line, and nothing changes") {
  const TemporaryFolder folder;
  write(folder.path() / "bad.json", R"({"format": "attention-scenario", "version": 1, "tokens": ["a"]})");
  Session s(direct_options());
  const Document before = s.document();
  for (const std::filesystem::path& file :
       {folder.path() / "bad.json", folder.path() / "none.json", folder.path()}) {
    act(s, Open{file});
    CHECK(s.document() == before);
    REQUIRE_FALSE(s.notices().empty());
    CHECK(s.notices().back().severity == Severity::error);
    CHECK(english(s.notices().back().text).find('\n') == std::string::npos);
  }
  CHECK(s.notices().size() == 3);
  act(s, OpenExample{"nowhere"});
  CHECK(s.document() == before);
  CHECK(s.notices().size() == 4);
}

TEST_CASE("session: what cannot be saved stays unsaved") {
  Session s(direct_options());
  act(s, Apply{SetXCell{0, 0, 5.0f}});
  act(s, SaveAs{"/proc/nowhere/file.json"});
  CHECK(s.has_unsaved_work());
  CHECK(s.file().empty());
  CHECK(s.notices().back().severity == Severity::error);
}

TEST_CASE("session: a new example has no file, cannot overwrite one, and counts as unsaved work") {
  const TemporaryFolder folder;
  write(folder.path() / "two.json", kTwoWords);
  Session s(direct_options());
  act(s, Open{folder.path() / "two.json"});
  REQUIRE(s.file() == folder.path() / "two.json");
  act(s, NewExample{{{"cats", "sleep"}, "en", true}});
  CHECK(s.question() == Question::none);
  CHECK(*s.document().input().tokens == std::vector<std::string>{"cats", "sleep"});
  CHECK(s.document().dimensions().n_heads == 4);
  CHECK(s.file().empty());
  CHECK(s.has_unsaved_work());
  CHECK_FALSE(s.history().can_undo());
  act(s, Quit{});
  CHECK(s.question() == Question::unsaved_work);
}

TEST_CASE("session: a new example without a word changes nothing and says why") {
  Session s(direct_options());
  const Document before = s.document();
  act(s, NewExample{{{}, "en", false}});
  CHECK(s.document() == before);
  REQUIRE(s.notices().size() == 1);
  CHECK(english(s.notices().back().text) == "At least one word is needed");
}

TEST_CASE("session: a golden case opens as its scenario and is never written over") {
  Session s(direct_options());
  act(s, Open{std::filesystem::path(ATTN_GOLDEN_DIR) / "forward" / "three_words_scaled.json"});
  CHECK(s.notices().empty());
  CHECK(s.document().input().config.scale.kind == Scale::Kind::sqrt_dk);
  CHECK(s.file().empty());
}

TEST_CASE("session: unsaved work is asked for before it is lost") {
  const TemporaryFolder folder;
  write(folder.path() / "two.json", kTwoWords);
  const std::filesystem::path saved = folder.path() / "saved.json";
  const auto changed = [] {
    auto s = std::make_unique<Session>(direct_options());
    act(*s, Apply{SetXCell{0, 0, 5.0f}});
    return s;
  };

  SUBCASE("nothing unsaved: no question") {
    Session s(direct_options());
    act(s, Quit{});
    CHECK(s.quit());
  }
  SUBCASE("cancel keeps everything") {
    const auto s = changed();
    act(*s, Quit{});
    CHECK(s->question() == Question::unsaved_work);
    CHECK_FALSE(s->quit());
    act(*s, AnswerQuestion{Answer::cancel});
    CHECK(s->question() == Question::none);
    CHECK(x(*s, 0, 0) == 5.0f);
    act(*s, AnswerQuestion{Answer::discard});  // nobody asked
    CHECK_FALSE(s->quit());
  }
  SUBCASE("discard goes on") {
    const auto s = changed();
    act(*s, Open{folder.path() / "two.json"});
    CHECK(s->question() == Question::unsaved_work);
    CHECK(s->document().dimensions().n_queries == 3);
    act(*s, AnswerQuestion{Answer::discard});
    CHECK(s->document().dimensions().n_queries == 2);
    CHECK(s->question() == Question::none);
  }
  SUBCASE("save without a file asks for one, then goes on") {
    const auto s = changed();
    act(*s, OpenExample{"asymmetric_twin"});
    act(*s, AnswerQuestion{Answer::save});
    CHECK(s->dialog() == Dialog::save_as);
    CHECK(s->question() == Question::none);
    act(*s, CloseDialog{});
    CHECK(s->question() == Question::unsaved_work);
    act(*s, AnswerQuestion{Answer::save});
    act(*s, SaveAs{saved});
    CHECK(s->document().input().parameters[ParameterId::w_q].has_value());
    CHECK(s->file().empty());
    act(*s, Open{saved});
    CHECK(x(*s, 0, 0) == 5.0f);
  }
  SUBCASE("save with a file saves and goes on") {
    const auto s = changed();
    act(*s, SaveAs{saved});
    act(*s, Apply{SetXCell{0, 0, 6.0f}});
    act(*s, Quit{});
    act(*s, AnswerQuestion{Answer::save});
    CHECK(s->quit());
  }
  SUBCASE("a save that fails does not go on") {
    const auto s = changed();
    act(*s, Quit{});
    act(*s, AnswerQuestion{Answer::save});
    act(*s, SaveAs{"/proc/nowhere/file.json"});
    CHECK_FALSE(s->quit());
    CHECK(s->dialog() == Dialog::save_as);  // for another path
    REQUIRE(s->save_problem().has_value());
    CHECK(english(*s->save_problem()).starts_with("Not saved: there is no folder /proc/nowhere."));
    act(*s, CloseDialog{});
    CHECK_FALSE(s->save_problem().has_value());
    CHECK(s->question() == Question::unsaved_work);
  }
  SUBCASE("a drag or a pull under way is work as well") {
    Session s(direct_options());
    act(s, Preview{SetXCell{0, 0, 5.0f}});
    act(s, Quit{});
    CHECK(s.question() == Question::unsaved_work);
    act(s, AnswerQuestion{Answer::cancel});
    act(s, Undo{});
    act(s, BeginPull{PullTarget::weight(0, 0, 0)});
    act(s, MovePull{{0.5}});
    act(s, Quit{});
    CHECK(s.question() == Question::unsaved_work);
  }
}

TEST_CASE("session: the dialogs for a path open and close") {
  Session s(direct_options());
  act(s, AskOpenPath{});
  CHECK(s.dialog() == Dialog::open);
  act(s, CloseDialog{});
  CHECK(s.dialog() == Dialog::none);
  act(s, AskSavePath{});
  CHECK(s.dialog() == Dialog::save_as);
}

TEST_CASE("session: dropped arrays are imported together, of other files the first is opened") {
  const TemporaryFolder folder;
  write(folder.path() / "two.json", kTwoWords);
  write(folder.path() / "more.json", kTwoWords);
  const std::filesystem::path arrays = std::filesystem::path(ATTN_SOURCE_DIR) / "tests/app/session/arrays";
  Session s(direct_options());
  act(s, OpenDropped{{arrays / "q.npy", arrays / "k.npy", arrays / "v.npy"}});
  CHECK(s.document().dimensions().n_heads == 2);
  CHECK(s.file().empty());
  CHECK_FALSE(s.has_unsaved_work());
  CHECK(english(s.notices()[0].text).starts_with("x was not given"));
  act(s, OpenDropped{{folder.path() / "two.json", folder.path() / "more.json"}});
  CHECK(s.file() == folder.path() / "two.json");
  CHECK(english(s.notices().back().text) == "One example is open at a time: two.json was opened.");
  act(s, Open{arrays / "weights.npy"});
  CHECK(s.document().input().config.mask.causal);
  act(s, OpenDropped{});
  CHECK(s.document().input().config.mask.causal);
}

TEST_CASE("session: the recent files are twelve at most, each once, kept from one start to the next") {
  const TemporaryFolder folder;
  SessionOptions options = direct_options();
  options.settings_file = folder.path() / "settings.json";
  {
    Session s(options);
    for (int i = 0; i < 14; ++i) {
      const std::filesystem::path file = folder.path() / ("f" + std::to_string(i) + ".json");
      write(file, kTwoWords);
      act(s, Open{file});
    }
    act(s, Open{folder.path() / "f9.json"});
  }
  const Session s(options);
  const std::vector<std::string>& recent = s.settings().recent_files;
  REQUIRE(recent.size() == 12);
  CHECK(recent[0] == (folder.path() / "f9.json").string());
  CHECK(recent[1] == (folder.path() / "f13.json").string());
  CHECK(recent[11] == (folder.path() / "f2.json").string());
}
