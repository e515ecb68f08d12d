// attentionscope lesson check, list and play, as a person runs them.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/app/cli/program.h"

using attn::tests::Outcome;
using attn::tests::run;
using attn::tests::Scratch;

namespace {

const std::string kFiveSteps = ATTN_SOURCE_DIR "/tests/app/lessons/example_five_steps.toml";
const std::string kAllRight = R"([answers]
hidden_score = 1
predict = "right"
first_word = "1"
drag = { x = { row = 0, to = [2, 3] } }
)";

bool has(const Outcome& outcome, const std::string& part) {
  return outcome.text.find(part) != std::string::npos;
}
std::string play(const std::filesystem::path& answers) {
  return fmt::format("lesson play {} --answers '{}'", kFiveSteps, answers.string());
}

}  // namespace

TEST_CASE("lesson check ends with 0 where nothing is wrong") {
  const Outcome outcome = run("lesson check 01_three_words " + kFiveSteps);
  CAPTURE(outcome.text);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.text == "01_three_words: no problem found\n" + kFiveSteps + ": no problem found\n");
}

TEST_CASE("lesson check ends with 2 and names file, line, step and field of every mistake") {
  const Scratch scratch;
  std::ifstream file(kFiveSteps);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto broken = [&](const std::string& piece, const std::string& other) {
    std::string copy = text;
    copy.replace(copy.find(piece), piece.size(), other);
    return scratch.write("broken.toml", copy).string();
  };
  const std::string unread = broken("kind = \"predict\"", "kind = \"guess\"");
  const Outcome outcome = run(fmt::format("lesson check '{}' {}", unread, kFiveSteps));
  CAPTURE(outcome.text);
  CHECK(outcome.exit_code == 2);
  CHECK(has(outcome, unread + ": line 53: step 3 (predict): question.kind: expected one of \"predict\""));
  CHECK(has(outcome, kFiveSteps + ": no problem found"));

  const std::string unsolved = broken("to = [2, 3]", "to = [1, 1]");
  const Outcome checked = run(fmt::format("lesson check '{}'", unsolved));
  CHECK(checked.exit_code == 2);
  CHECK(checked.text == unsolved +
                            ": line 80: step 5 (drag): task.solution: expected it to make task.until true, "
                            "found it still false\n");
  const Outcome missing = run("lesson check /nowhere/l.toml");
  CHECK(missing.exit_code == 2);
  CHECK(std::ranges::count(missing.text, '\n') == 1);
  CHECK(has(missing, "/nowhere/l.toml"));
}

TEST_CASE("lesson list names every lesson, its length and what it covers") {
  const Outcome outcome = run("lesson list");
  CAPTURE(outcome.text);
  CHECK(outcome.exit_code == 0);
  CHECK(std::ranges::count(outcome.text, '\n') >= 17);
  CHECK(has(outcome, "01_three_words"));
  CHECK(has(outcome, " min "));
  const Outcome chinese = run("lesson list --language zh");
  CHECK(chinese.exit_code == 0);
  CHECK(has(chinese, "谁问谁答"));
  CHECK_FALSE(has(outcome, "谁问谁答"));
  CHECK(has(run("lesson list --documents"), "01_three_words           003: worked example\n"));
  CHECK(run("lesson list --language fr").exit_code == 2);
  CHECK(run("lesson").exit_code == 2);
}

TEST_CASE("lesson play ends with 0 where all is right, with 1 where it is not, with 2 where it cannot") {
  const Scratch scratch;
  const Outcome right = run(play(scratch.write("right.toml", kAllRight)));
  CAPTURE(right.text);
  CHECK(right.exit_code == 0);
  CHECK(has(right, "4 of 4 right\n"));
  CHECK(has(right, "1. Three words. A row asks, the columns answer. birds 鸟 scores 2, 2, 3.\n"));

  std::string answers = kAllRight;
  answers.replace(answers.find("\"1\""), 3, "\"a lot\"");
  const Outcome wrong = run(play(scratch.write("wrong.toml", answers)));
  CHECK(wrong.exit_code == 1);
  CHECK(has(wrong, "   > a lot\n   wrong\n   Type a number, a fraction or a root: 0.95, 11/√2, sqrt(2).\n"));
  CHECK(has(wrong, "3 of 4 right\n"));

  const Outcome silent = run("lesson play --language zh " + kFiveSteps);
  CHECK(silent.exit_code == 1);
  CHECK(has(silent, "no answer\n"));
  CHECK(has(silent, "0 of 4 right\n"));
  CHECK(has(silent, "三个词。行发问，列作答。"));

  const Outcome unknown = run(play(scratch.write("unknown.toml", kAllRight + "nobody = 1\n")));
  CHECK(unknown.exit_code == 2);
  CHECK(
      has(unknown, "unknown.toml: line 6: answers.nobody: expected a field that there is, found this one\n"));
  CHECK(run(play(scratch.path / "missing.toml")).exit_code == 2);
  CHECK(run("lesson play no_such_lesson").exit_code == 2);
  CHECK(run("lesson play '" + scratch.write("empty.toml", "").string() + "'").exit_code == 2);
}
