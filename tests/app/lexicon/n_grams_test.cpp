#include "app/lexicon/n_grams.h"

#include <string>

#include <doctest/doctest.h>

using namespace attn::lexicon;

namespace {

Lexicon two_words() {
  return Lexicon::parse(
      "english\tchinese\tliving/生命\tsize/"
      "大小\nrange\t\t0..1\t-1..1\nking\t国王\t1\t0.2\nthing\t东西\t0\t-0.2\ncat\t猫\t1\t-0.4\n",
      "two_words.tsv");
}

}  // namespace

TEST_CASE("n-grams: the hash is FNV-1a of 64 bits") {
  // Values published with the function.
  CHECK(fnv1a("") == 0xcbf29ce484222325U);
  CHECK(fnv1a("a") == 0xaf63dc4c8601ec8cU);
  CHECK(fnv1a("foobar") == 0x85944171f73967e8U);
}

TEST_CASE("n-grams: English has groups of 3 to 6 with both ends marked, Chinese of 1 to 3") {
  // <cat>: <ca cat at> <cat cat> <cat>
  CHECK(n_grams_of("cat").size() == 6);
  CHECK(n_grams_of("CAT").size() == 6);
  // 小 猫 小猫
  CHECK(n_grams_of("小猫").size() == 3);
  // aaaa: <aa aaa aa> <aaa aaaa aaa> <aaaa aaaa> <aaaa>, "aaa" once
  CHECK(n_grams_of("aaaa").size() == 9);
  CHECK(n_grams_of("").empty());
  CHECK(n_grams_of("\xff").empty());
}

TEST_CASE("n-grams: shares worked by hand") {
  const Lexicon lexicon = two_words();
  const NGramIndex index(lexicon);
  // "ring": <ri rin ing ng> <rin ring ing> <ring ring> <ring>. Shared with king and thing: ing, ng>, ing>,
  // each had by both: (9 + 9 + 16) / 2 = 17. king has besides <ki kin (9 each) <kin king (16 each) <king
  // king> (25 each) <king> (36): 136 + 17 = 153. thing has besides <th thi hin (27) <thi thin hing (48) <thin
  // thing hing> (75) <thing thing> (72): 222 + 17 = 239. Likeness (17/153)² and (17/239)²: shares 239² and
  // 153² of their sum.
  const auto parts = index.parts("ring");
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].spelling == "king");
  CHECK(parts[0].share == doctest::Approx(57121.0 / (57121.0 + 23409.0)));
  CHECK(parts[1].spelling == "thing");
  CHECK(parts[0].share + parts[1].share == doctest::Approx(1.0));
  // living 0.7093, size 0.2 · 0.7093 − 0.2 · 0.2907 = 0.0837
  CHECK(index.mean(parts) == std::vector<float>{0.71f, 0.08f});
}

TEST_CASE("n-grams: kingdom is near king") {
  const Lexicon lexicon = two_words();
  const NGramIndex index(lexicon);
  const auto parts = index.parts("kingdom");
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].spelling == "king");
  CHECK(parts[0].share > 0.95);
}

TEST_CASE("n-grams: one Chinese character is enough, and no likeness gives no part") {
  const Lexicon lexicon = two_words();
  const NGramIndex index(lexicon);
  const auto parts = index.parts("小猫");
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].spelling == "猫");
  CHECK(index.mean(parts) == std::vector<float>{1.0f, -0.4f});
  CHECK(index.parts("дом").empty());
  CHECK(index.parts("").empty());
}

TEST_CASE("n-grams: numbers of its own are two_words, steady and differ from word to word") {
  const auto first = small_vector("дом", 12);
  CHECK(first.size() == 12);
  CHECK(first == small_vector("дом", 12));
  CHECK(first != small_vector("том", 12));
  for (const float value : first) {
    CHECK(value >= -0.1f);
    CHECK(value <= 0.1f);
  }
}
