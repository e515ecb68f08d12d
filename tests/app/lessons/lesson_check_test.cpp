#include "app/lessons/lesson_check.h"

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/app/lessons/lesson_inputs.h"

using attn::lessons::problems_of;
using attn::lessons::tests::shared_lesson_with;

namespace {

std::vector<std::string> problems(const std::string& steps,
                                  const std::vector<std::string>& languages = {"en"}) {
  return problems_of(shared_lesson_with(steps), "t.toml", languages);
}
void check_gives(const std::string& steps, const std::string& line) {
  CAPTURE(steps);
  const auto found = problems(steps);
  CAPTURE(fmt::format("{}", fmt::join(found, "\n")));
  REQUIRE(found.size() == 1);
  CHECK(found.front() == "t.toml: " + line);
}

/// One step that asks, at line 10; `fields` stand before its question or task.
std::string step(const std::string& asks, const std::string& fields = "") {
  return "[[step]]\nid = \"s\"\ntext = { en = \"Look\" }\n" + fields + asks;
}
std::string task(const std::string& until, const std::string& solution) {
  return "[step.task]\nask = { en = \"Do\" }\nuntil = \"" + until + "\"\nsolution = " + solution + "\n";
}
std::string question(const std::string& kind, const std::string& fields) {
  return "[step.question]\nkind = \"" + kind + "\"\nask = { en = \"What?\" }\n" + fields + "\n";
}
std::string option(const std::string& fields) { return "{ text = { en = \"So\" }, " + fields + " }, "; }

const std::string kDone = task("x[0][0] > 8", "{ x = { row = 0, to = [9, 9] } }");
const std::string kPlace = "line 10: step 1 (s): ";

}  // namespace

TEST_CASE("check: a task is neither true from the start nor left undone by its solution") {
  CHECK(problems(step(kDone)).empty());
  check_gives(step(task("x[0][0] < 8", "{ x = { row = 0, to = [7, 9] } }")),
              kPlace + "task.until: expected it to be false when the step begins, found it true");
  check_gives(step(task("x[0][0] > 8", "{ x = { row = 0, to = [8, 9] } }")),
              kPlace + "task.solution: expected it to make task.until true, found it still false");
  check_gives(step(task("x[3][0] > 8", "{ x = { row = 0, to = [9, 9] } }")),
              kPlace + "task.until: x: expected a row below 3, found 3");
  check_gives(step(task("x[0][0] > 8", "{ x = { row = 3, to = [9, 9] } }")),
              kPlace + "task.solution: change.x.row: expected a whole number below 3, found 3");
  CHECK(problems(step(task("selected(weights, 0, 1, 2)", "{ select = { row = 1, column = 2 } }"))).empty());
}

TEST_CASE("check: the slider of a solution moves the figure's number") {
  const std::string figure =
      "[step.figure]\nkind = \"bars\"\nvalues = \"[d]\"\nslider = { name = \"d\", from = 1, to = 9 }\n";
  CHECK(problems(step(figure + task("d > 8", "{ slider = 9 }"))).empty());
  check_gives(step(figure + task("d > 8", "{ slider = 7 }")),
              kPlace + "task.solution: expected it to make task.until true, found it still false");
}

TEST_CASE("check: a text keeps to its length and has every language") {
  std::string words = "one";
  for (int i = 1; i < 41; ++i) words += " word";
  const std::string named = "[[step]]\nid = \"s\"\n";
  check_gives(named + "text = { en = \"" + words + "\" }\n" + kDone,
              kPlace + "text.en: expected at most 40 words, found 41");
  std::string characters;
  for (int i = 0; i < 71; ++i) characters += "字";
  check_gives(named + "text = { en = \"A\", zh = \"" + characters + "\" }\n" + kDone,
              kPlace + "text.zh: expected at most 70 characters, found 71");

  const auto found = problems(step(kDone), {"en", "zh"});
  std::vector<std::string> expected;
  for (const char* place : {"title", "teacher.goal", "teacher.usual_wrong_answer", "teacher.ask_the_class"})
    expected.push_back(fmt::format("t.toml: {}: expected a text in \"zh\", found none", place));
  for (const char* place : {"text", "task.ask"})
    expected.push_back(fmt::format("t.toml: {}{}: expected a text in \"zh\", found none", kPlace, place));
  CHECK(found == expected);
}

