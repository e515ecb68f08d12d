#include "app/session/sentence.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using attn::session::is_cut_by_spaces;
using attn::session::sentence_of;
using attn::session::split_sentence;
using Words = std::vector<std::string>;

TEST_CASE("sentence: words are cut at spaces, and punctuation is a word of its own") {
  CHECK(split_sentence("The cat sat, tired.") == Words{"The", "cat", "sat", ",", "tired", "."});
  CHECK(split_sentence("  a\tb\n\nc\r\n") == Words{"a", "b", "c"});
  CHECK(split_sentence("(so) \"they\" say") == Words{"(", "so", ")", "\"", "they", "\"", "say"});
  CHECK(split_sentence("wait... what?!") == Words{"wait", "...", "what", "?", "!"});
}

TEST_CASE("sentence: marks inside words and numbers stay there") {
  CHECK(split_sentence("I don't pay 3.14 at 10:30.") ==
        Words{"I", "don't", "pay", "3.14", "at", "10:30", "."});
  CHECK(split_sentence("a well-known, it’s 1,000") == Words{"a", "well-known", ",", "it’s", "1,000"});
  CHECK(split_sentence("'quoted' -5") == Words{"'", "quoted", "'", "-", "5"});
  CHECK(split_sentence("w_q x.y.z.") == Words{"w_q", "x.y.z", "."});
}

TEST_CASE("sentence: Chinese and Japanese are cut into characters") {
  CHECK(split_sentence("我喜欢猫。") == Words{"我", "喜", "欢", "猫", "。"});
  CHECK(split_sentence("猫がすき、ネコ") == Words{"猫", "が", "す", "き", "、", "ネ", "コ"});
  CHECK(split_sentence("我用GPT4写 Python 代码") == Words{"我", "用", "GPT4", "写", "Python", "代", "码"});
  CHECK(split_sentence("他说：“好……”") == Words{"他", "说", "：", "“", "好", "……", "”"});
}

TEST_CASE("sentence: spaces between Chinese words say where they end") {
  CHECK(split_sentence("我 喜欢 小猫。") == Words{"我", "喜欢", "小猫", "。"});
  CHECK(split_sentence("国王　爱 王后") == Words{"国王", "爱", "王后"});
  // A space beside a foreign word cuts nothing else.
  CHECK(split_sentence("学习 Rust 语言") == Words{"学", "习", "Rust", "语", "言"});
  CHECK(split_sentence("我们 学习 Rust") == Words{"我们", "学习", "Rust"});
}

TEST_CASE("sentence: accents and joined pictures stay on their letter") {
  CHECK(split_sentence("cafe\u0301 noir") == Words{"cafe\u0301", "noir"});
  CHECK(split_sentence("か\u3099く") == Words{"か\u3099", "く"});
  CHECK(split_sentence("Привет, мир") == Words{"Привет", ",", "мир"});
}

TEST_CASE("sentence: nothing to cut gives nothing, and broken text is refused") {
  CHECK(split_sentence("").empty());
  CHECK(split_sentence(" \t\u3000\n").empty());
  CHECK_THROWS_AS(split_sentence("a\xff"), std::invalid_argument);
}

TEST_CASE("sentence: tokens are put together so that they are cut the same way again") {
  CHECK(sentence_of({"我", "喜", "欢", "猫"}) == "我喜欢猫");
  CHECK(sentence_of({"我", "喜欢", "猫"}) == "我 喜欢 猫");
  CHECK(sentence_of({"don't", "go", "."}) == "don't go .");
  // No text is cut into these: the space would separate.
  CHECK(sentence_of({"New York", "is", "large"}).empty());
}

TEST_CASE("sentence: spaces cut Chinese only between two of its characters") {
  CHECK(is_cut_by_spaces("我 喜欢"));
  CHECK_FALSE(is_cut_by_spaces("我喜欢 Rust 语言"));
  CHECK_FALSE(is_cut_by_spaces("the cat"));
}
