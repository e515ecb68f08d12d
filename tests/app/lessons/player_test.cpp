#include "app/lessons/player.h"

#include <memory>
#include <string>

#include <doctest/doctest.h>

#include "app/lessons/change.h"
#include "app/lessons/evaluate.h"
#include "tests/app/lessons/lesson_inputs.h"

using namespace attn::lessons;
using attn::lessons::tests::complaint_of;
using attn::lessons::tests::Here;
using attn::lessons::tests::shared_lesson_with;
using attn::session::Document;

namespace {

const std::string kSteps = R"([[step]]
text = { en = "First" }
[[step]]
id = "share"
text = { en = "Second" }
change.attention.scale = 0.5
[step.question]
kind = "value"
ask = { en = "Which?" }
answer = "scaled[0][0][0]"
hints = [{ en = "Half." }, { en = "Of five." }]
[[step]]
id = "drag"
text = { en = "Third" }
change.attention.mask.causal = true
[step.figure]
kind = "bars"
values = "[d]"
slider = { name = "d", from = 1, to = 9, start = 3 }
[step.task]
ask = { en = "Drag" }
until = "x[0][0] > start(x[0][0]) and d > 4"
solution = { x = { row = 0, to = [7, 7] }, slider = 8 }
[[step]]
id = "row"
text = { en = "Fourth" }
fresh = true
[step.question]
kind = "predict"
ask = { en = "Which?" }
row = "weights[0][0]"
)";

struct Played {
  Player player{shared_lesson_with(kSteps)};
  Scenes scenes;
  Document document = player.start();

  void go(std::size_t step) { document = player.go(step, document); }
  /// What a learner does: another first word.
  void drag(const std::string& to) {
    document = changed(document, {R"({"x": {"row": 0, "to": )" + to + "}}"});
  }
  std::string reads(const std::string& expression) { return Here(document).text(expression); }
  Moment moment() {
    const Scene scene = scenes.of(document);
    return Moment{scene.document, scene.trace};
  }
  bool answer(const std::string& text) { return player.answer({{}, text}, moment(), scenes).right; }
};

}  // namespace

TEST_CASE("player: each step makes its document from the one before") {
  Played played;
  CHECK(played.player.at_first());
  CHECK(played.player.may_go_on());
  CHECK(played.reads("scale") == "none");
  played.go(1);
  CHECK(played.player.place() == 1);
  CHECK(played.reads("scale") == "factor");
  played.go(2);
  CHECK(played.reads("scale") == "factor");
  CHECK(played.reads("causal") == "true");
  played.go(99);
  CHECK(played.player.at_last());
  CHECK(played.player.place() == 3);
  CHECK(Here(played.player.untouched(1)).text("causal") == "false");
}

TEST_CASE("player: what the learner made goes along, until a step begins afresh") {
  Played played;
  played.go(1);
  played.drag("[4, 4]");
  played.go(2);
  CHECK(played.reads("x[0]") == "4, 4");
  CHECK(played.reads("causal") == "true");
  CHECK(Here(played.player.start()).text("x[0]") == "4, 4");
  played.go(3);
  CHECK(played.reads("x[0]") == "1, 2");
}

TEST_CASE("player: back and forward find what the learner left") {
  Played played;
  played.go(1);
  played.drag("[4, 4]");
  played.go(2);
  played.drag("[5, 5]");
  played.go(1);
  CHECK(played.reads("x[0]") == "4, 4");
  CHECK(played.reads("causal") == "false");
  played.go(2);
  CHECK(played.reads("x[0]") == "5, 5");  // half done, and still there
  CHECK(Here(played.player.start()).text("x[0]") == "4, 4");
  played.go(0);
  CHECK(played.reads("x[0]") == "1, 2");
}

TEST_CASE("player: a step that was only looked at begins with what came before it") {
  Played played;
  played.go(1);
  played.go(2);
  CHECK(played.reads("x[0]") == "1, 2");
  played.go(1);
  played.drag("[4, 4]");
  played.go(2);
  CHECK(played.reads("x[0]") == "4, 4");
  CHECK(Here(played.player.start()).text("x[0]") == "4, 4");
}

