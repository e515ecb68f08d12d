#include "app/session/feature_columns.h"

#include <cmath>

#include <doctest/doctest.h>

#include "app/session/edit.h"
#include "core/attention/attention.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::document_of;
using attn::tests::random_input;
using attn::tests::three_word_document;

namespace {

using Names = std::vector<std::string>;

Matrix output_of(const Document& document) {
  Arrays<float> arrays;
  forward(document.input(), document.dimensions(), arrays);
  const auto values = arrays.head(Stage::output, 0);
  Matrix result(values.rows, values.columns);
  for (std::size_t i = 0; i < values.rows; ++i) {
    for (std::size_t c = 0; c < values.columns; ++c) result(i, c) = values(i, c);
  }
  return result;
}

Document cross_document() {
  Input input = tests::three_words();
  input.source = Source{tests::numbered_tokens(4), SharedMatrix(Matrix{{1, 0}, {0, 1}, {1, 1}, {2, 0}})};
  return document_of(input);
}

}  // namespace

TEST_CASE("columns: positions are one-hot, named by number, and change nothing until they are used") {
  const Document before = three_word_document();
  const Document after = with_position_columns(before);
  CHECK(after.input().x.dense() == Matrix{{1, 2, 1, 0, 0}, {2, 3, 0, 1, 0}, {3, 4, 0, 0, 1}});
  CHECK(*after.scenario().feature_names == Names{"1", "2", "#1", "#2", "#3"});
  CHECK(after.dimensions().d_k == 2);
  CHECK(output_of(after) == output_of(before));
  CHECK(content_columns(after) == std::vector<std::size_t>{0, 1});
}

TEST_CASE("columns: positions that are there already are renewed, not doubled") {
  const Document once = with_position_columns(three_word_document());
  CHECK(with_position_columns(once).input().x.dense() == once.input().x.dense());
  // One word more: its position is missing until they are renewed.
  io::Scenario longer = once.scenario();
  longer.input.tokens = tests::numbered_tokens(4);
  longer.input.x = SharedMatrix(Matrix{{1, 2, 1, 0, 0}, {9, 9, 0, 0, 0}, {2, 3, 0, 1, 0}, {3, 4, 0, 0, 1}});
  const Document renewed = with_position_columns(Document(longer));
  CHECK(renewed.dimensions().d_model == 6);
  CHECK(renewed.input().x.dense() ==
        Matrix{{1, 2, 1, 0, 0, 0}, {9, 9, 0, 1, 0, 0}, {2, 3, 0, 0, 1, 0}, {3, 4, 0, 0, 0, 1}});
}

TEST_CASE("columns: a source gets positions too, as many as the longer side") {
  const Document before = cross_document();
  const Document after = with_position_columns(before);
  CHECK(after.dimensions().d_model == 6);
  CHECK(after.dimensions().d_source == 6);
  CHECK(after.input().source->x(3, 5) == 1.0f);
  CHECK(after.input().x(2, 4) == 1.0f);
  CHECK(output_of(after) == output_of(before));
}

TEST_CASE("columns: more words than are allowed get no positions") {
  Input input = random_input(513, 2, 1, 1);
  const auto problem = [&] {
    try {
      with_position_columns(document_of(input));
    } catch (const EditRefused& refused) {
      return english(refused.reason);
    }
    return std::string();
  }();
  CHECK(problem == "One-hot positions are made for up to 512 words, here are 513");
}

TEST_CASE("columns: the token before stands beside every token at length 1") {
  Input input = tests::three_words();
  input.x = SharedMatrix(Matrix{{3, 4}, {0, 0}, {0, 2}});
  const Document before = document_of(input);
  const Document after = with_previous_columns(before);
  CHECK(after.input().x.dense() == Matrix{{3, 4, 0, 0}, {0, 0, 0.6f, 0.8f}, {0, 2, 0, 0}});
  CHECK(*after.scenario().feature_names == Names{"1", "2", "←1", "←2"});
  CHECK(output_of(after) == output_of(before));
  CHECK(match_pairs(before).empty());
  CHECK(match_pairs(after) == std::vector<ColumnPair>{{0, 2}, {1, 3}});
  // Renewed after a word moved.
  const Document moved = with_previous_columns(apply(after, SetXRow{1, {0, 5, 0, 0}}));
  CHECK(moved.input().x.dense() == Matrix{{3, 4, 0, 0}, {0, 5, 0.6f, 0.8f}, {0, 2, 0, 1}});
  CHECK_THROWS_AS(with_previous_columns(cross_document()), EditRefused);
}

TEST_CASE("columns: positions and the token before stand side by side") {
  const Document both = with_previous_columns(with_position_columns(three_word_document()));
  CHECK(*both.scenario().feature_names == Names{"1", "2", "#1", "#2", "#3", "←1", "←2"});
  CHECK(match_pairs(both) == std::vector<ColumnPair>{{0, 5}, {1, 6}});
  const Document again = with_position_columns(both);
  CHECK(*again.scenario().feature_names == Names{"1", "2", "←1", "←2", "#1", "#2", "#3"});
  CHECK(match_pairs(again) == std::vector<ColumnPair>{{0, 2}, {1, 3}});
}

TEST_CASE("columns: wider heads score and answer as before, whatever the scale") {
  for (const Scale::Kind scale : {Scale::Kind::none, Scale::Kind::sqrt_dk}) {
    Input input = random_input(4, 6, 2, 3);
    input.config.scale.kind = scale;
    const Document before = document_of(input);
    const Document wider = with_value_width(with_head_width(before, 5), 7);
    CHECK(wider.dimensions().d_k == 5);
    CHECK(wider.dimensions().d_v == 7);
    CHECK(wider.dimensions().d_out == before.dimensions().d_out);
    const Matrix was = output_of(before);
    const Matrix is = output_of(wider);
    for (std::size_t i = 0; i < was.rows(); ++i) {
      for (std::size_t c = 0; c < was.columns(); ++c) {
        CHECK(static_cast<double>(is(i, c)) == doctest::Approx(static_cast<double>(was(i, c))));
      }
    }
    CHECK(with_head_width(wider, 4) == wider);
    CHECK(with_value_width(wider, 7) == wider);
  }
}
