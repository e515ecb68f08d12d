#include "app/lexicon/word_vector.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

using namespace attn::lexicon;

namespace {

double distance(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(static_cast<double>(a[i] - b[i]), 2.0);
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE(
    "word vector: a word of the lexicon, an unknown one, and one that shares nothing say where they come "
    "from") {
  const WordVector king = meaning_of("Kings");
  CHECK(king.origin == Origin::entry);
  REQUIRE(king.parts.size() == 1);
  CHECK(king.parts[0].spelling == "king");
  const WordVector kingly = meaning_of("kingly");
  CHECK(kingly.origin == Origin::n_grams);
  CHECK(kingly.parts[0].spelling == "king");
  CHECK(meaning_of("дом").origin == Origin::unknown);
  CHECK(meaning_of("дом").parts.empty());
  CHECK(meaning_of("").origin == Origin::unknown);
}

TEST_CASE("word vector: an unknown word is near the words that it looks like") {
  struct Case {
    const char* word;
    const char* near;
    const char* far;
  };
  for (const Case& c :
       {Case{"kingly", "king", "apple"}, Case{"grandson", "son", "street"}, Case{"doggy", "dog", "table"},
        Case{"bookshelf", "book", "cat"}, Case{"猫咪", "猫", "汽车"}, Case{"苹果树", "苹果", "医生"},
        Case{"女教师", "老师", "桌子"}, Case{"schoolhouse", "school", "dog"}}) {
    CAPTURE(c.word);
    const WordVector meaning = meaning_of(c.word);
    CHECK(meaning.origin == Origin::n_grams);
    CHECK(distance(meaning.values, meaning_of(c.near).values) <
          distance(meaning.values, meaning_of(c.far).values));
  }
}

TEST_CASE("word vector: the same word has the same vector, always") {
  for (const char* word : {"king", "kingly", "дом", "xyzzy", "量子", "🙂"}) {
    CAPTURE(word);
    const WordVector first = meaning_of(word);
    const WordVector second = meaning_of(word);
    CHECK(first.values == second.values);
    CHECK(first.origin == second.origin);
    CHECK(first.values.size() == builtin().features().size());
    for (const float value : first.values) CHECK(std::abs(value) <= 1.0f);
  }
}

TEST_CASE("word vector: a scenario has lexicon vectors where its columns carry the lexicon's names") {
  const auto english = feature_names("en");
  const auto chinese = feature_names("zh-CN");
  REQUIRE(english.size() == 12);
  CHECK(english[0] == "living");
  CHECK(chinese[0] == "生命");
  CHECK(vector_for_word("cat", english)->values == vector_for_word("cat", chinese)->values);
  CHECK_FALSE(vector_for_word("cat", std::vector<std::string>{"living", "size"}).has_value());
  CHECK_FALSE(vector_for_word("cat", {}).has_value());
}

TEST_CASE("word vector: columns that are not the lexicon's stay, wherever they stand") {
  auto names = feature_names("en");
  std::swap(names[0], names[5]);
  names.insert(names.begin(), "#1");
  std::vector<float> row(names.size(), 9.0f);
  const auto cat = vector_for_word("cat", names, row);
  REQUIRE(cat.has_value());
  CHECK(cat->values[0] == 9.0f);
  CHECK(cat->values[1] == -0.4f);  // size
  CHECK(cat->values[6] == 1.0f);   // living
  CHECK(vector_for_word("cat", names)->values[0] == 0.0f);
  CHECK_THROWS_AS(vector_for_word("cat", names, std::vector<float>{1.0f}), std::invalid_argument);
}

TEST_CASE("word vector: a row that was changed has its own numbers") {
  const auto names = feature_names("en");
  std::vector<float> row = vector_for_word("cat", names)->values;
  CHECK(origin_of("cat", names, row)->origin == Origin::entry);
  CHECK(origin_of("dog", names, row)->origin == Origin::own);
  row[3] = 0.5f;
  CHECK(origin_of("cat", names, row)->origin == Origin::own);
  CHECK(origin_of("cat", names, row)->parts.empty());
  CHECK_FALSE(origin_of("cat", std::vector<std::string>{"living"}, std::vector<float>{1.0f}).has_value());
  CHECK_FALSE(origin_of("cat", names, std::vector<float>{1.0f}).has_value());
}
