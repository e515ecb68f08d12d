#include "app/session/playhead.h"

#include <vector>

#include <doctest/doctest.h>

#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::random_input;
using attn::tests::three_words;

namespace {

StepOrder order_of(const Input& input) { return {input, validate(input)}; }

}  // namespace

// three words: q, k, v 6 each; scores, scaled, masked, weights 9 each; head_outputs, concat, output 6 each.
TEST_CASE("step order: every computed number of three words has its moment, in the order of the stages") {
  const StepOrder order = order_of(three_words());
  CHECK(order.count() == 3 * 6 + 4 * 9 + 3 * 6);
  CHECK_FALSE(order.by_rows());
  CHECK(order.stages().front() == Stage::q);
  CHECK(order.stages().back() == Stage::output);
  CHECK_FALSE(order.has(Stage::x));
  CHECK_FALSE(order.has(Stage::biased));
  CHECK_FALSE(order.moment(0).has_value());
  CHECK(*order.moment(1) == Moment{Stage::q, 0, 0});
  CHECK(*order.moment(18) == Moment{Stage::v, 2, 1});
  CHECK(*order.moment(19) == Moment{Stage::scores, 0, 0});
  CHECK(*order.moment(1000) == Moment{Stage::output, 2, 1});
}

TEST_CASE("step order: position and moment are each other's inverse, at every position") {
  Input sinusoidal = random_input(4, 4, 2, 1);
  sinusoidal.config.position = Position::sinusoidal;
  Input cross = random_input(2, 4, 2, 1);
  cross.source = Source{tests::numbered_tokens(70), tests::random_matrix(70, 4, 2)};
  Input features = three_words();
  features.config.attend_over = AttendOver::features;
  for (const Input& input : {three_words(), sinusoidal, cross, features, random_input(65, 2, 1, 3)}) {
    const StepOrder order = order_of(input);
    CAPTURE(order.count());
    for (std::size_t p = 1; p <= order.count(); ++p) REQUIRE(order.position_of(*order.moment(p)) == p);
  }
}

TEST_CASE("step order: long inputs go row by row") {
  const StepOrder cells = order_of(random_input(64, 2, 1, 1));
  const StepOrder rows = order_of(random_input(65, 2, 1, 1));
  CHECK_FALSE(cells.by_rows());
  CHECK(rows.by_rows());
  CHECK(rows.count() == 10 * 65);
  CHECK(rows.computed(rows.end_of(Stage::v) + 1, {Stage::scores, 0, 0, 64}));
  CHECK_FALSE(rows.computed(rows.end_of(Stage::v) + 1, {Stage::scores, 0, 1, 0}));
}

TEST_CASE("step order: inputs are known from the start, the rest cell by cell") {
  const StepOrder order = order_of(three_words());
  CHECK(order.computed(0, {Stage::x, 0, 2, 1}));
  CHECK(order.complete(0, Stage::x));
  CHECK_FALSE(order.computed(0, {Stage::q, 0, 0, 0}));
  CHECK(order.computed(20, {Stage::scores, 0, 0, 1}));
  CHECK_FALSE(order.computed(20, {Stage::scores, 0, 0, 2}));
  CHECK(order.complete(18, Stage::v));
  CHECK_FALSE(order.complete(20, Stage::scores));
  CHECK(order.computed(order.count(), {Stage::output, 0, 2, 1}));
  // A stage that the input does not have is never known.
  CHECK_FALSE(order.computed(order.count(), {Stage::biased, 0, 0, 0}));
  CHECK_FALSE(order.complete(order.count(), Stage::biased));
}

TEST_CASE("step order: stages are walked end by end") {
  const StepOrder order = order_of(three_words());
  CHECK(order.begin_of(Stage::scores) == 18);
  CHECK(order.end_of(Stage::scores) == 27);
  CHECK(order.next_stage(0) == 6);
  CHECK(order.next_stage(20) == 27);
  CHECK(order.next_stage(27) == 36);
  CHECK(order.next_stage(order.count()) == order.count());
  CHECK(order.previous_stage(order.count()) == order.count() - 6);
  CHECK(order.previous_stage(27) == 18);
  CHECK(order.previous_stage(20) == 18);
  CHECK(order.previous_stage(6) == 0);
  CHECK(order.previous_stage(0) == 0);
}

TEST_CASE("step order: places beyond a stage are its last ones") {
  const StepOrder order = order_of(three_words());
  CHECK(order.position_of({Stage::q, 9, 9}) == 6);
  CHECK_FALSE(order.position_of({Stage::biased, 0, 0}).has_value());
}

TEST_CASE("playhead: opens at the end and is moved by hand") {
  Playhead p(order_of(three_words()));
  CHECK(p.at_end());
  CHECK(p.fraction() == 1.0);
  CHECK(p.computed({Stage::output, 0, 2, 1}));
  p.step_forward();
  CHECK(p.at_end());
  p.to_start();
  CHECK(p.at_start());
  CHECK(p.fraction() == 0.0);
  p.step_back();
  CHECK(p.at_start());
  p.step_forward();
  CHECK(*p.moment() == Moment{Stage::q, 0, 0});
  p.next_stage();
  CHECK(*p.moment() == Moment{Stage::q, 2, 1});
  p.previous_stage();
  CHECK(p.at_start());
  p.go(Moment{Stage::weights, 1, 2});
  CHECK(*p.moment() == Moment{Stage::weights, 1, 2});
  p.go(Moment{Stage::biased, 0, 0});
  CHECK(*p.moment() == Moment{Stage::weights, 1, 2});
  p.go(10000);
  CHECK(p.at_end());
  CHECK(Playhead(StepOrder()).fraction() == 1.0);
}

TEST_CASE("playhead: plays on at its speed, stops at the end, and starts over from there") {
  Playhead p(order_of(three_words()));
  CHECK_FALSE(p.advance(1.0, 1.0));
  p.play();
  CHECK(p.at_start());
  CHECK_FALSE(p.advance(0.4, 1.0));  // two moments a second
  CHECK(p.advance(0.2, 1.0));
  CHECK(p.position() == 1);
  CHECK(p.advance(1.0, 4.0));
  CHECK(p.position() == 9);
  p.pause();
  CHECK_FALSE(p.advance(10.0, 1.0));
  p.play();
  CHECK(p.position() == 9);
  CHECK(p.playing());
  p.advance(1e9, 1.0);
  CHECK(p.at_end());
  CHECK_FALSE(p.playing());
  p.play();
  p.step_forward();
  CHECK_FALSE(p.playing());
}

TEST_CASE("playhead: another document keeps the place as well as it can") {
  Input rope = three_words();
  rope.config.position = Position::rope;
  Playhead p(order_of(three_words()));
  p.change_order(order_of(rope));
  CHECK(p.at_end());
  p.go(Moment{Stage::scores, 1, 1});
  p.change_order(order_of(three_words()));
  CHECK(*p.moment() == Moment{Stage::scores, 1, 1});
  p.change_order(order_of(rope));
  p.go(Moment{Stage::q_rotated, 1, 1});
  p.change_order(order_of(three_words()));
  CHECK(*p.moment() == Moment{Stage::v, 2, 1});  // the last stage before it that is still there
  p.to_start();
  p.change_order(order_of(rope));
  CHECK(p.at_start());
}
