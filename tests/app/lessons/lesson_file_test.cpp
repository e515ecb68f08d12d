// Lessons as they should be, and as they should not: one clear line for each mistake.

#include "app/lessons/lesson_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include "app/lessons/lesson_check.h"
#include "app/lessons/play.h"
#include "core/io/format_error.h"
#include "tests/app/lessons/lesson_inputs.h"

namespace fs = std::filesystem;
using attn::CellRef;
using attn::Stage;
using attn::io::FormatError;
using namespace attn::lessons;

namespace {

/// Every line below has its number; mistakes are made by replacing a piece of it.
const std::string kGood = R"toml(format = "attention-lesson"
version = 1
title = { en = "A", zh = "甲" }
minutes = 5
documents = ["003: worked example"]
scenario = "three_words"
[teacher]
goal = { en = "B", zh = "乙" }
usual_wrong_answer = { en = "C", zh = "丙" }
ask_the_class = { en = "D", zh = "丁" }

[[step]]
id = "largest"
text = { en = "It scores {scores[0][0]}.", zh = "得分 {scores[0][0]}。" }
focus = { stage = "scores", row = 0, column = 2 }
only = ["x[0]"]
[step.question]
kind = "pick"
what = "token"
ask = { en = "Which gets most?", zh = "谁最多？" }
answer = "argmax(weights[0][0])"

[[step]]
id = "drag"
text = { en = "Now drag.", zh = "现在拖。" }
[step.task]
ask = { en = "Drag.", zh = "拖。" }
until = "weights[0][0][0] > 0.5"
solution = { x = { row = 0, to = [6, -4] } }

[[step]]
id = "true_or_not"
text = { en = "Now decide.", zh = "判断。" }
[step.question]
kind = "choose"
ask = { en = "Which is it?", zh = "是哪个？" }
options = [
  { text = { en = "One", zh = "一" }, right = true },
  { text = { en = "None", zh = "无" } },
]
)toml";

std::string with(std::string text, const std::string& piece, const std::string& other) {
  const std::size_t at = text.find(piece);
  REQUIRE_MESSAGE(at != std::string::npos, piece);
  return text.replace(at, piece.size(), other);
}

/// Every line that reading and checking give.
std::vector<std::string> lines_of(const std::string& text) {
  try {
    const auto lesson = std::make_shared<const Lesson>(parse_lesson(text, "my/l.toml", "/nowhere"));
    return problems_of(lesson, "my/l.toml", {"en", "zh"});
  } catch (const FormatError& problem) {
    return {problem.what()};
  }
}

void gives(const std::string& text, const std::string& line) {
  const std::vector<std::string> lines = lines_of(text);
  CAPTURE(fmt::format("{}", fmt::join(lines, "\n")));
  REQUIRE(lines.size() == 1);
  CHECK(lines.front() == "my/l.toml: " + line);
  CHECK(lines.front().find('\n') == std::string::npos);
}
void gives(const std::string& piece, const std::string& other, const std::string& line) {
  CAPTURE(other);
  gives(with(kGood, piece, other), line);
}

}  // namespace

TEST_CASE("the lesson from which mistakes are made has none") {
  const std::vector<std::string> lines = lines_of(kGood);
  CHECK_MESSAGE(lines.empty(), fmt::format("{}", fmt::join(lines, "\n")));
}

