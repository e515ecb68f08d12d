#include "core/composer/wish.h"

#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/core/composer/composing.h"

using namespace attn;
using namespace attn::tests;
using Keys = std::vector<WishedKeys>;

TEST_CASE("wish: previous, first and same name one key, and the first query has no previous one") {
  const Input input = three_words();
  CHECK(wished_keys(input, wish_for(Wish::Kind::previous)) == Keys{{}, {0}, {1}});
  CHECK(wished_keys(input, wish_for(Wish::Kind::first)) == Keys{{0}, {0}, {0}});
  CHECK(wished_keys(input, wish_for(Wish::Kind::same)) == Keys{{0}, {1}, {2}});
}

TEST_CASE("wish: past the end of a shorter source nothing is wished") {
  Input input = three_words();
  input.source = Source{numbered_tokens(1), SharedMatrix(Matrix{{1, 0}})};
  CHECK(wished_keys(input, wish_for(Wish::Kind::same)) == Keys{{0}, {}, {}});
  CHECK(wished_keys(input, wish_for(Wish::Kind::previous)) == Keys{{}, {0}, {}});
}

TEST_CASE("wish: a query with a feature wishes for the visible keys that have the other one most") {
  Input input = three_words();
  // columns: pronoun, living, female
  input.x = SharedMatrix(Matrix{{0, 1, -1}, {0.4f, 1, 1}, {1, 0.5f, 1}, {1, 0, -1}});
  input.tokens = numbered_tokens(4);
  // Row 1 asks with 0.4, less than half of 1.
  CHECK(wished_keys(input, wish_for_feature(0, 1)) == Keys{{}, {}, {0, 1}, {0, 1}});
  // By sign: a male one wishes for the males, a female one for the females.
  CHECK(wished_keys(input, wish_for_feature(2, 2)) == Keys{{0, 3}, {1, 2}, {1, 2}, {0, 3}});
  // Every query asks alike, and sees only what came before.
  input.config.mask.causal = true;
  CHECK(wished_keys(input, wish_for_feature(std::nullopt, 2)) == Keys{{}, {1}, {1, 2}, {1, 2}});
  CHECK_THROWS_AS(wished_keys(input, wish_for_feature(0, 3)), std::invalid_argument);
  CHECK_THROWS_AS(wished_keys(input, wish_for_feature(3, 0)), std::invalid_argument);
}

TEST_CASE("wish: a match names the visible keys that point the query's way") {
  Input input = three_words();
  // a b a b with one-hot words, beside them the word before
  input.x = SharedMatrix(Matrix{{2, 0, 0, 0}, {0, 2, 1, 0}, {2, 0, 0, 1}, {0, 0, 1, 0}});
  input.tokens = numbered_tokens(4);
  Wish wish = wish_for(Wish::Kind::match);
  wish.pairs = {{0, 2}, {1, 3}};
  // Words a, b, a and one without a vector; the words before them: none, a, b, a.
  CHECK(wished_keys(input, wish) == Keys{{1, 3}, {2}, {1, 3}, {}});
  input.config.mask.causal = true;
  CHECK(wished_keys(input, wish) == Keys{{}, {}, {1}, {}});
}

TEST_CASE("wish: the distance is the mean total variation, worked by hand") {
  const Matrix weights{{0.5f, 0.5f, 0}, {0.25f, 0.25f, 0.5f}, {0, 0, 1}};
  // Row 0 wishes for key 0: ½(0.5 + 0.5) = 0.5. Row 1 for keys 0 and 1: ½(0.25 + 0.25 + 0.5) = 0.5. Row 2 for
  // nothing.
  auto distance = wish_distance({{0}, {0, 1}, {}}, view(weights));
  REQUIRE(distance.has_value());
  CHECK(distance->mean == doctest::Approx(0.5));
  CHECK(distance->queries == 2);
  CHECK(wish_distance({{}, {}, {2}}, view(weights))->mean == doctest::Approx(0.0));
  CHECK(wish_distance({{}, {}, {0}}, view(weights))->mean == doctest::Approx(1.0));
  CHECK_FALSE(wish_distance({{}, {}, {}}, view(weights)).has_value());
}
