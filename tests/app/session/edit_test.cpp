#include "app/session/edit.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::document_of;
using attn::tests::random_input;
using attn::tests::refusal;
using attn::tests::three_word_document;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Document cross_document() {
  Input input = tests::three_words();
  input.source = Source{tests::numbered_tokens(2), SharedMatrix(Matrix{{1, 0}, {0, 1}})};
  return document_of(input);
}

SharedMatrix matrix_of(std::size_t rows, std::size_t columns) {
  return SharedMatrix(Matrix(rows, columns, 1.0f));
}

}  // namespace

TEST_CASE("edit: a cell of x changes, the other document stays as it was") {
  const Document before = three_word_document();
  const Document after = apply(before, SetXCell{0, 1, 7.0f});
  CHECK(after.input().x(0, 1) == 7.0f);
  CHECK(before.input().x(0, 1) == 2.0f);
  CHECK_FALSE(after == before);
  CHECK(english(label_of(before, SetXCell{0, 1, 7.0f})) == "Move x1");
}

TEST_CASE("edit: what changes nothing gives the very same document") {
  const Document d = three_word_document();
  const Document cross = cross_document();
  Input given = tests::three_words();
  given.parameters[ParameterId::w_q] = SharedMatrix(Matrix{{1, 2}, {3, 4}});
  const Document with_w_q = document_of(given);
  const std::vector<std::pair<Document, Edit>> cases = {
      {d, SetXCell{0, 1, 2.0f}},
      {d, SetXRow{1, {2.0f, 3.0f}}},
      {cross, SetSourceCell{1, 1, 1.0f}},
      {cross, SetSourceRow{0, {1.0f, 0.0f}}},
      {d, SetParameterCell{{ParameterId::w_k, 0, 0}, 1.0f}},
      {with_w_q, SetParameter{ParameterId::w_q, SharedMatrix(Matrix{{1, 2}, {3, 4}})}},
      {d, SetParameter{ParameterId::w_q, std::nullopt}},
      {d, SetScale{}},
      {d, SetTemperature{1.0}},
      {d, SetCausal{false}},
      {d, SetHeads{1}},
      {d, SetInput{d.input(), message("Pull on the answer")}},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(i);
    CHECK(apply(cases[i].first, cases[i].second) == cases[i].first);
  }
}

TEST_CASE("edit: rows, source, parameters and settings are set") {
  const Document d = three_word_document();
  CHECK(apply(d, SetXRow{2, {5.0f, 6.0f}}).input().x(2, 0) == 5.0f);
  CHECK(apply(cross_document(), SetSourceCell{1, 0, 4.0f}).input().source->x(1, 0) == 4.0f);
  CHECK(apply(cross_document(), SetSourceRow{0, {8.0f, 9.0f}}).input().source->x(0, 1) == 9.0f);
  CHECK(apply(d, SetScale{{Scale::Kind::sqrt_dk, 1.0}}).input().config.scale.kind == Scale::Kind::sqrt_dk);
  CHECK(apply(d, SetTemperature{2.5}).input().config.temperature == 2.5);
  CHECK(apply(d, SetCausal{true}).input().config.mask.causal);
  CHECK(apply(d, SetParameter{ParameterId::w_v, matrix_of(2, 3)}).dimensions().d_v == 3);
  Input other = tests::three_words();
  other.config.mask.causal = true;
  CHECK(apply(d, SetInput{other, {}}).input().config.mask.causal);
}

TEST_CASE("edit: a cell of an identity or of an absent bias makes it a matrix") {
  const Document d = three_word_document();
  const Document w = apply(d, SetParameterCell{{ParameterId::w_q, 0, 1}, 0.5f});
  REQUIRE(w.input().parameters[ParameterId::w_q].has_value());
  CHECK(w.input().parameters[ParameterId::w_q]->dense() == Matrix{{1.0f, 0.5f}, {0.0f, 1.0f}});
  const Document b = apply(d, SetParameterCell{{ParameterId::b_q, 0, 1}, 3.0f});
  const Matrix bias = b.input().parameters[ParameterId::b_q]->dense();
  CHECK(bias(0, 0) == 0.0f);
  CHECK(bias(0, 1) == 3.0f);
  CHECK(apply(w, SetParameter{ParameterId::w_q, std::nullopt}).input().parameters[ParameterId::w_q] ==
        std::nullopt);
}

TEST_CASE("edit: what cannot be done is refused in one line") {
  const Document d = three_word_document();
  Input bilinear_input = tests::three_words();
  bilinear_input.config.score = Score::bilinear;
  bilinear_input.parameters[ParameterId::bilinear] = matrix_of(2, 2);
  const Document bilinear = document_of(bilinear_input);
  struct Case {
    Document document;
    Edit edit;
    const char* line;
  };
  const std::vector<Case> cases = {
      {d, SetXCell{3, 0, 1.0f}, "There is no number in row 4, column 1"},
      {d, SetXCell{0, 2, 1.0f}, "There is no number in row 1, column 3"},
      {d, SetXCell{0, 0, kNan}, "A finite number is needed"},
      {d, SetXRow{0, {1.0f, kNan}}, "A finite number is needed"},
      {d, SetXRow{0, {1.0f}}, "A row has 2 numbers, not 1"},
      {d, SetSourceCell{0, 0, 1.0f}, "This example has no source"},
      {d, SetParameterCell{{ParameterId::bilinear, 0, 0}, 1.0f}, "W takes no part in this score"},
      {d, SetParameter{ParameterId::w_q, SharedMatrix(Matrix(2, 2, kNan))}, "A finite number is needed"},
      {d, SetParameter{ParameterId::w_q, matrix_of(2, 3)},
       "weights.w_k: expected 3 columns a head, as w_q gives, found 2"},
      {bilinear, SetParameter{ParameterId::bilinear, std::nullopt}, "W is needed by this score"},
      {d, SetScale{{Scale::Kind::number, std::nan("")}}, "A finite number is needed"},
      {d, SetTemperature{0.0}, "The temperature must be above 0"},
      {d, SetTemperature{std::nan("")}, "A finite number is needed"},
      {d, SetHeads{3}, "3 heads do not divide the 2 columns of W_Q"},
      {d, SetHeads{0}, "At least one head is needed"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.line);
    CHECK(refusal(c.document, c.edit) == c.line);
    CHECK_THROWS_WITH_AS(apply(c.document, c.edit), c.line, EditRefused);
  }
}