TEST_CASE("a lesson that was written from the documentation alone reads and plays") {
  const auto lesson = std::make_shared<const Lesson>(
      load_lesson(ATTN_SOURCE_DIR "/tests/app/lessons/example_five_steps.toml"));
  CHECK(lesson->name == "example_five_steps");
  CHECK(lesson->minutes == 10);
  CHECK(lesson->documents == std::vector<std::string>{"002: from scratch"});
  REQUIRE(lesson->steps.size() == 5);
  const auto problems = problems_of(lesson, "example", {"en", "zh"});
  CHECK_MESSAGE(problems.empty(), fmt::format("{}", fmt::join(problems, "\n")));

  Scenes scenes;
  Deeds deeds;
  for (const Step& step : lesson->steps)
    if (step.asks()) deeds[step.id] = {};
  const auto played = play(lesson, deeds, scenes, "en");
  REQUIRE(played.size() == 5);
  // birds (1, 1), sing (2, 0), loudly (1, 2): 1·1 + 1·1, 1·2 + 1·0, 1·1 + 1·2.
  CHECK(played[0].text == "Three words. A row asks, the columns answer. birds 鸟 scores 2, 2, 3.");
  for (std::size_t i = 1; i < played.size(); ++i) {
    CAPTURE(played[i].given);
    CHECK(played[i].right);
  }
  CHECK(play(lesson, {}, scenes, "zh")[3].ask == "birds 鸟 给自己多少份额？");
}

TEST_CASE("what a file says arrives in the lesson") {
  const Lesson lesson = parse_lesson(kGood, "my/l.toml", {});
  CHECK(lesson.name == "l");
  REQUIRE(lesson.steps.size() == 3);
  const Step& step = lesson.steps.front();
  CHECK(step.line == 12);
  CHECK(step.id == "largest");
  CHECK(step.focus == CellRef{Stage::scores, 0, 0, 2});
  CHECK(step.only == std::vector<std::string>{"x[0]"});
  CHECK(step.show == std::array<bool, kCardCount>{true, false, true, true, false});
  REQUIRE(step.question.has_value());
  CHECK(name(step.question->kind) == "pick");
  REQUIRE(lesson.steps[1].task.has_value());
  CHECK(lesson.steps[1].task->solution.change.json == R"({"x":{"row":0,"to":[6,-4]}})");

  const Lesson more = tests::lesson_with(R"([[step]]
text = { en = "Look" }
fresh = true
playhead = { stage = "scores", row = 1, column = 2 }
show = ["explain"]
hide = ["weights", "weights[0]", "weights[0][1]", "output[2]"]
lock = ["scale", "source[1]"]
view = { vectors = "k" }
change.attention.scale = "sqrt_dk"
[[step]]
text = { en = "Look again" }
playhead = "start"
)");
  const Step& first = more.steps[0];
  CHECK(first.fresh);
  CHECK(first.playhead.kind == PlayheadPlace::Kind::cell);
  CHECK(first.playhead.cell == CellRef{Stage::scores, 0, 1, 2});
  CHECK(first.show == std::array<bool, kCardCount>{false, false, false, false, true});
  REQUIRE(first.hide.size() == 4);
  CHECK_FALSE(first.hide[0].head.has_value());
  CHECK(first.hide[1].head == 0U);
  CHECK_FALSE(first.hide[1].row.has_value());
  CHECK(first.hide[2].row == 1U);
  CHECK(first.hide[3].row == 2U);
  CHECK(first.lock == std::vector<std::string>{"scale", "source[1]"});
  CHECK(first.view_json == R"({"vectors":"k"})");
  CHECK(first.change.json == R"({"attention":{"scale":"sqrt_dk"}})");
  CHECK_FALSE(first.asks());
  CHECK(more.steps[1].playhead.kind == PlayheadPlace::Kind::start);
}

TEST_CASE("a scenario may lie beside the lesson, not elsewhere") {
  const fs::path folder = fs::temp_directory_path() / fmt::format("attn-lesson-{}", getpid());
  fs::create_directories(folder);
  std::ofstream(folder / "mine.json")
      << R"({"format": "attention-scenario", "version": 1, "tokens": ["only"], "x": [[1, 2]]})";
  const std::string text = with(kGood, "\"three_words\"", "\"mine.json\"");
  const Lesson lesson = parse_lesson(text, "l.toml", folder);
  CHECK(lesson.scenario->dimensions().n_keys == 1);
  fs::remove_all(folder);
  gives("\"three_words\"", "\"../mine.json\"",
        "line 6: scenario: expected a file beside the lesson, without a folder, found \"../mine.json\"");
  gives("\"three_words\"", "\"four_words\"",
        "line 6: scenario: expected a built-in scenario or a file that ends in .json, found \"four_words\"");
  gives("\"three_words\"", "{ tokens = [\"a\"], x = [[1, 2], [3, 4]] }",
        "line 6: scenario: x: expected 1 rows, as many as tokens, found 2 rows");
}

