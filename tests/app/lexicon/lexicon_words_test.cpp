// The words themselves: every line of the file, and whether its numbers make sense.

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "app/lexicon/word_vector.h"
#include "core/io/text.h"

using namespace attn::lexicon;

namespace {

std::vector<float> vector_of(std::string_view word) {
  const WordVector meaning = meaning_of(word);
  INFO(word);
  CHECK(meaning.origin == Origin::entry);
  return meaning.values;
}

double distance(std::string_view a, std::string_view b) {
  const auto u = vector_of(a);
  const auto v = vector_of(b);
  double sum = 0.0;
  for (std::size_t i = 0; i < u.size(); ++i) sum += std::pow(static_cast<double>(u[i] - v[i]), 2.0);
  return std::sqrt(sum);
}

bool has_chinese(const std::string& word) {
  for (const char32_t c : attn::io::decode_utf8(word)) {
    if (c >= 0x3000) return true;  // Chinese characters and punctuation
  }
  return word == "……";
}

}  // namespace

TEST_CASE("words: at least 300 concepts in both languages, 8 to 12 features, every number in its range") {
  const Lexicon& lexicon = builtin();
  CHECK(lexicon.entries().size() >= 300);
  CHECK(lexicon.features().size() >= 8);
  CHECK(lexicon.features().size() <= 12);
  std::set<std::string> seen;
  for (const Entry& entry : lexicon.entries()) {
    REQUIRE_FALSE(entry.english.empty());
    REQUIRE_FALSE(entry.chinese.empty());
    CAPTURE(entry.english.front());
    REQUIRE(entry.values.size() == lexicon.features().size());
    for (std::size_t i = 0; i < entry.values.size(); ++i) {
      CAPTURE(lexicon.features()[i].english);
      CHECK(entry.values[i] >= lexicon.features()[i].low);
      CHECK(entry.values[i] <= lexicon.features()[i].high);
    }
    for (const std::string& word : entry.english) {
      CAPTURE(word);
      CHECK_FALSE(has_chinese(word));
      CHECK(seen.insert(word).second);
    }
    for (const std::string& word : entry.chinese) {
      CAPTURE(word);
      CHECK(has_chinese(word));
      CHECK(seen.insert(word).second);
    }
  }
}

TEST_CASE("words: every spelling finds its own line") {
  const Lexicon& lexicon = builtin();
  for (std::size_t i = 0; i < lexicon.entries().size(); ++i) {
    for (const auto* const list : {&lexicon.entries()[i].english, &lexicon.entries()[i].chinese}) {
      for (const std::string& word : *list) {
        CAPTURE(word);
        REQUIRE(lexicon.find(word).has_value());
        CHECK(lexicon.find(word)->entry == i);
      }
    }
  }
}

TEST_CASE("words: neighbours are sensible") {
  struct Case {
    const char* word;
    const char* near;
    const char* far;
  };
  const std::vector<Case> cases = {{"king", "queen", "apple"},    {"cat", "dog", "car"},
                                   {"猫", "狗", "汽车"},          {"eat", "drink", "see"},
                                   {"apple", "banana", "Apple"},  {"Paris", "London", "bread"},
                                   {"happy", "sad", "stone"},     {"he", "she", "book"},
                                   {"mother", "father", "table"}, {"老师", "学生", "学校"},
                                   {"river", "lake", "cup"},      {"walk", "run", "think"},
                                   {"table", "chair", "king"},    {"red", "blue", "big"},
                                   {"bus", "car", "cake"},        {"prince", "princess", "dog"},
                                   {"男人", "女人", "苹果"},      {"tree", "flower", "house"},
                                   {"in", "on", "and"},           {"喜欢", "爱", "跑"},
                                   {"kitten", "cat", "elephant"}, {"doctor", "nurse", "hospital"}};
  for (const Case& c : cases) {
    CAPTURE(c.word);
    CAPTURE(c.near);
    CAPTURE(c.far);
    CAPTURE(distance(c.word, c.near));
    CAPTURE(distance(c.word, c.far));
    CHECK(distance(c.word, c.near) < distance(c.word, c.far));
  }
}

TEST_CASE("words: king less man is queen less woman and prince less boy, exactly") {
  const auto difference = [](std::string_view a, std::string_view b) {
    auto u = vector_of(a);
    const auto v = vector_of(b);
    for (std::size_t i = 0; i < u.size(); ++i) u[i] -= v[i];
    return u;
  };
  CHECK(difference("king", "man") == difference("queen", "woman"));
  CHECK(difference("king", "man") == difference("prince", "boy"));
  CHECK(difference("国王", "男人") == difference("女王", "女人"));
  CHECK(difference("father", "mother") == difference("grandfather", "grandmother"));
}

TEST_CASE("words: a translation has the very same vector") {
  const std::vector<std::pair<const char*, const char*>> pairs = {
      {"apple", "苹果"}, {"king", "国王"},   {"she", "她"}, {"tired", "累"}, {"because", "因为"},
      {"eat", "吃"},     {"street", "马路"}, {"cat", "猫"}, {"I", "我"},     {"China", "中国"}};
  for (const auto& [english, chinese] : pairs) {
    CAPTURE(english);
    CHECK(vector_of(english) == vector_of(chinese));
  }
}

TEST_CASE("words: the sentences of a class are covered word by word") {
  const std::vector<std::vector<const char*>> sentences = {
      {"The", "animal", "did", "not", "cross", "the", "street", "because", "it", "was", "too", "tired"},
      {"the", "king", "and", "the", "queen"},
      {"The", "cat", "sat", "on", "the", "mat", "."},
      {"She", "gave", "the", "boy", "a", "book", "because", "he", "liked", "stories"},
      {"The", "trophy", "doesn't", "fit", "in", "the", "suitcase", "because", "it", "is", "too", "big"},
      {"Paris", "is", "the", "capital", "of", "France"},
      {"The", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog"},
      {"我", "喜欢", "吃", "苹果", "。"},
      {"动物", "没有", "穿过", "马路", "，", "因为", "它", "太", "累", "了"},
      {"国王", "和", "女王", "住", "在", "宫殿", "里"},
      {"老师", "给", "学生", "一本", "书"},
      {"猫", "坐在", "垫子", "上"}};
  std::vector<std::string> missing;
  for (const auto& sentence : sentences) {
    for (const char* word : sentence) {
      if (meaning_of(word).origin != Origin::entry) missing.emplace_back(word);
    }
  }
  CHECK(missing == std::vector<std::string>{"一本"});  // one measure word, near "一个" by its first character
  CHECK(meaning_of("一本").origin == Origin::n_grams);
}