TEST_CASE("player: a change that no longer fits gives way to the lesson's own document") {
  Player player(shared_lesson_with(R"([[step]]
text = { en = "First" }
[[step]]
text = { en = "Second" }
change.x = { row = 2, to = [0, 0] }
)"));
  const Document one_word = tests::document_of(R"({"tokens": ["a"], "x": [[1, 2]]})");
  CHECK(Here(player.go(1, one_word)).text("x") == "1, 2; 2, 3; 0, 0");
}

TEST_CASE("player: restart forgets answer, hints and what was changed") {
  Played played;
  played.go(1);
  played.drag("[4, 4]");
  played.player.take_hint();
  CHECK_FALSE(played.answer("7"));
  played.document = played.player.restart();
  CHECK(played.reads("x[0]") == "1, 2");
  CHECK(played.player.state().attempts == 0);
  CHECK(played.player.state().hints == 0);
  CHECK_FALSE(played.player.state().feedback.has_value());
  CHECK(Here(played.player.start()).text("x[0]") == "1, 2");
  CHECK(played.player.place() == 1);
}

TEST_CASE("player: an answer is judged, counted and kept") {
  Played played;
  played.go(1);
  CHECK_FALSE(played.player.may_go_on());
  CHECK_FALSE(played.answer("5"));
  CHECK(played.player.state().attempts == 1);
  CHECK(played.player.state().feedback->slip == Slip::no_scale);
  CHECK_FALSE(played.player.may_go_on());
  CHECK(played.answer("2.5"));
  CHECK(played.player.state().attempts == 2);
  CHECK(played.player.may_go_on());
  CHECK(played.player.steps_done() == 1);
  CHECK(played.player.steps_asking() == 3);
  CHECK_FALSE(played.player.finished());
  CHECK_FALSE(played.answer("7"));  // what was right once stays done
  CHECK(played.player.state().done());
}

TEST_CASE("player: a prediction is done with one answer, right or not") {
  Played played;
  played.go(3);
  CHECK_FALSE(played.player.answer({{0.3, 0.3, 0.4}, {}}, played.moment(), played.scenes).right);
  CHECK(played.player.state().shown);
  CHECK_FALSE(played.player.state().right);
  CHECK(played.player.may_go_on());
}

TEST_CASE("player: a task is done once its condition holds, with the slider and the start of the step") {
  Played played;
  played.go(2);
  CHECK(played.player.slider() == 3.0);
  CHECK_FALSE(played.player.watch(played.moment(), played.scenes));
  played.drag("[2, 2]");
  CHECK_FALSE(played.player.watch(played.moment(), played.scenes));  // d is 3
  played.player.move_slider(5.0);
  CHECK(played.player.slider() == 5.0);
  CHECK(played.player.watch(played.moment(), played.scenes));
  CHECK(played.player.state().right);
  CHECK_FALSE(played.player.watch(played.moment(), played.scenes));  // it was true before
  played.go(0);
  CHECK_FALSE(played.player.slider().has_value());
  CHECK_FALSE(played.player.watch(played.moment(), played.scenes));
}

TEST_CASE("player: the answer may be shown after every hint, or after two wrong answers") {
  Played played;
  CHECK_FALSE(played.player.may_show());  // nothing is asked
  played.go(1);
  CHECK(played.player.hints().size() == 2);
  CHECK_FALSE(played.player.may_show());
  played.player.take_hint();
  CHECK_FALSE(played.player.may_show());
  played.player.take_hint();
  CHECK(played.player.may_show());
  played.player.take_hint();  // there is no third
  CHECK(played.player.state().hints == 2);

  played.document = played.player.restart();
  played.answer("7");
  CHECK_FALSE(played.player.may_show());
  played.answer("8");
  CHECK(played.player.may_show());
  played.answer("2.5");
  CHECK_FALSE(played.player.may_show());  // it is found

  played.go(2);  // a task without hints
  CHECK(played.player.may_show());
}

TEST_CASE("player: showing the answer is not finding it, but later steps may speak of it") {
  Played played;
  played.go(1);
  const Document shown = played.player.show_answer(played.moment(), played.scenes);
  CHECK(shown == played.document);
  CHECK(played.player.state().shown);
  CHECK_FALSE(played.player.state().right);
  CHECK(played.player.state().answer.text == "2.500000");
  CHECK(played.player.may_go_on());
  played.go(2);
  const Moment later = played.player.complete(played.moment());
  CHECK(evaluate_number(parse_expression("answer(share)"), later, played.scenes) == 2.5);
  CHECK(evaluate_number(parse_expression("d"), later, played.scenes) == 3.0);

  played.document = played.player.show_answer(played.moment(), played.scenes);
  CHECK(played.reads("x[0]") == "7, 7");
  CHECK(played.player.slider() == 8.0);
  CHECK(played.player.state().shown);
  CHECK_FALSE(played.player.watch(played.moment(), played.scenes));
}

TEST_CASE("player: another day everything is where it was") {
  Played played;
  played.go(1);
  played.answer("7");
  played.go(2);
  played.document = played.player.show_answer(played.moment(), played.scenes);
  played.go(3);
  played.player.answer({{0.0, 0.0, 1.0}, {}}, played.moment(), played.scenes);
  played.go(2);
  const Player::Remembered before = played.player.remembered();
  CHECK(before.place == 2);
  CHECK(before.answers.at("share").text == "7");
  CHECK(before.done == std::map<std::string, bool>{{"drag", false}, {"row", played.player.state(3).right}});

  Played again;
  again.player.remember(before);
  CHECK(again.player.place() == 2);
  CHECK(again.player.steps_done() == 2);
  CHECK_FALSE(again.player.state(1).done());
  CHECK(again.player.state(1).attempts == 1);
  CHECK(again.player.state(2).shown);
  CHECK(again.player.state(3).answer == Answer{{0.0, 0.0, 1.0}, {}});
  CHECK(again.player.remembered() == before);
  again.document = again.player.start();
  CHECK(again.reads("causal") == "true");
  again.go(3);
  CHECK(again.player.at_last());
}

TEST_CASE("player: what was remembered of another lesson does no harm") {
  Played played;
  played.player.remember({99, {{"nobody", {{1.0}, {}}}}, {{"nobody", true}}});
  CHECK(played.player.at_last());
  CHECK(played.player.steps_done() == 0);
}

TEST_CASE("player: a lesson whose change does not fit cannot be opened, and says where") {
  CHECK(complaint_of([] {
          Player player(
              shared_lesson_with("[[step]]\ntext = { en = \"A\" }\n[[step]]\nid = \"b\"\n"
                                 "text = { en = \"B\" }\nchange.x = { row = 3, to = [1, 2] }\n"));
        }) == "test.toml: line 12: step 2 (b): change.x.row: expected a whole number below 3, found 3");
}