TEST_CASE("a file that is no TOML of a lesson is refused with its line") {
  gives(with(kGood, "minutes = 5", "minutes = 5 5"),
        lines_of(with(kGood, "minutes = 5", "minutes = 5 5")).front().substr(11));
  CHECK(lines_of(with(kGood, "minutes = 5", "minutes = 5 5")).front().starts_with("my/l.toml: line 4: "));
  gives("minutes = 5", "minutes = 1979-05-27",
        "line 4: expected a text, number, truth, list or table, found a date or time");
  gives("\"甲\"", "\"\xff\"", "line 3: expected UTF-8, found a byte that is none");
  gives(std::string((std::size_t{1} << 20) + 1, '#'), "expected at most 1048576 bytes, found 1048577");
  gives("", "line 1: format: expected a value, found none");
}

TEST_CASE("keys and brackets that go too deep are refused before they exhaust the stack") {
  const std::string line = ": expected tables at most 16 deep, found deeper ones";
  std::string parts = "a";
  for (int i = 0; i < 200'000; ++i) parts += ".a";
  gives(kGood + parts + " = 1\n", "line 41" + line);
  gives(kGood + "[" + parts + "]\n", "line 41" + line);
  gives("minutes = 5", "minutes = { " + parts + " = 5 }", "line 4" + line);  // behind the equals sign
  gives("minutes = 5", "\"#\"." + parts + " = 5", "line 4" + line);          // a comment it is not
  gives("minutes = 5", "'='." + parts + " = 5", "line 4" + line);
  gives("minutes = 5", "\"\"\"\\\"\"\"\"\" = 5\n" + parts + " = 5", "line 5" + line);
  gives("minutes = 5", "minutes = " + std::string(100'000, '['), "line 4" + line);
  std::string nested = "minutes = ";
  for (int i = 0; i < 200; ++i) nested += "{ a.a.a.a.a.a = ";
  gives("minutes = 5", nested, "line 4" + line);
  // Dots in strings and comments are none of keys.
  const std::string dots(500, '.');
  CHECK(lines_of(with(kGood, "Now drag.", "Now drag" + dots)).empty());
  CHECK(lines_of("# " + dots + "\n" + kGood).empty());
  CHECK(
      lines_of(with(kGood, "\"Now drag.\"", "\"\"\"\n" + dots + "\"quoted\" " + dots + "\"\"\"\"")).empty());
}

TEST_CASE("the head of a lesson is complete and of the right kind") {
  gives("format = \"attention-lesson\"", "format = \"attention-scenario\"",
        "line 1: format: expected \"attention-lesson\", found \"attention-scenario\"");
  gives("version = 1", "version = 2", "line 2: version: expected 1, found 2");
  gives("title = { en = \"A\", zh = \"甲\" }", "title = \"A\"",
        "line 3: title: expected a table of texts by language, { en = \"…\", zh = \"…\" }, found \"A\"");
  gives("zh = \"甲\"", "zh = \"\"", "line 3: title.zh: expected a text, found an empty one");
  gives("minutes = 5", "minutes = 0", "line 4: minutes: expected a whole number from 1 to 240, found 0");
  gives("minutes = 5", "minutes = \"5\"",
        "line 4: minutes: expected a whole number from 1 to 240, found \"5\"");
  gives("[\"003: worked example\"]", "\"003\"", "line 5: documents: expected a list of texts, found \"003\"");
  gives("scenario = \"three_words\"\n", "", "line 1: scenario: expected a value, found none");
  gives("goal = { en = \"B\", zh = \"乙\" }\n", "", "line 7: teacher.goal: expected a value, found none");
  gives("minutes = 5", "minutes = 5\nauthor = \"me\"",
        "line 5: author: expected a field that there is, found this one");
  gives("minutes = 5", "minutes = 5\n\"a\\nb\" = 1",
        "line 5: a\\u000Ab: expected a field that there is, found this one");
  gives(kGood.substr(0, kGood.find("[[step]]")),
        "line 1: step: expected a list of 1 to 64 tables, found none");
}

TEST_CASE("a step names what is wrong with it") {
  const std::string in_step = "step 1 (largest): ";
  gives("id = \"largest\"\n", "",
        "line 12: step 1: id: expected an id, since the step asks something, found none");
  gives(
      "id = \"largest\"", "id = \"the largest\"",
      "line 13: step 1 (the largest): id: expected letters, digits and _, at most 40, found \"the largest\"");
  gives("id = \"drag\"", "id = \"largest\"",
        "line 24: step 2 (largest): id: expected an id that no other step has, found \"largest\"");
  gives("only = [\"x[0]\"]", "onli = [\"x[0]\"]",
        "line 16: " + in_step + "onli: expected a field that there is, found this one");
  gives(
      "only = [\"x[0]\"]", "only = [\"x[a]\"]",
      "line 16: " + in_step + "only: expected names such as \"x[0]\", \"w_q\" or \"scale\", found \"x[a]\"");
  gives("only = [\"x[0]\"]", "lock = [\"everything\"]",
        "line 16: " + in_step +
            "lock: expected names such as \"x[0]\", \"w_q\" or \"scale\", found \"everything\"");
  gives("stage = \"scores\"", "stage = \"preatt\"",
        "line 15: " + in_step + "focus.stage: expected a stage such as \"weights\", found \"preatt\"");
  gives("row = 0, column = 2", "row = 0.5",
        "line 15: " + in_step + "focus.row: expected a whole number from 0 to 65536, found 0.5");
  gives("only = [\"x[0]\"]", "show = [\"map\"]",
        "line 16: " + in_step +
            "show: expected \"pipeline\", \"scenario\", \"heatmap\", \"vectors\" or \"explain\", found "
            "\"map\"");
  gives("only = [\"x[0]\"]", "hide = [\"weights[0][1][2]\"]",
        "line 16: " + in_step +
            "hide: expected \"weights\", \"weights[0]\" or \"weights[0][1]\", found \"weights[0][1][2]\"");
  gives("only = [\"x[0]\"]", "fresh = 1", "line 16: " + in_step + "fresh: expected true or false, found 1");
  gives("only = [\"x[0]\"]", "playhead = \"middle\"",
        "line 16: " + in_step + "playhead: expected one of \"start\", \"end\", found \"middle\"");
  gives("only = [\"x[0]\"]", "change = 3",
        "line 16: " + in_step + "change: expected a table with fields of a scenario, found 3");
}

TEST_CASE("a text with a mistake says which and where") {
  const std::string place = "line 14: step 1 (largest): text.en: ";
  gives("It scores {scores[0][0]}.", "It scores 5.",
        place + "expected no digits outside braces, found \"It scores 5.\"");
  gives("It scores {scores[0][0]}.", "It {scores[0][0].",
        place + "expected \"}\", found the end of the text after \"{scores[0][0].\"");
  gives("It scores {scores[0][0]}.", "It {scores[0][0} is",
        place + "expected \"]\", found the end at character 12");
  gives("It scores {scores[0][0]}.", "It {wobble} is", place + "expected a name that there is, found wobble");
  gives("It scores {scores[0][0]}.", "It {soft(1)} is",
        place + "expected a function that there is, found soft(…)");
  gives("{ en = \"Now drag.\", zh = \"现在拖。\" }", "3",
        "line 25: step 2 (drag): text: expected a table of texts by language, { en = \"…\", zh = \"…\" }, "
        "found 3");
}

TEST_CASE("a question or task with a mistake says which field") {
  const std::string first = "step 1 (largest): question.";
  gives("kind = \"pick\"", "kind = \"guess\"",
        "line 18: " + first +
            "kind: expected one of \"predict\", \"pick\", \"choose\", \"value\", \"foresee\", \"strike\", "
            "found \"guess\"");
  gives("what = \"token\"", "what = \"word\"",
        "line 19: " + first +
            "what: expected one of \"token\", \"row\", \"column\", \"head\", \"cell\", found \"word\"");
  gives("answer = \"argmax(weights[0][0])\"\n", "",
        "line 17: " + first + "answer: expected a value, found none");
  gives("argmax(weights[0][0])", "argmax(weights[0][0]",
        "line 21: " + first + "answer: expected \")\", found the end at character 21");
  gives("argmax(weights[0][0])", "argmax(weights, 2)",
        "line 21: " + first + "answer: argmax: expected 1 arguments, found 2");
  gives("until = \"weights[0][0][0] > 0.5\"", "until = \"row > 0.5\"",
        "line 28: step 2 (drag): task.until: expected a name that there is, found row");
  gives("solution = { x = { row = 0, to = [6, -4] } }", "solution = { }",
        "line 29: step 2 (drag): task.solution: expected a change, a cell to select or a place of the "
        "slider, found none");
  gives(
      "solution = {", "freedom = \"all\"\nsolution = {",
      "line 29: step 2 (drag): task.freedom: expected one of \"this_word\", \"all_words\", \"w_q_and_w_k\", "
      "\"w_v\", found \"all\"");
  gives("  { text = { en = \"None\", zh = \"无\" } },\n", "",
        "line 37: step 3 (true_or_not): question.options: expected a list of 2 to 8 tables, found 1");
  gives("[step.task]",
        "[step.question]\nkind = \"value\"\nask = { en = \"A\", zh = \"甲\" }\nanswer = 1\n[step.task]",
        "line 30: step 2 (drag): task: expected a question or a task, found both");
}

TEST_CASE("a figure with a mistake says which field") {
  const auto figure = [](const std::string& fields) {
    return with(kGood, "[step.task]", "[step.figure]\n" + fields + "\n[step.task]");
  };
  const std::string place = "step 2 (drag): figure.";
  CHECK(lines_of(figure("kind = \"bars\"\nvalues = \"weights[0][0]\"")).empty());
  gives(figure("kind = \"pie\""),
        "line 27: " + place +
            "kind: expected one of \"bars\", \"map\", \"histogram\", \"curve\", \"shapes\", found \"pie\"");
  gives(figure("kind = \"histogram\"\nvalues = \"x[0]\"\nbins = 4"),
        "line 29: " + place + "bins: expected a whole number from 5 to 60, found 4");
  const std::string bars = "kind = \"bars\"\nvalues = \"[d]\"\n";
  CHECK(lines_of(figure(bars + "slider = { name = \"d\", from = 2, to = 8 }")).empty());
  gives(figure(bars), "line 28: " + place + "values: expected a name that there is, found d");
  gives(figure(bars + "slider = { name = \"d\", from = 0, to = 8, doubling = true }"),
        "line 29: " + place + "slider.from: expected a number above 0, since it doubles, found 0");
  gives(figure(bars + "slider = { name = \"d\", from = 2, to = 1 }"),
        "line 29: " + place + "slider.to: expected a number from 2 to 1000000, found 1");
  for (const char* name : {"d_k", "weights", "w_q", "two words", "9", "", "true"}) {
    gives(figure(bars + fmt::format("slider = {{ name = \"{}\", from = 2, to = 8 }}", name)),
          "line 29: " + place +
              "slider.name: expected a name of letters and _ that nothing else has, found \"" + name + "\"");
  }
}
