#include "app/session/session.h"

#include <array>
#include <fstream>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "app/session/builtin.h"
#include "tests/app/session/documents.h"
#include "tests/app/session/fake_backend.h"

using namespace attn;
using namespace attn::session;
using attn::tests::direct_options;
using attn::tests::TemporaryFolder;

namespace {

/// Posts and applies in one frame each.
void act(Session& s, Action action) {
  s.post(std::move(action));
  s.apply_posted();
}

float x(const Session& s, std::size_t row, std::size_t column) { return s.document().input().x(row, column); }

float cell(const Session& s, const CellRef& c) {
  REQUIRE(s.trace_is_current());
  return s.trace()->read_cell(c).values(0, 0);
}

void write(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

constexpr const char* kTwoWords =
    R"({"format": "attention-scenario", "version": 1, "tokens": ["a", "b"], "x": [[1, 0], [0, 1]]})";

}  // namespace

TEST_CASE("session: opens the three words, computed, at the end of the step-through") {
  Session s(direct_options());
  CHECK(*s.document().input().tokens == std::vector<std::string>{"x1", "x2", "x3"});
  CHECK(cell(s, {Stage::weights, 0, 0, 2}) == doctest::Approx(0.9503302));
  CHECK(s.playhead().at_end());
  CHECK_FALSE(s.has_unsaved_work());
  CHECK_FALSE(s.animating());
  CHECK(s.file().empty());
  CHECK(s.notices().empty());
  const Subject subject = s.subject();
  CHECK(subject.current);
  CHECK(subject.trace == s.trace().get());
  CHECK(&subject.view == &s.view());
}

TEST_CASE("session: a drag is computed in its frame, and is one step of undo") {
  Session s(direct_options());
  for (const float value : {1.2f, 1.6f, 2.0f}) {
    act(s, Preview{SetXRow{0, {value, 1.0f}}});
    CHECK(x(s, 0, 0) == value);
    CHECK(s.trace_is_current());
  }
  CHECK(s.pressed()->input().x(0, 0) == 1.0f);
  act(s, EndGesture{});
  CHECK_FALSE(s.pressed().has_value());
  CHECK(cell(s, {Stage::scores, 0, 0, 2}) == 10.0f);  // (2,1)·(3,4)
  CHECK(english(*s.history().undo_label()) == "Move x1");
  CHECK(s.has_unsaved_work());
  act(s, Undo{});
  CHECK(x(s, 0, 0) == 1.0f);
  CHECK(cell(s, {Stage::scores, 0, 0, 2}) == 11.0f);
  CHECK_FALSE(s.has_unsaved_work());
  act(s, Undo{});  // there is nothing more
  act(s, Redo{});
  CHECK(x(s, 0, 0) == 2.0f);
  act(s, Redo{});
  CHECK(s.history().undo_steps() == 1);
}

TEST_CASE("session: Esc cancels a drag exactly") {
  Session s(direct_options());
  const Document before = s.document();
  act(s, Preview{SetXRow{0, {9.0f, 9.0f}}});
  act(s, CancelGesture{});
  CHECK(s.document() == before);
  CHECK_FALSE(s.history().can_undo());
  CHECK(cell(s, {Stage::scores, 0, 0, 2}) == 11.0f);
}

TEST_CASE("session: several actions of a frame are one revision") {
  Session s(direct_options());
  const std::uint64_t before = s.revision();
  s.post(Apply{SetXCell{0, 0, 4.0f}});
  s.post(Apply{SetScale{{Scale::Kind::sqrt_dk, 1.0}}});
  s.post(Apply{SetCausal{true}});
  CHECK(s.revision() == before);
  CHECK(s.animating());
  CHECK(s.apply_posted());
  CHECK(s.revision() == before + 1);
  CHECK(s.history().undo_steps() == 3);
  CHECK_FALSE(s.apply_posted());
}

TEST_CASE("session: a refused edit changes nothing and waits beside its field") {
  Session s(direct_options());
  const Document before = s.document();
  act(s, Apply{SetTemperature{-1.0}});
  CHECK(s.document() == before);
  REQUIRE(s.refusal().has_value());
  CHECK(english(s.refusal()->reason) == "The temperature must be above 0");
  CHECK(std::holds_alternative<SetTemperature>(s.refusal()->edit));
  CHECK(s.notices().empty());
  act(s, Apply{SetTemperature{2.0}});
  CHECK_FALSE(s.refusal().has_value());
  act(s, Apply{SetHeads{7}});
  CHECK(s.refusal().has_value());
  act(s, CancelGesture{});
  CHECK_FALSE(s.refusal().has_value());
}

TEST_CASE("session: a pull on a weight moves the word, and letting go makes one step") {
  Session s(direct_options());
  act(s, BeginPull{PullTarget::weight(0, 0, 0)});
  CHECK(s.pulling());
  REQUIRE(s.pull().has_value());
  CHECK(s.pull()->start[0] == doctest::Approx(0.0023556));
  for (const double goal : {0.1, 0.4, 0.7}) act(s, MovePull{{goal}});
  CHECK(s.pull()->end == PullEnd::arrived);
  CHECK(cell(s, {Stage::weights, 0, 0, 0}) == doctest::Approx(0.7).epsilon(1e-4));
  CHECK(s.pressed()->input().x(0, 0) == 1.0f);
  act(s, EndPull{});
  CHECK_FALSE(s.pulling());
  CHECK(s.pull().has_value());  // its report stays until something else moves
  CHECK(s.history().undo_steps() == 1);
  CHECK(english(*s.history().undo_label()) == "Pull x1 towards x1");
  act(s, Undo{});
  CHECK(x(s, 0, 0) == 1.0f);
  CHECK_FALSE(s.pull().has_value());
}

TEST_CASE("session: Esc ends a pull exactly where it was pressed") {
  Session s(direct_options());
  const Document before = s.document();
  act(s, BeginPull{PullTarget::output_row(1)});
  act(s, MovePull{{1.0, 1.0}});
  CHECK_FALSE(s.document() == before);
  act(s, CancelGesture{});
  CHECK(s.document() == before);
  CHECK_FALSE(s.pulling());
  CHECK_FALSE(s.history().can_undo());
}

TEST_CASE("session: a pull that comes back to the pressed value leaves no step") {
  Session s(direct_options());
  const Document before = s.document();
  act(s, BeginPull{PullTarget::weight(0, 0, 0)});
  const double start = s.pull()->start[0];
  act(s, MovePull{{0.6}});
  CHECK_FALSE(s.document() == before);
  act(s, MovePull{{start}});
  CHECK(s.document() == before);
  act(s, EndPull{});
  CHECK_FALSE(s.history().can_undo());
}

TEST_CASE("session: the middle word is held back at a third when only W_Q and W_K may move") {
  Session s(direct_options());
  act(s, SetPullFreedom{PullFreedom::w_q_and_w_k});
  act(s, BeginPull{PullTarget::weight(0, 0, 1)});
  act(s, MovePull{{0.6}});
  CHECK(s.pull()->end == PullEnd::held_back);
  CHECK(s.pull()->limit.has_value());
  CHECK(cell(s, {Stage::weights, 0, 0, 1}) <= 1.0f / 3.0f + 1e-6f);
  // The word off the line: more freedom during the same pull solves it.
  act(s, SetPullFreedom{PullFreedom::all_words});
  CHECK(s.pulling());
  CHECK(s.pull()->end == PullEnd::arrived);
  CHECK_FALSE(s.document().input().parameters[ParameterId::w_q].has_value());
  CHECK(cell(s, {Stage::weights, 0, 0, 1}) == doctest::Approx(0.6).epsilon(1e-4));
  act(s, EndPull{});
  CHECK(s.history().undo_steps() == 1);
}

TEST_CASE("session: a pull in steps of frames goes on by itself") {
  SessionOptions options = direct_options();
  Session s(options);
  act(s, Apply{SetInput{tests::random_input(70, 64, 2, 1), message("Pull on the answer")}});
  act(s, SetPullFreedom{PullFreedom::all_words});
  act(s, BeginPull{PullTarget::weight(1, 3, 5)});
  act(s, MovePull{{0.2}});
  CHECK(s.pulling());
  s.settle();
  CHECK(s.pull()->end == PullEnd::arrived);
  CHECK(s.trace_is_current());
  CHECK(cell(s, {Stage::weights, 1, 3, 5}) == doctest::Approx(0.2).epsilon(1e-3));
  CHECK_FALSE(s.animating());
}

TEST_CASE("session: letting go of a pull in a large input waits for nobody") {
  Session s(direct_options());
  act(s, Apply{SetInput{tests::random_input(128, 32, 2, 1), {}}});
  act(s, SetPullFreedom{PullFreedom::all_words});
  const Document before = s.document();
  act(s, BeginPull{PullTarget::weight(1, 3, 5)});
  act(s, MovePull{{0.5}});
  act(s, SetPullFreedom{PullFreedom::this_word});
  CHECK(s.pulling());
  act(s, CancelGesture{});
  CHECK_FALSE(s.pulling());
  CHECK(s.document() == before);
  CHECK_FALSE(s.pull().has_value());
}

TEST_CASE("session: a pull on what cannot be computed ends with one line") {
  for (const double direct : {0.0, 1e6}) {
    SessionOptions options = direct_options();
    options.pull_direct_operations = direct;
    Session s(options);
    act(s, Apply{SetXRow{0, {3e30f, 3e30f}}});
    act(s, BeginPull{PullTarget::weight(0, 0, 0)});
    s.settle();
    CHECK_FALSE(s.pulling());
    CHECK_FALSE(s.history().in_gesture());
    REQUIRE(s.notices().size() == 1);
    CHECK(s.notices()[0].severity == Severity::error);
  }
}

TEST_CASE("session: whatever begins ends the pull before it, and keeps it") {
  Session s(direct_options());
  act(s, BeginPull{PullTarget::weight(0, 0, 0)});
  act(s, MovePull{{0.5}});
  act(s, BeginPull{PullTarget::weight(0, 1, 0)});
  CHECK(s.history().undo_steps() == 1);
  act(s, MovePull{{0.4}});
  act(s, EndGesture{});  // belongs to a drag: a pull is ended by EndPull
  CHECK(s.pulling());
  act(s, Apply{SetCausal{true}});
  CHECK_FALSE(s.pulling());
  CHECK(s.history().undo_steps() == 3);
  act(s, MovePull{{0.4}});
  act(s, EndPull{});
  CHECK(s.history().undo_steps() == 3);
}

TEST_CASE("session: a pull on what is not there is one line, and nothing changes") {
  Session s(direct_options());
  const Document before = s.document();
  act(s, BeginPull{PullTarget::weight(5, 0, 0)});
  CHECK_FALSE(s.pulling());
  CHECK_FALSE(s.history().in_gesture());
  CHECK(s.document() == before);
  REQUIRE(s.notices().size() == 1);
  CHECK(s.notices()[0].severity == Severity::error);
  act(s, BeginPull{PullTarget::weight(0, 0, 0)});
  act(s, MovePull{{0.1, 0.2}});
  CHECK(s.pulling());
  CHECK(s.notices().size() == 2);
  act(s, DismissNotice{0});
  act(s, DismissNotice{7});
  CHECK(s.notices().size() == 1);
}

TEST_CASE("session: pulls have labels for what they pull") {
  Session s(direct_options());
  act(s, BeginPull{PullTarget::output_row(2)});
  act(s, MovePull{{1.0, 1.0}});
  act(s, EndPull{});
  CHECK(english(*s.history().undo_label()) == "Pull the output of x3");
  Input features = tests::three_words();
  features.config.attend_over = AttendOver::features;
  act(s, Apply{SetInput{features, {}}});
  act(s, BeginPull{PullTarget::weight(0, 0, 0)});
  act(s, MovePull{{0.4}});
  act(s, EndPull{});
  CHECK(english(*s.history().undo_label()) == "Pull on the answer");
}

TEST_CASE("session: selecting follows stages and heads, and stays inside") {
  Session s(direct_options());
  act(s, Apply{SetInput{tests::random_input(4, 4, 2, 1), {}}});
  act(s, Select{{Stage::scores, 1, 2, 3}});
  CHECK(s.view().selection == CellRef{Stage::scores, 1, 2, 3});
  CHECK(s.view().stage == Stage::scores);
  CHECK(s.view().head == 1);
  act(s, MoveSelection{-1, 5});
  CHECK(s.view().selection == CellRef{Stage::scores, 1, 1, 3});
  act(s, MoveSelection{-9, -1});
  CHECK(s.view().selection == CellRef{Stage::scores, 1, 0, 2});
  act(s, ShowStage{Stage::q});
  CHECK(s.view().selection == CellRef{Stage::q, 1, 0, 1});
  act(s, ShowStage{Stage::output});
  CHECK(s.view().selection.head == 0);
  CHECK(s.view().head == 1);
  act(s, SelectHead{0});
  act(s, ShowStage{Stage::k});
  act(s, SelectHead{9});
  CHECK(s.view().head == 1);
  CHECK(s.view().selection.head == 1);
  act(s, Select{{Stage::biased, 0, 0, 0}});  // this input has no such stage
  CHECK(s.view().selection.stage == Stage::k);
  act(s, Apply{SetHeads{1}});
  CHECK(s.view().head == 0);
  CHECK(s.view().selection.head == 0);
}

TEST_CASE("session: a key/value head shows a query head that reads it") {
  Input input = tests::random_input(3, 4, 4, 1);
  input.config.kv_heads = 2;
  for (const ParameterId id : {ParameterId::w_k, ParameterId::w_v}) {
    input.parameters[id] = tests::random_matrix(4, 2, 2);
  }
  for (const ParameterId id : {ParameterId::b_k, ParameterId::b_v}) {
    input.parameters[id] = tests::random_matrix(1, 2, 3);
  }
  Session s(direct_options());
  act(s, Apply{SetInput{input, {}}});
  act(s, Select{{Stage::k, 1, 0, 0}});
  CHECK(s.view().head == 2);
  act(s, SelectHead{3});
  CHECK(s.view().selection.head == 1);
  act(s, Select{{Stage::v, 1, 0, 0}});
  CHECK(s.view().head == 3);  // it reads key/value head 1 as well
}

TEST_CASE("session: the trail of explanations goes forth and back") {
  Session s(direct_options());
  act(s, ExplainOpen{{0}});
  act(s, ExplainOpen{{0, 1}});
  act(s, ExplainOpen{{0, 1}});
  act(s, ExplainOpen{{1}});
  CHECK(s.view().explain_open.size() == 3);
  act(s, ExplainClose{{0}});  // and what was open below it
  CHECK(s.view().explain_open == std::vector<ExplainPath>{{1}});
  act(s, ExplainFollow{{Stage::scores, 0, 0, 2}});
  act(s, ExplainFollow{{Stage::q, 0, 0, 1}});
  CHECK(s.view().explained() == CellRef{Stage::q, 0, 0, 1});
  CHECK(s.view().explain_open.empty());
  act(s, ExplainBack{});
  CHECK(s.view().explained() == CellRef{Stage::scores, 0, 0, 2});
  act(s, ExplainBack{});
  CHECK(s.view().explained() == s.view().selection);
  CHECK(s.view().explain_trail.empty());
  act(s, ExplainBack{});
  act(s, ExplainFollow{{Stage::scores, 0, 9, 9}});
  CHECK(s.view().explain_trail.empty());
  act(s, ExplainFollow{{Stage::scores, 0, 0, 0}});
  act(s, Select{{Stage::weights, 0, 1, 1}});
  CHECK(s.view().explain_trail.empty());
}

TEST_CASE("session: what is looked at is set") {
  Session s(direct_options());
  act(s, SetVectorKind{VectorKind::q});
  act(s, SetPlaneAxes{1, 0});
  act(s, SetSharedScoreRange{false});
  CHECK(s.view().vectors == VectorKind::q);
  CHECK(s.view().plane_axes == std::array<std::size_t, 2>{1, 0});
  CHECK_FALSE(s.view().shared_score_range);
  CHECK_FALSE(s.has_unsaved_work());
}

TEST_CASE("session: the playhead is driven by actions and by time") {
  Session s(direct_options());
  const std::size_t count = s.playhead().order().count();
  struct Case {
    Action action;
    std::size_t position;
  };
  const std::vector<Case> cases = {
      {ToStart{}, 0},       {StepForward{}, 1},    {NextStage{}, 6}, {StepBack{}, 5},
      {PreviousStage{}, 0}, {SetPlayhead{20}, 20}, {ToEnd{}, count}, {GoToMoment{{Stage::k, 0, 0}}, 7},
  };
  for (const Case& c : cases) {
    act(s, c.action);
    CHECK(s.playhead().position() == c.position);
  }
  act(s, Play{});
  CHECK(s.animating());
  CHECK(s.advance(1.0));
  CHECK(s.playhead().position() == 9);
  act(s, Pause{});
  CHECK_FALSE(s.advance(1.0));
  CHECK_FALSE(s.animating());
  // Another value of the same example keeps the place.
  act(s, Apply{SetXCell{0, 0, 5.0f}});
  CHECK(s.playhead().position() == 9);
}

TEST_CASE("session: settings are kept in their file, within their ranges") {
  const TemporaryFolder folder;
  SessionOptions options = direct_options();
  options.settings_file = folder.path() / "settings.json";
  {
    Session s(options);
    act(s, SetTheme{Theme::dark});
    act(s, SetLanguage{Language::zh});
    act(s, SetDecimals{99});
    act(s, SetSpeed{1e9});
    act(s, SetSpeed{std::numeric_limits<double>::quiet_NaN()});
    act(s, SetReducedMotion{true});
    CHECK_FALSE(s.has_unsaved_work());
  }
  Session s(options);
  CHECK(s.settings() ==
        Settings{Theme::dark, Language::zh, Settings::kMaxDecimals, true, Settings::kMaxSpeed});
  act(s, SetDecimals{-1});
  CHECK(s.settings().decimals == 0);
  write(options.settings_file, "broken");
  Session fresh(options);
  CHECK(fresh.settings() == default_settings());
  CHECK(fresh.notices().size() == 1);
}

TEST_CASE("session: settings that cannot be written leave one line") {
  SessionOptions options = direct_options();
  options.settings_file = "/proc/nowhere/settings.json";
  Session s(options);
  act(s, SetTheme{Theme::dark});
  CHECK(s.settings().theme == Theme::dark);
  REQUIRE(s.notices().size() == 1);
  CHECK(s.notices()[0].severity == Severity::warning);
}

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

TEST_CASE("session: an input that cannot be computed keeps the old trace and says why") {
  Session s(direct_options());
  const auto before = s.trace();
  act(s, Apply{SetXRow{0, {3e30f, 3e30f}}});
  CHECK(s.trace() == before);
  CHECK_FALSE(s.trace_is_current());
  CHECK(s.status().error.has_value());
  act(s, Undo{});
  CHECK(s.trace_is_current());
}

TEST_CASE("session: a worker's trace arrives in a later frame, and until then the old one stays") {
  const auto backend = std::make_shared<tests::FakeBackend>();
  SessionOptions options;
  options.backends = {backend};
  Session s(options);
  s.settle();
  REQUIRE(s.trace_is_current());
  backend->close();
  act(s, Apply{SetXCell{0, 0, 5.0f}});
  backend->wait_until_running();
  CHECK_FALSE(s.subject().current);
  CHECK(s.subject().trace->input().x(0, 0) == 1.0f);
  CHECK(s.status().computing);
  backend->open();
  s.settle();
  CHECK(s.subject().current);
  CHECK(cell(s, {Stage::x, 0, 0, 0}) == 5.0f);
}

TEST_CASE("session: notices are not repeated and not without end") {
  Session s(direct_options());
  for (int i = 0; i < 3; ++i) s.notify(Severity::warning, message("again"));
  CHECK(s.notices().size() == 1);
  for (int i = 0; i < 100; ++i) s.notify(Severity::warning, message("number {0}", {std::to_string(i)}));
  CHECK(s.notices().size() == 20);
  CHECK(english(s.notices().back().text) == "number 99");
}

TEST_CASE("built-in examples: every one opens and is computed") {
  const std::vector<std::string_view> names = builtin_names();
  CHECK(names.size() == 5);
  for (const std::string_view name : names) {
    CAPTURE(std::string(name));
    Session s(direct_options());
    act(s, OpenExample{std::string(name)});
    s.settle();
    CHECK(s.notices().empty());
    CHECK(s.trace_is_current());
    CHECK_FALSE(s.document().scenario().title.in("zh") == s.document().scenario().title.in("en"));
    CHECK_FALSE(s.document().scenario().description.in("zh") == s.document().scenario().description.in("en"));
  }
  CHECK_THROWS_AS(builtin_scenario("nowhere"), std::out_of_range);
}

TEST_CASE("built-in examples: the twin's scores are not symmetric, and the twelve words look back only") {
  Session s(direct_options());
  act(s, OpenExample{"asymmetric_twin"});
  CHECK(cell(s, {Stage::scores, 0, 0, 1}) == 1.75f);  // worked by hand
  CHECK(cell(s, {Stage::scores, 0, 1, 0}) == 1.5f);
  for (const char* name : {"twelve_words_en", "twelve_words_zh"}) {
    const Document d = builtin_scenario(name);
    CHECK(d.dimensions().n_queries == 12);
    CHECK(d.dimensions().n_heads == 2);
    CHECK(d.input().config.mask.causal);
  }
}
