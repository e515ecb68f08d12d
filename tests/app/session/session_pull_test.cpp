#include "app/session/session.h"

#include <doctest/doctest.h>

#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::act;
using attn::tests::cell;
using attn::tests::direct_options;
using attn::tests::x;

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
  s.settle();
  CHECK(s.pull()->end == PullEnd::held_back);
  CHECK(s.pull()->limit.has_value());
  CHECK(cell(s, {Stage::weights, 0, 0, 1}) <= 1.0f / 3.0f + 1e-6f);
  // The word off the line: more freedom during the same pull solves it.
  act(s, SetPullFreedom{PullFreedom::all_words});
  s.settle();
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
