#include "app/lessons/judge.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "app/lessons/play.h"
#include "tests/app/lessons/lesson_inputs.h"

using namespace attn::lessons;
using attn::lessons::tests::Here;
using attn::lessons::tests::lesson_with;
using attn::lessons::tests::three_words;

namespace {

/// The three words: row 0 scores 5, 8, 11 and gets the shares 0.0024, 0.0473, 0.9503.
struct Asked {
  explicit Asked(const std::string& fields)
      : lesson(lesson_with("[[step]]\nid = \"s\"\ntext = { en = \"Look\" }\n[step.question]\n"
                           "ask = { en = \"What?\" }\n" +
                           fields)),
        question(*lesson.steps.front().question),
        here(three_words()) {}

  Feedback to(const Answer& answer) { return judge(question, answer, here.now, here.scenes); }
  Feedback to(std::vector<double> numbers) { return to(Answer{std::move(numbers), {}}); }
  Feedback to(const char* text) { return to(Answer{{}, text}); }
  /// What is said, line by line.
  std::string said(const Feedback& feedback) {
    std::string all;
    for (const FeedbackLine& line : feedback.lines) {
      all += all.empty() ? "" : " | ";
      all += line.own.empty() ? english(line.message) : plain_text(line.own.in("en"), here.now, here.scenes);
    }
    return all;
  }
  Answer right() { return right_answer(question, here.now, here.scenes); }

  Lesson lesson;
  const Question& question;
  Here here;
};

std::string say(const std::string& text) { return "say = { en = \"" + text + "\" }"; }

}  // namespace

TEST_CASE("judge: a predicted row is right within its tolerance, share by share") {
  Asked asked("kind = \"predict\"\nrow = \"weights[0][0]\"\ntolerance = 0.1");
  CHECK(asked.to({0.0, 0.1, 0.9}).right);
  CHECK(asked.to({0.1, 0.1, 0.86}).right);
  CHECK_FALSE(asked.to({0.0, 0.16, 0.84}).right);
  CHECK_FALSE(asked.to({0.0, 1.0}).right);
  CHECK_FALSE(asked.to(std::vector<double>{}).right);
  const Feedback even = asked.to({0.33, 0.33, 0.33});
  CHECK_FALSE(even.right);
  CHECK(asked.said(even) == "");
  // 5, 8, 11 divided by 24.
  const Feedback shares = asked.to({0.21, 0.33, 0.46});
  CHECK(shares.slip == Slip::no_exponential);
  CHECK(asked.said(shares) ==
        "That divides the scores by their sum. The softmax takes the exponential first.");
  CHECK(asked.to(asked.right()).right);
}

TEST_CASE("judge: a picked place is the answer's, and a wrong one may be told why") {
  Asked asked(
      "kind = \"pick\"\nwhat = \"token\"\nanswer = \"argmax(weights[0][0])\"\n"
      "wrong = [{ when = \"token == 0\", " +
      say("That asks {token(0)}.") + " }]");
  CHECK(asked.right() == Answer{{2.0}, {}});
  CHECK(asked.to({2.0}).right);
  const Feedback self = asked.to({0.0});
  CHECK_FALSE(self.right);
  CHECK(asked.said(self) == "That asks x1.");
  CHECK(asked.said(asked.to({1.0})) == "");
  CHECK_FALSE(asked.to({0.0, 2.0}).right);
  CHECK_FALSE(asked.to(std::vector<double>{}).right);
}

TEST_CASE("judge: a picked cell is a row and a column, and several may be accepted") {
  Asked asked(
      "kind = \"pick\"\nwhat = \"cell\"\nanswer = \"[0, 2]\"\n"
      "accept = \"scores[0][row][column] == 11\"\n"
      "wrong = [{ when = \"row == column\", " +
      say("On the diagonal.") + " }]");
  CHECK(asked.to({0.0, 2.0}).right);
  CHECK(asked.to({2.0, 0.0}).right);
  CHECK_FALSE(asked.to({1.0, 2.0}).right);
  CHECK(asked.said(asked.to({1.0, 1.0})) == "On the diagonal.");
  CHECK_FALSE(asked.to({2.0}).right);
}

TEST_CASE("judge: options are right together, and each one speaks") {
  const std::string options = "options = [{ text = { en = \"A\" }, right = true, " + say("Yes.") +
                              " }, { text = { en = \"B\" }, right = \"1 > 2\", " + say("No.") +
                              " }, { text = { en = \"C\" }, right = \"size(x[0]) == 2\" }]\n";
  Asked asked("kind = \"choose\"\nseveral = true\n" + options);
  CHECK(asked.right() == Answer{{0.0, 2.0}, {}});
  CHECK(asked.to({0.0, 2.0}).right);
  CHECK(asked.said(asked.to({0.0, 2.0})) == "Yes.");
  CHECK_FALSE(asked.to({0.0}).right);
  CHECK(asked.said(asked.to({0.0, 1.0})) == "Yes. | No.");
  CHECK_FALSE(asked.to(std::vector<double>{}).right);
  CHECK_FALSE(asked.to({0.0, 2.0, 7.0}).right);  // no such option

  Asked vote(
      "kind = \"choose\"\nvote = true\n"
      "options = [{ text = { en = \"A\" } }, { text = { en = \"B\" }, " +
      say("So think many.") + " }]\n");
  CHECK(vote.to({0.0}).right);
  CHECK(vote.to({1.0}).right);
  CHECK(vote.said(vote.to({1.0})) == "So think many.");
  CHECK_FALSE(vote.to(std::vector<double>{}).right);
}

