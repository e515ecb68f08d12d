#include "app/session/edit_tokens.h"

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "app/lexicon/word_vector.h"
#include "app/session/edit.h"
#include "core/io/scenario.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::document_of;
using attn::tests::three_word_document;

namespace {

constexpr TokenSide kQueries = TokenSide::queries;
constexpr TokenSide kSource = TokenSide::source;
using Words = std::vector<std::string>;
using Bytes = std::vector<std::uint8_t>;
using attn::tests::refusal;

/// Three queries over two source tokens t0, t1 of width 2.
Input cross_input() {
  Input input = tests::three_words();
  input.source = Source{tests::numbered_tokens(2), SharedMatrix(Matrix{{1, 0}, {0, 1}})};
  return input;
}

Input masked(Input input, std::size_t rows, std::size_t columns, Bytes visible, Bytes padding) {
  input.config.mask.allow = std::make_shared<AllowMatrix>(AllowMatrix{rows, columns, std::move(visible)});
  input.config.mask.padding = std::make_shared<Bytes>(std::move(padding));
  return input;
}

/// x1 x2 x3, where x1 does not see x3 and x2 is padded.
Document masked_document() {
  return document_of(masked(tests::three_words(), 3, 3, {1, 1, 0, 1, 1, 1, 1, 1, 1}, {0, 1, 0}));
}

Bytes padding_of(const Document& d) {
  return d.input().config.mask.padding ? *d.input().config.mask.padding : Bytes{};
}
Bytes allow_of(const Document& d) {
  return d.input().config.mask.allow ? d.input().config.mask.allow->visible : Bytes{};
}
const Words& words_of(const Document& d) { return *d.input().tokens; }
Matrix x_of(const Document& d) { return d.input().x.dense(); }

std::string label(const Document& document, const Edit& edit) { return english(label_of(document, edit)); }

}  // namespace

TEST_CASE("tokens: another label keeps the vector, unless one is given") {
  const Document d = three_word_document();
  const Document renamed = apply(d, SetToken{kQueries, 1, "猫", {}});
  CHECK(words_of(renamed) == Words{"x1", "猫", "x3"});
  CHECK(renamed.input().x.same_as(d.input().x));
  CHECK(words_of(d) == Words{"x1", "x2", "x3"});
  const Document given = apply(d, SetToken{kQueries, 1, "cat", std::vector<float>{7, 8}});
  CHECK(x_of(given) == Matrix{{1, 2}, {7, 8}, {3, 4}});
  CHECK(apply(d, SetToken{kQueries, 1, "x2", std::vector<float>{2, 3}}) == d);
  CHECK(label(d, SetToken{kQueries, 1, "cat", {}}) == "Rename x2");
}

TEST_CASE("tokens: a new one has the vector of an equal one, else zeros, else what is given") {
  const Document d = three_word_document();
  CHECK(x_of(apply(d, InsertToken{kQueries, 1, "x3", {}})) == Matrix{{1, 2}, {3, 4}, {2, 3}, {3, 4}});
  CHECK(x_of(apply(d, InsertToken{kQueries, 3, "new", {}})) == Matrix{{1, 2}, {2, 3}, {3, 4}, {0, 0}});
  const Document first = apply(d, InsertToken{kQueries, 0, "new", std::vector<float>{9, 8}});
  CHECK(x_of(first) == Matrix{{9, 8}, {1, 2}, {2, 3}, {3, 4}});
  CHECK(words_of(first) == Words{"new", "x1", "x2", "x3"});
  CHECK(first.dimensions().n_keys == 4);
  CHECK(label(d, InsertToken{kQueries, 0, "new", {}}) == "Add new");
}

TEST_CASE("tokens: where the features are the lexicon's, a new word has the lexicon's vector") {
  const std::vector<std::string> names = lexicon::feature_names("en");
  io::Scenario scenario;
  scenario.feature_names = std::make_shared<Words>(names);
  scenario.input.tokens = std::make_shared<Words>(Words{"a"});
  scenario.input.x = SharedMatrix(Matrix(1, names.size(), 0.5f));
  const Document d{std::move(scenario)};
  const WordVectors vectors(d, kQueries);
  CHECK(vectors.of("queen").origin == WordVector::Origin::lexicon);
  CHECK(vectors.of("a").origin == WordVector::Origin::equal_token);
  const Document with_queen = apply(d, InsertToken{kQueries, 1, "queen", {}});
  const auto row = with_queen.input().x.row(1);
  CHECK(std::vector<float>(row.begin(), row.end()) == lexicon::meaning_of("queen").values);
}

