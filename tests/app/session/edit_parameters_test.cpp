#include "app/session/edit_parameters.h"

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "app/session/edit.h"
#include "core/attention/philox.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::document_of;
using attn::tests::refusal;
using attn::tests::three_word_document;

namespace {

Document filled(const Document& d, ParameterId id, ParameterFill fill, std::uint64_t seed = 0) {
  return apply(d, FillParameter{id, fill, seed});
}

/// Six wide, two heads of three, additive with a hidden width of 4.
Document additive_document() {
  Input input = tests::random_input(3, 6, 2, 5);
  input.config.score = Score::additive;
  for (const ParameterId id : {ParameterId::additive_w_q, ParameterId::additive_w_k}) {
    input.parameters[id] = SharedMatrix(Matrix(3, 4, 0.5f));
  }
  input.parameters[ParameterId::additive_v] = SharedMatrix(Matrix(1, 4, 0.5f));
  return document_of(input);
}

}  // namespace

TEST_CASE("parameters: random numbers are the documented ones, the same for the same seed") {
  const Document d = three_word_document();
  const Document w = filled(d, ParameterId::w_k, ParameterFill::random, 42);
  const auto& values = w.input().parameters[ParameterId::w_k];
  REQUIRE(values);
  // fan_in 2: the standard deviation is 1/√2. Counter: column, row, 1 for W_K, 1 for this stream.
  const double expected = philox_normal(42, {0, 1, 1, 1}) / std::sqrt(2.0);
  CHECK((*values)(1, 0) == static_cast<float>(expected));
  CHECK(equal_values(
      *filled(d, ParameterId::w_k, ParameterFill::random, 42).input().parameters[ParameterId::w_k], *values));
  CHECK(filled(w, ParameterId::w_k, ParameterFill::random, 42) == w);
  CHECK_FALSE(equal_values(
      *filled(d, ParameterId::w_k, ParameterFill::random, 43).input().parameters[ParameterId::w_k], *values));
  CHECK_FALSE(equal_values(
      *filled(d, ParameterId::w_q, ParameterFill::random, 42).input().parameters[ParameterId::w_q], *values));
}

TEST_CASE("parameters: random numbers are 1/√fan_in wide") {
  const Document d = document_of(tests::random_input(2, 64, 1, 1));
  const Document w = filled(d, ParameterId::w_q, ParameterFill::random, 3);
  double squares = 0.0;
  for (std::size_t i = 0; i < 64; ++i) {
    for (const float value : w.input().parameters[ParameterId::w_q]->row(i)) {
      squares += static_cast<double>(value) * static_cast<double>(value);
    }
  }
  // 4096 numbers of variance 1/64: their squares sum to 64, give or take 4·√(2/4096).
  CHECK(squares == doctest::Approx(64.0).epsilon(0.09));
}

TEST_CASE("parameters: fan_in is what a result is summed from") {
  const Dimensions d = additive_document().dimensions();
  const std::vector<std::pair<ParameterId, std::size_t>> cases = {
      {ParameterId::w_q, 6},        {ParameterId::w_o, 6},     {ParameterId::b_q, 6},
      {ParameterId::b_v, 6},        {ParameterId::b_o, 6},     {ParameterId::additive_w_q, 3},
      {ParameterId::additive_v, 4}, {ParameterId::bilinear, 3}};
  for (const auto& [id, count] : cases) {
    CAPTURE(name(id));
    CHECK(fan_in(d, id) == count);
  }
}

TEST_CASE("parameters: identity and zeros, of what is there and of what is absent") {
  const Document d = three_word_document();
  const Document zeros = filled(d, ParameterId::w_q, ParameterFill::zeros);
  CHECK(zeros.input().parameters[ParameterId::w_q]->dense() == Matrix(2, 2));
  CHECK(filled(zeros, ParameterId::w_q, ParameterFill::zeros) == zeros);
  CHECK_FALSE(filled(zeros, ParameterId::w_q, ParameterFill::identity).input().parameters[ParameterId::w_q]);
  CHECK(filled(d, ParameterId::w_q, ParameterFill::identity) == d);
  const Document bias = filled(d, ParameterId::b_o, ParameterFill::zeros);
  CHECK(bias.input().parameters[ParameterId::b_o]->dense() == Matrix(1, 2));
  CHECK_FALSE(apply(bias, SetParameter{ParameterId::b_o, {}}).input().parameters[ParameterId::b_o]);
  Input bilinear = tests::three_words();
  bilinear.config.score = Score::bilinear;
  bilinear.parameters[ParameterId::bilinear] = SharedMatrix(Matrix(2, 2, 3.0f));
  const Document w = filled(document_of(bilinear), ParameterId::bilinear, ParameterFill::identity);
  CHECK(w.input().parameters[ParameterId::bilinear]->dense() == Matrix{{1, 0}, {0, 1}});
}

TEST_CASE("parameters: what cannot be filled is refused in one line") {
  const Document d = three_word_document();
  Input wide = tests::three_words();
  wide.parameters[ParameterId::w_v] = SharedMatrix(Matrix(2, 3, 1.0f));
  Input features = tests::three_words();
  features.config.attend_over = AttendOver::features;
  struct Case {
    Document document;
    Edit edit;
    std::string line;
  };
  const std::vector<Case> cases = {
      {d, FillParameter{ParameterId::b_q, ParameterFill::identity, 0},
       "b_Q is a vector: it cannot be the identity"},
      {additive_document(), FillParameter{ParameterId::additive_v, ParameterFill::identity, 0},
       "v is a vector: it cannot be the identity"},
      {document_of(wide), FillParameter{ParameterId::w_v, ParameterFill::identity, 0},
       "W_V is 2 × 3: only a square matrix can be the identity"},
      {d, FillParameter{ParameterId::bilinear, ParameterFill::random, 0}, "W takes no part in this score"},
      {d, FillParameter{ParameterId::additive_v, ParameterFill::zeros, 0}, "v takes no part in this score"},
      {document_of(features), FillParameter{ParameterId::b_v, ParameterFill::zeros, 0},
       "b_V takes no part in attention over features"},
      {d, FillParameter{ParameterId::w_q, ParameterFill::random, std::uint64_t{1} << 53},
       "The seed must be a whole number below 2^53"},
      {additive_document(), SetParameter{ParameterId::additive_v, {}}, "v is needed by this score"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.line);
    CHECK(refusal(c.document, c.edit) == c.line);
  }
}

TEST_CASE("parameters: those of another score may be taken away") {
  Input input = tests::three_words();
  input.parameters[ParameterId::bilinear] = SharedMatrix(Matrix(2, 2, 3.0f));
  const Document d = document_of(input);
  CHECK_FALSE(apply(d, SetParameter{ParameterId::bilinear, {}}).input().parameters[ParameterId::bilinear]);
}

TEST_CASE("parameters: every way of filling has a label") {
  const Document d = three_word_document();
  const auto label = [&](ParameterFill fill) {
    return english(label_of(d, FillParameter{ParameterId::w_q, fill, 0}));
  };
  CHECK(label(ParameterFill::random) == "W_Q at random");
  CHECK(label(ParameterFill::identity) == "W_Q as the identity");
  CHECK(label(ParameterFill::zeros) == "W_Q of zeros");
}