TEST_CASE("judge: a typed value is right, a known mistake, a slip, a percentage or unreadable") {
  Asked asked(
      "kind = \"value\"\nanswer = \"weights[0][0][2]\"\n"
      "wrong = [{ value = \"weights[0][0][1]\", " +
      say("That is {token(1)}'s.") + " }]");
  CHECK(asked.to("0.95").right);
  CHECK(asked.to("95%").right);
  CHECK(asked.to("19/20").right);
  CHECK_FALSE(asked.to("0.94").right);
  CHECK(asked.said(asked.to("0.05")) == "That is x2's.");
  CHECK(asked.to("11").slip == Slip::before_softmax);
  CHECK(asked.said(asked.to("11")) == "That is the score. The share comes after the softmax.");
  CHECK(asked.said(asked.to("95")) ==
        "That would be in percent: write the percent sign, or a share from 0 to 1.");
  CHECK(asked.said(asked.to("0.5")) == "");
  for (const char* text : {"", "a lot", "0,95", "1/0"}) {
    CAPTURE(std::string(text));
    const Feedback unreadable = asked.to(text);
    CHECK_FALSE(unreadable.right);
    CHECK(asked.said(unreadable) == "Type a number, a fraction or a root: 0.95, 11/√2, sqrt(2).");
  }
  CHECK(asked.to(asked.right()).right);
}

TEST_CASE("judge: only a share of some size can be taken for a percentage") {
  Asked nothing("kind = \"value\"\nanswer = 0");
  CHECK(nothing.said(nothing.to("0.3")) == "");
  Asked two("kind = \"value\"\nanswer = 2");
  CHECK(two.said(two.to("200")) == "");
  Asked small("kind = \"value\"\nanswer = 0.002");
  CHECK(small.said(small.to("0.3")) == "");
}

TEST_CASE("judge: what is right can be typed however small it is") {
  Asked tiny("kind = \"value\"\nanswer = \"weights[0][2][0]\"\ntolerance = 1e-9");
  CHECK(tiny.to(tiny.right()).right);
  Asked hidden("kind = \"value\"\nanswer = \"-infinity\"");
  CHECK(hidden.right().text == "−∞");
  CHECK(hidden.to("-inf").right);
  CHECK_FALSE(hidden.to("0").right);
}

TEST_CASE("judge: what is foreseen is what moves with the change") {
  Asked asked(
      "kind = \"foresee\"\nchange = { x = { row = 2, to = [6, 8] } }\n"
      "options = [{ text = { en = \"A\" }, moves = \"scores[0][0][2]\", " +
      say("It doubles.") + " }, { text = { en = \"B\" }, moves = \"scores[0][0][1]\", " +
      say("Neither moved.") +
      " }, { text = { en = \"C\" }, moves = \"token(0)\" }, { text = { en = \"D\" }, moves = \"output[1]\" "
      "}]");
  CHECK(asked.right() == Answer{{0.0, 3.0}, {}});
  CHECK(asked.to({0.0, 3.0}).right);
  CHECK_FALSE(asked.to({0.0}).right);
  CHECK(asked.said(asked.to({0.0})) == "It doubles. | What you marked is right. Something is still missing.");
  CHECK(asked.said(asked.to({3.0})) == "What you marked is right. Something is still missing.");
  CHECK(asked.said(asked.to({0.0, 3.0})) == "It doubles.");
  CHECK(asked.said(asked.to({0.0, 1.0})) == "It doubles. | Neither moved.");
  CHECK(asked.here.number("scores[0][0][2]") == 11.0);  // nothing has changed yet
}

TEST_CASE("judge: what is struck out is what is wrong, and nothing else") {
  Asked asked(
      "kind = \"strike\"\ndocument = \"003\"\n"
      "excerpt = \"Take ⟦q:Q⟧, then ⟦max:the maximum⟧ of ⟦k:K⟧.\"\n"
      "[step.question.pieces]\nq = { }\nmax = { wrong = true, " +
      say("It shares.") + " }\nk = { " + say("This is right.") + " }\n");
  CHECK(asked.right() == Answer{{1.0}, {}});
  CHECK(asked.to({1.0}).right);
  CHECK(asked.said(asked.to({1.0})) == "It shares.");
  CHECK_FALSE(asked.to({1.0, 2.0}).right);
  CHECK(asked.said(asked.to({1.0, 2.0})) == "It shares. | This is right.");
  CHECK_FALSE(asked.to({0.0}).right);
  CHECK(asked.said(asked.to(std::vector<double>{})) == "Strike out at least one piece.");
  const auto& strike = std::get<Strike>(asked.question.kind);
  std::string whole;
  for (const Piece& piece : strike.pieces) whole += piece.text;
  CHECK(whole == "Take Q, then the maximum of K.");
}

TEST_CASE("an answer is a number or a list in later expressions") {
  CHECK(std::get<double>(value_of({{}, "1/4"})) == 0.25);
  CHECK(std::get<double>(value_of({{3.0}, {}})) == 3.0);
  CHECK(std::get<List>(value_of({{0.5, 0.5}, {}})) == List{0.5, 0.5});
}