TEST_CASE("tokens: masks follow words that are added, taken out and moved") {
  const Document d = masked_document();
  SUBCASE("a new word is seen by all and sees all") {
    const Document added = apply(d, InsertToken{kQueries, 1, "new", {}});
    CHECK(padding_of(added) == Bytes{0, 0, 1, 0});
    CHECK(allow_of(added) == Bytes{1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  }
  SUBCASE("without x2 nothing is padded any more, without x3 nothing is hidden") {
    const Document two = apply(d, RemoveToken{kQueries, 1});
    CHECK(x_of(two) == Matrix{{1, 2}, {3, 4}});
    CHECK(two.input().config.mask.padding == nullptr);
    CHECK(allow_of(two) == Bytes{1, 0, 1, 1});
    const Document one = apply(two, RemoveToken{kQueries, 1});
    CHECK(one.input().config.mask.allow == nullptr);
  }
  SUBCASE("x1 goes to the end, and back") {
    const Document moved = apply(d, MoveToken{kQueries, 0, 2});
    CHECK(words_of(moved) == Words{"x2", "x3", "x1"});
    CHECK(x_of(moved) == Matrix{{2, 3}, {3, 4}, {1, 2}});
    CHECK(padding_of(moved) == Bytes{1, 0, 0});
    // x1 is the last row now, x3 the middle column.
    CHECK(allow_of(moved) == Bytes{1, 1, 1, 1, 1, 1, 1, 0, 1});
    const Document back = apply(moved, MoveToken{kQueries, 2, 0});
    CHECK(allow_of(back) == allow_of(d));
    CHECK(x_of(back) == x_of(d));
    CHECK(label(d, MoveToken{kQueries, 0, 2}) == "Move x1 to place 3");
  }
  SUBCASE("what goes nowhere changes nothing") { CHECK(apply(d, MoveToken{kQueries, 1, 1}) == d); }
}

TEST_CASE("tokens: with a source the masks have queries as rows and source words as columns") {
  const Document d = document_of(masked(cross_input(), 3, 2, {0, 1, 1, 1, 1, 1}, {1, 0}));
  const Document query = apply(d, MoveToken{kQueries, 0, 1});
  CHECK(allow_of(query) == Bytes{1, 1, 0, 1, 1, 1});
  CHECK(padding_of(query) == Bytes{1, 0});
  const Document key = apply(d, MoveToken{kSource, 0, 1});
  CHECK(allow_of(key) == Bytes{1, 0, 1, 1, 1, 1});
  CHECK(padding_of(key) == Bytes{0, 1});
  CHECK(*key.input().source->tokens == Words{"t1", "t0"});
  CHECK(key.input().source->x.dense() == Matrix{{0, 1}, {1, 0}});
  CHECK(key.input().x.same_as(d.input().x));
  const Document added = apply(d, InsertToken{kSource, 2, "t0", {}});
  CHECK(added.input().source->x.dense() == Matrix{{1, 0}, {0, 1}, {1, 0}});
  CHECK(allow_of(added) == Bytes{0, 1, 1, 1, 1, 1, 1, 1, 1});
  CHECK(apply(d, RemoveToken{kSource, 1}).dimensions().n_keys == 1);
  CHECK(label(d, RemoveToken{kSource, 1}) == "Remove t1");
  CHECK(label(d, SetToken{kSource, 0, "le", {}}) == "Rename t0");
}

TEST_CASE("tokens: a sentence keeps the vectors and masks of the words that stay") {
  const Document d = masked_document();
  const Document after = apply(d, ReplaceTokens{kQueries, {"x3", "new", "x1", "x3"}, {}});
  CHECK(words_of(after) == Words{"x3", "new", "x1", "x3"});
  // The second x3 is a new word: it has the vector of the first one, and nobody is kept from seeing it.
  CHECK(x_of(after) == Matrix{{3, 4}, {0, 0}, {1, 2}, {3, 4}});
  CHECK(allow_of(after) == Bytes{1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1});
  CHECK(after.input().config.mask.padding == nullptr);
  CHECK(apply(d, ReplaceTokens{kQueries, {"x1", "x2", "x3"}, {}}) == d);
  const Document given = apply(d, ReplaceTokens{kQueries, {"x1", "new"}, {{}, {5, 6}}});
  CHECK(x_of(given) == Matrix{{1, 2}, {5, 6}});
  CHECK(label(d, ReplaceTokens{}) == "Replace the words");
}

TEST_CASE("tokens: equal labels keep their own vectors, in their order") {
  Input input = tests::three_words();
  input.tokens = std::make_shared<Words>(Words{"a", "b", "a"});
  const Document d = document_of(input);
  CHECK(x_of(apply(d, ReplaceTokens{kQueries, {"a", "a", "b", "a"}, {}})) ==
        Matrix{{1, 2}, {3, 4}, {2, 3}, {1, 2}});
}

TEST_CASE("tokens: a label that stays shares its rows, so that a long text costs little to rename") {
  const Document d = document_of(tests::random_input(200, 4, 1, 3));
  const Document renamed = apply(d, SetToken{kQueries, 100, "word", {}});
  CHECK(renamed.bytes_not_shared_with(d) == 0);
  const Document moved = apply(d, SetToken{kQueries, 100, "word", std::vector<float>(4, 9.0f)});
  CHECK(moved.bytes_not_shared_with(d) == SharedMatrix::kChunkRows * 4 * sizeof(float));
}

TEST_CASE("tokens: features get names, and none where all are numbers") {
  const Document d = three_word_document();
  CHECK(feature_name(d, 1) == "2");
  const Document named = apply(d, SetFeatureName{1, "animal"});
  REQUIRE(named.scenario().feature_names);
  CHECK(*named.scenario().feature_names == Words{"1", "animal"});
  CHECK(feature_name(named, 1) == "animal");
  CHECK(apply(named, SetFeatureName{1, "animal"}) == named);
  CHECK(apply(named, SetFeatureName{1, ""}).scenario().feature_names == nullptr);
  CHECK(apply(d, SetFeatureName{0, ""}) == d);
  CHECK(label(d, SetFeatureName{}) == "Rename a feature");
}

TEST_CASE("tokens: what cannot be done is refused in one line") {
  const Document d = three_word_document();
  const Document one = document_of([] {
    Input input;
    input.tokens = std::make_shared<Words>(Words{"only"});
    input.x = SharedMatrix(Matrix{{1.0f}});
    return input;
  }());
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const std::string long_label(257, 'a');
  struct Case {
    Document document;
    Edit edit;
    std::string line;
  };
  const std::vector<Case> cases = {
      {d, SetToken{kQueries, 0, "", {}}, "A word needs at least one character"},
      {d, SetToken{kQueries, 0, "a\xff", {}}, "A word must be UTF-8"},
      {d, SetToken{kQueries, 0, long_label, {}},
       "A word has at most 256 bytes, this one has 257: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\""},
      {d, SetToken{kQueries, 3, "a", {}}, "There is no word 4"},
      {d, SetToken{kQueries, 0, "a", std::vector<float>{1}}, "A row has 2 numbers, not 1"},
      {d, SetToken{kQueries, 0, "a", std::vector<float>{1, kNan}}, "A finite number is needed"},
      {d, SetToken{kSource, 0, "a", {}}, "This example has no source"},
      {d, InsertToken{kQueries, 4, "a", {}}, "There is no word 5"},
      {d, InsertToken{kSource, 0, "a", {}}, "This example has no source"},
      {d, RemoveToken{kQueries, 3}, "There is no word 4"},
      {one, RemoveToken{kQueries, 0}, "At least one word is needed"},
      {d, MoveToken{kQueries, 0, 3}, "There is no word 4"},
      {d, MoveToken{kQueries, 3, 0}, "There is no word 4"},
      {d, ReplaceTokens{kQueries, {}, {}}, "At least one word is needed"},
      {d, ReplaceTokens{kQueries, {"a", "b"}, {{1, 2}}}, "2 words and 1 vectors do not go together"},
      {d, ReplaceTokens{kQueries, Words(65537, "a"), {}},
       "At most 65536 words are possible, these are 65537"},
      {d, SetFeatureName{2, "a"}, "There is no feature 3"},
      {d, SetFeatureName{0, "\xff"}, "A word must be UTF-8"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.line);
    CHECK(refusal(c.document, c.edit) == c.line);
  }
}

TEST_CASE("tokens: what is looked at stays inside when words are taken out") {
  Session session(tests::direct_options());
  session.post(Select{{Stage::weights, 0, 2, 2}});
  session.post(Apply{RemoveToken{kQueries, 2}});
  session.post(Apply{RemoveToken{kQueries, 0}});
  session.settle();
  CHECK(session.view().selection == CellRef{Stage::weights, 0, 0, 0});
  CHECK(session.playhead().at_end());
  CHECK(session.trace_is_current());
  CHECK(session.history().undo_steps() == 2);
  session.post(Undo{});
  session.post(Undo{});
  session.settle();
  CHECK(*session.document().input().tokens == Words{"x1", "x2", "x3"});
}
