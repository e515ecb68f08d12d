#include "app/lexicon/lexicon.h"

#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/io/format_error.h"

using attn::lexicon::Lexicon;

namespace {

constexpr const char* kHead = "english\tchinese\tliving/生命\tsize/大小\nrange\t\t0..1\t-1..1\n";

Lexicon small() {
  return Lexicon::parse(std::string(kHead) +
                            "# animals\n\ncat\t猫/小猫\t1\t-0.4\nstop\t停\t0\t0\nmake/made\t做\t0\t0.5\n"
                            "cry\t哭\t0.5\t0\napple\t苹果\t0\t-0.7\nApple\t苹果公司\t0\t0."
                            "8\nbox\t盒子\t0\t0\ndon't\t别\t0\t0\n",
                        "small.tsv");
}

std::string refusal(const std::string& text) {
  try {
    Lexicon::parse(text, "bad.tsv");
  } catch (const attn::io::FormatError& error) {
    return error.what();
  }
  return "read";
}

std::string spelling(const Lexicon& lexicon, std::string_view word) {
  const auto found = lexicon.find(word);
  return found ? found->spelling : "";
}

}  // namespace

TEST_CASE("lexicon: features, ranges, spellings and numbers are read") {
  const Lexicon lexicon = small();
  REQUIRE(lexicon.features().size() == 2);
  CHECK(lexicon.features()[1].english == "size");
  CHECK(lexicon.features()[1].chinese == "大小");
  CHECK(lexicon.features()[1].low == -1.0f);
  REQUIRE(lexicon.entries().size() == 8);
  CHECK(lexicon.entries()[0].chinese == std::vector<std::string>{"猫", "小猫"});
  CHECK(lexicon.entries()[0].values == std::vector<float>{1.0f, -0.4f});
}

TEST_CASE("lexicon: a word is found as it is written, whatever its capitals, and Chinese exactly") {
  const Lexicon lexicon = small();
  CHECK(spelling(lexicon, "cat") == "cat");
  CHECK(spelling(lexicon, "CAT") == "cat");
  CHECK(spelling(lexicon, "小猫") == "小猫");
  CHECK(lexicon.find("小猫")->entry == 0);
  CHECK(spelling(lexicon, "大猫").empty());
  CHECK(spelling(lexicon, "don’t") == "don't");
  CHECK(spelling(lexicon, "").empty());
}

TEST_CASE("lexicon: the fruit and the firm differ in the capital, and the fruit is found for any other way") {
  const Lexicon lexicon = small();
  CHECK(lexicon.find("apple")->entry == 4);
  CHECK(lexicon.find("Apple")->entry == 5);
  CHECK(lexicon.find("APPLE")->entry == 4);
}

TEST_CASE("lexicon: regular English endings are taken off") {
  const Lexicon lexicon = small();
  for (const char* word : {"cats", "cat's", "Cats"}) CHECK(spelling(lexicon, word) == "cat");
  for (const char* word : {"stopped", "stopping", "stops"}) CHECK(spelling(lexicon, word) == "stop");
  for (const char* word : {"makes", "making", "made"}) CHECK(spelling(lexicon, word).starts_with("ma"));
  for (const char* word : {"cries", "cried", "crying"}) CHECK(spelling(lexicon, word) == "cry");
  CHECK(spelling(lexicon, "boxes") == "box");
  CHECK(spelling(lexicon, "catty").empty());
  CHECK(spelling(lexicon, "s").empty());
  CHECK(spelling(lexicon, "ing").empty());
}

TEST_CASE("lexicon: what is wrong is named in one line") {
  const std::string head = kHead;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "bad.tsv: expected a header and a line of ranges, found the end of the file"},
      {head, "bad.tsv: expected at least one word, found the end of the file"},
      {"word\n", "bad.tsv: line 1: expected the header: english, chinese and the features, found \"word\""},
      {"english\tchinese\tsize\n",
       "bad.tsv: line 1: expected english/chinese as the name of a feature, found \"size\""},
      {"english\tchinese\ta/b\ta/c\n", "bad.tsv: line 1: expected every feature once, found \"a/c\""},
      {"english\tchinese\ta/b\ncat\t猫\t1\n",
       "bad.tsv: line 2: expected the line of ranges after the header, found \"cat\""},
      {"english\tchinese\ta/b\nrange\t\t1..0\n",
       "bad.tsv: line 2, field 3 (a): expected low..high, found \"1..0\""},
      {"english\tchinese\ta/b\nrange\t\t1\n",
       "bad.tsv: line 2, field 3 (a): expected low..high, found \"1\""},
      {head + "cat\t猫\t1\n", "bad.tsv: line 3: expected 4 fields separated by tabs, found 3"},
      {head + "cat\t猫\t2\t0\n",
       "bad.tsv: line 3, field 3 (living): expected a number from 0 to 1, found \"2\""},
      {head + "cat\t猫\t1\t-1.01\n",
       "bad.tsv: line 3, field 4 (size): expected a number from -1 to 1, found \"-1.01\""},
      {head + "cat\t猫\tnan\t0\n",
       "bad.tsv: line 3, field 3 (living): expected a number from 0 to 1, found \"nan\""},
      {head + "cat\t猫\t1 \t0\n",
       "bad.tsv: line 3, field 3 (living): expected a number from 0 to 1, found \"1 \""},
      {head + "cat\t\t1\t0\n",
       "bad.tsv: line 3, field 2 (chinese): expected spellings of 1 to 64 bytes, found \"\""},
      {head + "cat//tom\t猫\t1\t0\n",
       "bad.tsv: line 3, field 1 (english): expected spellings of 1 to 64 bytes, found \"\""},
      {head + "cat\t猫\t1\t0\n\ncat\t狗\t1\t0\n",
       "bad.tsv: line 5, field 1 (english): expected what line 3 does not have, found \"cat\""},
      {head + "c\xff\t猫\t1\t0\n", "bad.tsv: line 3: expected UTF-8, found \"c\\xFF\t猫\t1\t0\""},
  };
  for (const auto& [text, line] : cases) {
    const std::string found = refusal(text);
    CHECK(found.find_first_of("\r\n") == std::string::npos);
    if (text.find('\xff') == std::string::npos) {
      CHECK(found == line);
    } else {
      CHECK(found.starts_with("bad.tsv: line 3: expected UTF-8, found \"c\\xFF"));
    }
  }
}

TEST_CASE("lexicon: what is past a limit is refused") {
  const std::string head = kHead;
  CHECK(refusal(std::string(Lexicon::kMaxBytes + 1, '#')) ==
        "bad.tsv: expected at most 1048576 bytes, found 1048577");
  std::string wide = "english\tchinese";
  for (int i = 0; i < 65; ++i) wide += fmt::format("\ta{0}/b{0}", i);
  CHECK(refusal(wide) == "bad.tsv: line 1: expected at most 64 features, found 65");
  CHECK(refusal(head + std::string(65, 'a') + "\t猫\t1\t0\n").find("1 to 64 bytes") != std::string::npos);
  std::string many = "a0";
  for (int i = 1; i < 33; ++i) many += fmt::format("/a{}", i);
  CHECK(refusal(head + many + "\t猫\t1\t0\n").find("expected at most 32 spellings") != std::string::npos);
  std::string words = head;
  for (int i = 0; i < 20'001; ++i) words += fmt::format("a{0}\tb{0}\t1\t0\n", i);
  CHECK(refusal(words) == "bad.tsv: line 20003: expected at most 20000 words, found another one");
}
