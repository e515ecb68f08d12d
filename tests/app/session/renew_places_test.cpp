#include "app/session/renew_places.h"

#include <doctest/doctest.h>

#include "app/session/edit.h"
#include "app/session/feature_columns.h"
#include "core/attention/attention.h"
#include "core/composer/compose_head.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::three_word_document;

namespace {

using Words = std::vector<std::string>;
using attn::tests::weight;

Document four_heads() {
  return apply(three_word_document(), MakeExample{{"the", "cat", "eats", "the", "fish"}, "en", true});
}

}  // namespace

TEST_CASE("places: composed heads go on looking at the previous and the first word when words come and go") {
  const Document before = four_heads();
  const std::vector<Edit> edits = {InsertToken{TokenSide::queries, 2, "often", std::nullopt},
                                   InsertToken{TokenSide::queries, 5, "today", std::nullopt},
                                   RemoveToken{TokenSide::queries, 0}, MoveToken{TokenSide::queries, 0, 3},
                                   ReplaceTokens{TokenSide::queries, {"a", "dog", "barks"}, {}}};
  for (std::size_t e = 0; e < edits.size(); ++e) {
    CAPTURE(e);
    const Document after = apply(before, edits[e]);
    const std::size_t n = after.dimensions().n_queries;
    CHECK(after.dimensions().d_model == 12 + n);
    CHECK(one_hot_positions(after.input().x) == std::optional<std::size_t>(12));
    for (std::size_t i = 1; i < n; ++i) {
      CAPTURE(i);
      CHECK(weight(after, 0, i, i - 1) > 0.99);
      CHECK(weight(after, 1, i, 0) > 0.99);
    }
    CHECK(recognise_head(after.input(), 0, {})->strength == doctest::Approx(kComposedStrength));
    CHECK(recognise_head(after.input(), 2, {})->wish == recognise_head(before.input(), 2, {})->wish);
  }
}

TEST_CASE("places: the word before follows the words") {
  Document document =
      apply(three_word_document(), MakeExample{{"king", "loves", "bread", "king"}, "en", false});
  document = apply(document, SetCausal{true});
  Wish match;
  match.kind = Wish::Kind::match;
  document = apply(document, ComposeHead{0, match, 12.0, true});
  CHECK(weight(document, 0, 3, 1) > 0.95);  // the second king → loves
  const Document after = apply(document, InsertToken{TokenSide::queries, 1, "often", std::nullopt});
  CHECK(weight(after, 0, 4, 1) > 0.95);  // → often
}

TEST_CASE("places: what has no positions stays as it is") {
  const Document before = three_word_document();
  const Document after = apply(before, RemoveToken{TokenSide::queries, 1});
  CHECK(after.dimensions().d_model == 2);
  CHECK(with_places_renewed(before, after) == after);
}
