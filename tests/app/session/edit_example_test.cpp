#include <doctest/doctest.h>

#include "app/lexicon/word_vector.h"
#include "app/session/edit.h"
#include "app/session/feature_columns.h"
#include "core/attention/attention.h"
#include "core/io/scenario.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::three_word_document;

namespace {

using Words = std::vector<std::string>;

const Words kPronounSentence = {"The",    "animal",  "did", "not", "cross", "the",
                                "street", "because", "it",  "was", "too",   "tired"};

Matrix weights_of(const Document& document, std::size_t head) {
  Arrays<float> arrays;
  forward(document.input(), document.dimensions(), arrays);
  const auto values = arrays.head(Stage::weights, head);
  Matrix result(values.rows, values.columns);
  for (std::size_t i = 0; i < values.rows; ++i) {
    for (std::size_t j = 0; j < values.columns; ++j) result(i, j) = values(i, j);
  }
  return result;
}

}  // namespace

TEST_CASE("example: words get the lexicon's vectors and names, and everything before is replaced") {
  const Document before = three_word_document();
  const Document after = apply(before, MakeExample{{"I", "like", "apples"}, "en", false});
  CHECK(*after.input().tokens == Words{"I", "like", "apples"});
  CHECK(*after.scenario().feature_names == lexicon::feature_names("en"));
  CHECK(after.dimensions().n_heads == 1);
  CHECK(after.input().config.scale.kind == Scale::Kind::sqrt_dk);
  const auto row = after.input().x.row(2);
  CHECK(std::vector<float>(row.begin(), row.end()) == lexicon::meaning_of("apple").values);
  CHECK(after.scenario().title.in("en") == "I like apples");
  CHECK(english(label_of(before, MakeExample{})) == "Make an example from words");
}

TEST_CASE("example: Chinese has Chinese names, and its title no spaces") {
  const Document d =
      apply(three_word_document(), MakeExample{{"我", "喜欢", "吃", "苹果", "。"}, "zh", false});
  CHECK(d.scenario().feature_names->front() == "生命");
  CHECK(d.scenario().title.in("zh") == "我喜欢吃苹果。");
}

TEST_CASE("example: a capital begins a sentence, elsewhere it makes the firm") {
  const Document d = apply(three_word_document(), MakeExample{{"Apple", "and", "Apple"}, "en", false});
  const auto first = d.input().x.row(0);
  const auto last = d.input().x.row(2);
  CHECK(std::vector<float>(first.begin(), first.end()) == lexicon::meaning_of("apple").values);
  CHECK(std::vector<float>(last.begin(), last.end()) == lexicon::meaning_of("苹果公司").values);
  const Document paris = apply(three_word_document(), MakeExample{{"Paris"}, "en", false});
  CHECK(lexicon::origin_of("Paris", *paris.scenario().feature_names, paris.input().x.row(0))->origin ==
        lexicon::Origin::entry);
}

TEST_CASE("example: of the four composed heads each does what it was composed for") {
  const Document d = apply(three_word_document(), MakeExample{kPronounSentence, "en", true});
  CHECK(d.dimensions().n_heads == 4);
  CHECK(d.dimensions().d_model == 24);
  CHECK(d.dimensions().d_out == 12);
  const Matrix previous = weights_of(d, 0);
  const Matrix first = weights_of(d, 1);
  for (std::size_t i = 1; i < 12; ++i) {
    CAPTURE(i);
    CHECK(previous(i, i - 1) > 0.99f);
    CHECK(first(i, 0) > 0.99f);
  }
  // "it" finds the animal, 12 words away from nothing else that lives as much.
  const Matrix pronoun = weights_of(d, 2);
  CHECK(pronoun(8, 1) > 0.9f);
  // "cross" asks who does it.
  CHECK(weights_of(d, 3)(4, 1) > 0.9f);
  for (std::size_t head = 0; head < 4; ++head) {
    CHECK(recognise_head(d.input(), head, {}).has_value());
    CHECK(recognise_copy(d.input(), head) == content_columns(d));
  }
}

TEST_CASE("example: no words, or an empty one, are refused") {
  CHECK(problem_of(three_word_document(), MakeExample{}).has_value());
  CHECK(problem_of(three_word_document(), MakeExample{{"a", ""}, "en", false}).has_value());
}

TEST_CASE("example: it is one step, and undo brings everything back") {
  Session session(tests::direct_options());
  const Document before = session.document();
  session.post(Apply{MakeExample{kPronounSentence, "en", true}});
  session.apply_posted();
  CHECK(session.document().dimensions().n_queries == 12);
  session.post(Undo{});
  session.apply_posted();
  CHECK(session.document() == before);
}