TEST_CASE("check: every live value has one") {
  check_gives("[[step]]\nid = \"s\"\ntext = { en = \"It is {weights[0][0][7]}\" }\n" + kDone,
              kPlace + "text.en: weights: expected a column below 3, found 7");
  check_gives("[[step]]\nid = \"s\"\ntext = { en = \"It is {answer(later)}\" }\n" + kDone,
              kPlace + "text.en: the step later has no answer yet");
  check_gives(step(kDone + "after = { en = \"{b_q}\" }\n"),
              kPlace + "task.after.en: b_q is absent in this scenario");
  // An answer stands in later texts, and in what is said after it.
  CHECK(problems(step(question("value", "answer = 2\nafter = { en = \"You said {answer(s)}\" }")) +
                 "[[step]]\nid = \"t\"\ntext = { en = \"You said {answer(s)}\" }\n" + kDone)
            .empty());
}

TEST_CASE("check: six of ten steps ask something") {
  const std::string telling = "[[step]]\ntext = { en = \"Look\" }\n";
  const std::string asking = step(question("value", "answer = 2"));
  std::string steps = telling + telling;
  for (const char* id : {"\"a\"", "\"b\"", "\"c\""})
    steps += std::string(asking).replace(asking.find("\"s\""), 3, id);
  CHECK(problems(steps).empty());
  check_gives(telling + step(kDone), "expected at least 60 % of the steps to ask something, found 1 of 2");
}

TEST_CASE("check: places and widgets that the scenario has not are named") {
  check_gives(step(kDone, "focus = { row = 3 }\n"),
              kPlace + "focus: expected a cell that the scenario has, found another");
  check_gives(step(kDone, "focus = { stage = \"q_rotated\" }\n"),
              kPlace + "focus: expected a cell that the scenario has, found another");
  check_gives(step(kDone, "playhead = { stage = \"scores\", column = 3 }\n"),
              kPlace + "playhead: expected a cell that the scenario has, found another");
  check_gives(step(kDone, "hide = [\"weights[1]\"]\n"),
              kPlace + "hide: expected numbers that the scenario has, found others of weights");
  check_gives(
      step(kDone, "highlight = [\"map.cell\"]\n"),
      kPlace + "highlight: expected a widget such as \"heatmap.cell[weights][0][0,2]\", found \"map.cell\"");
}

TEST_CASE("check: a change that does not fit is one line with its step") {
  check_gives(step(kDone, "change.x = { row = 3, to = [1, 2] }\n"),
              kPlace + "change.x.row: expected a whole number below 3, found 3");
  check_gives(step(kDone, "change.attention.scale = \"half\"\n"),
              kPlace + "change: attention.scale: expected \"none\", \"sqrt_dk\" or a number, found \"half\"");
}

TEST_CASE("check: a pick has a place that there is, and can be judged wherever one clicks") {
  CHECK(problems(step(question("pick", "what = \"cell\"\nanswer = \"[0, 2]\""))).empty());
  check_gives(step(question("pick", "what = \"cell\"\nanswer = \"2\"")),
              kPlace + "question.answer: expected [row, column], found another value");
  check_gives(step(question("pick", "what = \"token\"\nanswer = \"[1, 2]\"")),
              kPlace + "question.answer: expected one place, found another value");
  check_gives(step(question("pick", "what = \"head\"\nanswer = 1")),
              kPlace + "question.answer: expected a place that there is, found 1");
  check_gives(step(question("pick", "what = \"cell\"\nanswer = \"[0, 3]\"")),
              kPlace + "question.answer: expected a place that there is, found 0, 3");
  check_gives(step(question("pick", "what = \"token\"\nanswer = 1\naccept = \"token == 2\"")),
              kPlace + "question: expected its own answer to be judged right, found it judged wrong");
  check_gives(step(question("pick", "what = \"token\"\nanswer = 0\naccept = \"x[token + 1][0] > 0\"")),
              kPlace + "question.accept: x: expected a row below 3, found 3");
  check_gives(step(question("pick",
                            "what = \"token\"\nanswer = 0\n"
                            "wrong = [{ when = \"x[token + 1][0] > 0\", say = { en = \"No\" } }]")),
              kPlace + "question.wrong.when: x: expected a row below 3, found 3");
}

TEST_CASE("check: a choice has one right option, or several, and a wrong one") {
  const auto choose = [](const std::string& options, const std::string& more = "") {
    return step(question("choose", "options = [" + options + "]\n" + more));
  };
  const std::string right = option("right = true");
  const std::string wrong = option("right = false");
  CHECK(problems(choose(right + wrong)).empty());
  CHECK(problems(choose(right + right + wrong, "several = true")).empty());
  CHECK(problems(choose("{ text = { en = \"A\" } }, { text = { en = \"B\" } }", "vote = true")).empty());
  check_gives(choose(wrong + wrong), kPlace + "question.options: expected one right option, found 0");
  check_gives(choose(right + right + wrong), kPlace + "question.options: expected one right option, found 2");
  check_gives(choose(wrong + wrong, "several = true"),
              kPlace + "question.options: expected at least one right option, found 0");
  check_gives(choose(right + right, "several = true"),
              kPlace + "question.options: expected a wrong option, found none");
  check_gives(choose(option("right = \"x[9][0] > 1\"") + wrong),
              kPlace + "question: x: expected a row below 3, found 9");
}