TEST_CASE("edit: heads split the same width again, and everything stays valid") {
  const Document d = document_of(random_input(3, 4, 1, 1));
  const Document two = apply(d, SetHeads{2});
  CHECK(two.dimensions().n_heads == 2);
  CHECK(two.dimensions().d_k == 2);
  CHECK(two.dimensions().d_out == d.dimensions().d_out);
  CHECK(two.input().parameters[ParameterId::w_q]->same_as(*d.input().parameters[ParameterId::w_q]));
}

TEST_CASE("edit: key and value heads follow the query heads") {
  Input input = random_input(3, 4, 4, 1);
  input.config.kv_heads = 2;
  for (const ParameterId id : {ParameterId::w_k, ParameterId::w_v}) input.parameters[id] = matrix_of(4, 2);
  for (const ParameterId id : {ParameterId::b_k, ParameterId::b_v}) input.parameters[id] = matrix_of(1, 2);
  const Document grouped = document_of(input);
  const Document two = apply(grouped, SetHeads{2});
  CHECK(two.dimensions().n_kv_heads == 1);
  CHECK(two.dimensions().d_k == 2);
  CHECK(two.dimensions().d_out == grouped.dimensions().d_out);
  // One head of width 4 cannot read keys of width 2.
  CHECK(refusal(grouped, SetHeads{1}) == "1 heads do not divide the 2 columns of W_K");
}

TEST_CASE("edit: matrices of one head's size are cut and grown with it") {
  Input input = random_input(3, 4, 2, 1);
  input.config.score = Score::bilinear;
  input.parameters[ParameterId::bilinear] = SharedMatrix(Matrix{{5, 6}, {7, 8}});
  const Document two = document_of(input);
  const Document one = apply(two, SetHeads{1});
  CHECK(one.input().parameters[ParameterId::bilinear]->dense() ==
        Matrix{{5, 6, 0, 0}, {7, 8, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}});
  const Document four = apply(two, SetHeads{4});
  CHECK((*four.input().parameters[ParameterId::bilinear])(0, 0) == 5.0f);
  CHECK(four.input().parameters[ParameterId::bilinear]->columns() == 1);

  Input mean = random_input(3, 4, 2, 1);
  mean.config.combine = Combine::mean;
  mean.parameters[ParameterId::w_o] = std::nullopt;
  mean.parameters[ParameterId::b_o] = matrix_of(1, 2);
  const Document wide = apply(document_of(mean), SetHeads{1});
  CHECK(wide.dimensions().d_out == 4);
  CHECK((*wide.input().parameters[ParameterId::b_o])(0, 1) == 1.0f);
  CHECK((*wide.input().parameters[ParameterId::b_o])(0, 3) == 0.0f);
}

TEST_CASE("edit: every kind of edit has a label") {
  const Document d = cross_document();
  const std::vector<std::pair<Edit, std::string>> cases = {
      {SetXRow{1, {0, 0}}, "Move x2"},
      {SetXRow{9, {0, 0}}, "Move "},
      {SetSourceCell{0, 0, 0}, "Move t0"},
      {SetSourceRow{1, {0, 0}}, "Move t1"},
      {SetParameterCell{{ParameterId::w_q, 0, 0}, 0}, "Change W_Q"},
      {SetParameter{ParameterId::b_v, std::nullopt}, "Change b_V"},
      {SetScale{}, "Scale"},
      {SetTemperature{}, "Temperature"},
      {SetCausal{}, "Mask"},
      {SetHeads{}, "Heads"},
      {SetInput{d.input(), message("Pull on the answer")}, "Pull on the answer"},
  };
  for (const auto& [edit, label] : cases) CHECK(english(label_of(d, edit)) == label);
}

TEST_CASE("document: what is not shared is counted, and the view is kept apart") {
  const Document d = cross_document();
  const Document moved = apply(d, SetXCell{0, 0, 9.0f});
  CHECK(d.bytes_not_shared_with(d) == 0);
  CHECK(moved.bytes_not_shared_with(d) == 6 * sizeof(float));
  CHECK(moved.bytes_not_shared_with(three_word_document()) == (6 + 4) * sizeof(float));
  const Document w = apply(d, SetParameterCell{{ParameterId::w_q, 0, 1}, 0.5f});
  CHECK(w.bytes_not_shared_with(d) == 4 * sizeof(float));
  const Document viewed = d.with_view_json("{}");
  CHECK(viewed.scenario().view_json == "{}");
  CHECK(d.scenario().view_json.empty());
  CHECK(viewed.bytes_not_shared_with(d) == 0);
  CHECK_THROWS_AS(document_of(Input{}), std::invalid_argument);
}
