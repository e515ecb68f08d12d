#include "app/lexicon/join_words.h"

#include <doctest/doctest.h>

using Words = std::vector<std::string>;
using attn::lexicon::join_words;

TEST_CASE(
    "join words: neighbouring characters that the lexicon knows as one word are joined, the longest first") {
  CHECK(join_words(Words{"我", "喜", "欢", "吃", "苹", "果", "。"}) ==
        Words{"我", "喜欢", "吃", "苹果", "。"});
  CHECK(join_words(Words{"苹", "果", "公", "司"}) == Words{"苹果公司"});
}

TEST_CASE("join words: what is not Chinese, already a word or unknown stays as it is") {
  CHECK(join_words(Words{"the", "cat", "猫", "鑫"}) == Words{"the", "cat", "猫", "鑫"});
  CHECK(join_words(Words{"喜欢", "苹", "x", "果"}) == Words{"喜欢", "苹", "x", "果"});
  CHECK(join_words(Words{}).empty());
}