TEST_CASE("check: a value's wrong answers are wrong, and tiny answers can be typed") {
  CHECK(problems(step(question("value", "answer = \"weights[0][2][0]\"\ntolerance = 1e-9")))
            .empty());  // 8.3e-7
  check_gives(step(question("value", "answer = 2\nwrong = [{ value = \"1 + 1\", say = { en = \"No\" } }]")),
              kPlace + "question.wrong.value: expected a value other than the right one, 2, found it");
  check_gives(step(question("value", "answer = 2\nwrong = [{ value = \"x\", say = { en = \"No\" } }]")),
              kPlace + "question.wrong.value: expected a number, found a matrix of 3 × 2");
  check_gives(
      step(question("value",
                    "answer = 2\nwrong = [{ value = 3, say = { en = \"No\" } }, { value = 3.001, say = { en "
                    "= \"Nor\" } }]")),
      kPlace + "question.wrong.value: expected values that can be told apart, found 3.001 twice");
  check_gives(step(question("value", "answer = \"x[0]\"")),
              kPlace + "question.answer: expected a number, found a list of 2 numbers");
  check_gives(step(question("value", "answer = \"0 / 0\"")),
              kPlace + "question: expected its own answer to be judged right, found it judged wrong");
}

TEST_CASE("check: a prediction is of a row, and what is foreseen moves") {
  CHECK(problems(step(question("predict", "row = \"weights[0][1]\""))).empty());
  for (const char* row : {"weights[0]", "scores[0][1]", "[1, 0, 0]"}) {
    check_gives(step(question("predict", fmt::format("row = \"{}\"", row))),
                kPlace + "question.row: expected a row such as weights[0][1], found another expression");
  }
  check_gives(step(question("predict", "row = \"weights[0][3]\"")),
              kPlace + "question.row: weights: expected a row below 3, found 3");

  const auto foresee = [](const std::string& change, const std::string& moves) {
    return step(question("foresee", "options = [" + option("moves = \"" + moves + "\"") +
                                        option("moves = \"x[1]\"") + "]\nchange = " + change));
  };
  CHECK(problems(foresee("{ x = { row = 0, to = [5, 5] } }", "x[0]")).empty());
  check_gives(foresee("{ x = { row = 0, to = [5, 5] } }", "x[2]"),
              kPlace + "question.options: expected something that moves, found nothing");
  check_gives(foresee("{ x = { row = 3, to = [5, 5] } }", "x[0]"),
              kPlace + "question.change: change.x.row: expected a whole number below 3, found 3");
  check_gives(foresee("{ x = { row = 0, to = [5, 5] } }", "x[3]"),
              kPlace + "question.options.moves: x: expected a row below 3, found 3");
}

TEST_CASE("check: every kind of figure is computed at both ends of its slider") {
  const auto figure = [](const std::string& fields) {
    return step(kDone, "[step.figure]\n" + fields + "\n");
  };
  const std::string slider = "\nslider = { name = \"d\", from = 0, to = 3 }";
  CHECK(problems(figure("kind = \"bars\"\nvalues = \"x[0]\"\nlabels = [{ en = \"A\" }, { en = \"B\" }]"))
            .empty());
  check_gives(figure("kind = \"bars\"\nvalues = \"x[0]\"\nlabels = [{ en = \"A\" }]"),
              kPlace + "figure.labels: expected 2 labels, one a bar, found 1");
  check_gives(figure("kind = \"bars\"\nvalues = \"x[d]\"" + slider),
              kPlace + "figure: x: expected a row below 3, found 3");
  check_gives(figure("kind = \"map\"\nmaps = [{ values = \"x[0]\", title = { en = \"A\" } }]"),
              kPlace + "figure: expected a matrix, found a list of 2 numbers");
  check_gives(figure("kind = \"histogram\"\nvalues = \"x\""),
              kPlace + "figure: expected a list, found a matrix of 3 × 2");
  check_gives(
      figure("kind = \"curve\"\nx = \"range(0, 3)\"\ny = \"[1, 2]\"\nx_title = { en = \"A\" }\ny_title = { "
             "en = \"B\" }"),
      kPlace + "figure.y: expected 4 numbers, as x has, found 2");
  check_gives(
      figure("kind = \"shapes\"\nfits = 1\nfactors = [{ name = \"Q\", rows = \"n_queries\", columns = "
             "\"d_k\" }]"),
      kPlace + "figure: expected true or false, found a number");
}
