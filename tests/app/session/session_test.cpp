#include "app/session/session.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/app/session/documents.h"
#include "tests/app/session/fake_backend.h"

using namespace attn;
using namespace attn::session;
using attn::tests::act;
using attn::tests::cell;
using attn::tests::direct_options;
using attn::tests::TemporaryFolder;
using attn::tests::write;
using attn::tests::x;

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

TEST_CASE("session: in a large input a drag updates the trace, and its end computes all of it once") {
  const auto backend = std::make_shared<attn::tests::FakeBackend>();
  SessionOptions options;
  options.backends = {backend};
  Session s(std::move(options));
  act(s, Apply{SetInput{attn::tests::random_input(40, 8, 2, 1), verbatim("")}});
  s.settle();
  const int before = backend->runs;
  for (const float value : {0.1f, 0.2f, 0.3f}) {
    act(s, Preview{SetXCell{5, 0, value}});
    s.settle();
  }
  CHECK(backend->runs == before + 3);
  CHECK(backend->runs_that_may_update == 3);
  const std::uint64_t revision = s.revision();
  act(s, EndGesture{});
  CHECK(s.trace_is_current());  // it stays while it is made whole
  s.settle();
  CHECK(backend->runs == before + 4);
  CHECK(backend->runs_that_may_update == 3);
  CHECK(s.revision() == revision);
  const auto whole = make_cpu_backend()->run(s.document().input(), {}).trace;
  const MatrixView<const float> found = s.trace()->read_head(Stage::output, 0).values;
  const MatrixView<const float> expected = whole->read_head(Stage::output, 0).values;
  for (std::size_t i = 0; i < 40; ++i) CHECK(std::ranges::equal(found.row(i), expected.row(i)));
  act(s, Apply{SetXCell{5, 0, 0.4f}});
  s.settle();
  CHECK(backend->runs_that_may_update == 3);
}

TEST_CASE("session: notices are not repeated and not without end") {
  Session s(direct_options());
  for (int i = 0; i < 3; ++i) s.notify(Severity::warning, message("again"));
  CHECK(s.notices().size() == 1);
  for (int i = 0; i < 100; ++i) s.notify(Severity::warning, message("number {0}", {std::to_string(i)}));
  CHECK(s.notices().size() == 20);
  CHECK(english(s.notices().back().text) == "number 99");
}
