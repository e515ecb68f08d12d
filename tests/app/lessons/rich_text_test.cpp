#include "app/lessons/rich_text.h"

#include <string>

#include <doctest/doctest.h>

#include "tests/app/lessons/lesson_inputs.h"

using attn::lessons::digits_of;
using attn::lessons::Expression;
using attn::lessons::parse_rich_text;
using attn::lessons::RichText;
using attn::lessons::TextPart;
using attn::lessons::ValueFormat;
using attn::lessons::words_of;
using attn::lessons::tests::complaint_of;
using Kind = TextPart::Kind;

namespace {

std::string text_refusal(std::string_view text) {
  return complaint_of([&] { parse_rich_text(text); });
}
std::size_t english(std::string_view text) { return words_of(parse_rich_text(text), false); }
std::size_t chinese(std::string_view text) { return words_of(parse_rich_text(text), true); }
bool has_digits(std::string_view text) { return digits_of(parse_rich_text(text)).has_value(); }

}  // namespace

TEST_CASE("a text is words with marks in braces") {
  const RichText text = parse_rich_text(
      "The *whole* {q:asking} {k:answering} {v:giving} word {f:\\frac{a}{b}} {quote:003 (5, 11, 17)} "
      "{term:softmax}");
  const std::vector<std::pair<Kind, std::string>> expected = {
      {Kind::words, "The "},   {Kind::strong, "whole"},
      {Kind::words, " "},      {Kind::query, "asking"},
      {Kind::words, " "},      {Kind::key, "answering"},
      {Kind::words, " "},      {Kind::value, "giving"},
      {Kind::words, " word "}, {Kind::formula, "\\frac{a}{b}"},
      {Kind::words, " "},      {Kind::quote, "(5, 11, 17)"},
      {Kind::words, " "},      {Kind::term, "softmax"}};
  REQUIRE(text.size() == expected.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    CAPTURE(i);
    CHECK(text[i].kind == expected[i].first);
    CHECK(text[i].text == expected[i].second);
  }
  CHECK(text[11].document == "003");
}

TEST_CASE("a live value has an expression and a format") {
  const RichText text = parse_rich_text("{x[0][1]}{x|2}{x|%}{x|exact}");
  REQUIRE(text.size() == 4);
  REQUIRE(text[0].expression.has_value());
  CHECK(text[0].expression->kind() == Expression::Kind::index);
  CHECK(text[0].format.kind == ValueFormat::Kind::automatic);
  CHECK(text[1].format.kind == ValueFormat::Kind::decimals);
  CHECK(text[1].format.decimals == 2);
  CHECK(text[2].format.kind == ValueFormat::Kind::percent);
  CHECK(text[3].format.kind == ValueFormat::Kind::exact);
}

TEST_CASE("a text that cannot be read says why") {
  CHECK(text_refusal("a {x") == "expected \"}\", found the end of the text after \"{x\"");
  CHECK(text_refusal("a } b") == "expected \"{\" before \"}\", found none");
  CHECK(text_refusal("a *b") == "expected a second \"*\", found the end of the text");
  CHECK(text_refusal("{x|9}") == "expected a number of decimals, % or exact after \"|\", found \"9\"");
  CHECK(text_refusal("{x|ten}") == "expected a number of decimals, % or exact after \"|\", found \"ten\"");
  CHECK(text_refusal("{quote:three words}") ==
        "expected an article's number and its words, as in {quote:003 …}, found \"quote:three words\"");
  CHECK(text_refusal("{q:}") == "expected words after \"q:\", found none");
  CHECK(text_refusal("{x[}") == "expected a value, found the end at character 3");
  CHECK(text_refusal("{}") == "expected a value, found the end at character 1");
}

TEST_CASE("English is counted in words, braces as one") {
  CHECK(english("") == 0);
  CHECK(english("Who looks at whom?") == 4);
  CHECK(english("a self-attention, \"so\"") == 3);
  CHECK(english("{token(0)} scores {scores[0][0]}.") == 3);
  CHECK(english("*two words* {f:Q K^T \\cdot V} more") == 4);
  CHECK(english("  spaces \n and\tbreaks ") == 3);
}

TEST_CASE("Chinese is counted in characters, other words and braces as one, punctuation as none") {
  CHECK(chinese("谁最关注谁？") == 5);
  CHECK(chinese("对 softmax，取最大。") == 5);
  CHECK(chinese("{token(0)}的得分是{scores[0][0]}。") == 6);
  CHECK(chinese("「实例那篇文章」") == 6);
  CHECK(chinese("用W乘，再加b") == 6);
}

TEST_CASE("digits stand only in expressions and quotations") {
  CHECK_FALSE(has_digits("no digits"));
  CHECK_FALSE(has_digits("{weights[0][0]} and {quote:003 5, 11} and {term:h2}"));
  CHECK(has_digits("0.95"));
  CHECK(has_digits("*7*"));
  CHECK(has_digits("{q:2 words}"));
  CHECK(has_digits("{f:x_1}"));
  for (const char* text : {"d²", "x₁", "１", "½", "a⁴"}) {
    CAPTURE(std::string(text));
    CHECK(has_digits(text));
  }
  CHECK(digits_of(parse_rich_text("fine {1} but *2 not*")).value_or("") == "2 not");
}

TEST_CASE("a negative number behind a sign of calculation stands in brackets") {
  CHECK(attn::lessons::behind_sign("3 · ", "−2") == "(−2)");
  CHECK(attn::lessons::behind_sign("3 ×", "−2") == "(−2)");
  CHECK(attn::lessons::behind_sign("3 − ", "−2") == "(−2)");
  CHECK(attn::lessons::behind_sign("3 · ", "2") == "2");
  CHECK(attn::lessons::behind_sign("= ", "−2") == "−2");
  CHECK(attn::lessons::behind_sign("3 · (", "−2") == "−2");
  CHECK(attn::lessons::behind_sign("", "−2") == "−2");
  CHECK(attn::lessons::behind_sign("5 + ", "−2, 3") == "−2, 3");  // a list
}
