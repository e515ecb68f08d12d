#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "app/session/edit.h"
#include "core/io/scenario.h"
#include "tests/app/session/documents.h"
#include "tests/core/attention/random_input.h"

using namespace attn;
using namespace attn::session;
using attn::tests::document_of;
using attn::tests::matrix;
using attn::tests::three_word_document;
using attn::tests::values_of;

namespace {

std::vector<float> output_of(const Document& document) { return values_of(document, Stage::output); }

}  // namespace

TEST_CASE("widths: with identities the whole example gets another width") {
  const Document d = three_word_document();
  const Document three = apply(d, SetWidth{Width::d_model, 3});
  CHECK(three.input().x.dense() == Matrix{{1, 2, 0}, {2, 3, 0}, {3, 4, 0}});
  CHECK(three.dimensions().d_k == 3);
  CHECK(three.dimensions().d_v == 3);
  CHECK(three.dimensions().d_out == 3);
  CHECK_FALSE(three.input().parameters[ParameterId::w_q].has_value());
  const Document one = apply(d, SetWidth{Width::d_model, 1});
  CHECK(one.input().x.dense() == Matrix{{1}, {2}, {3}});
}

TEST_CASE("widths: given matrices keep their columns and get rows of zeros") {
  Input input = tests::three_words();
  input.parameters[ParameterId::w_q] = SharedMatrix(Matrix{{1, 2}, {3, 4}});
  const Document three = apply(document_of(input), SetWidth{Width::d_model, 3});
  CHECK(matrix(three, ParameterId::w_q) == Matrix{{1, 2}, {3, 4}, {0, 0}});
  // W_K was an identity: it goes on giving keys of width 2.
  CHECK(matrix(three, ParameterId::w_k) == Matrix{{1, 0}, {0, 1}, {0, 0}});
  CHECK(three.dimensions().d_k == 2);
}

TEST_CASE("widths: an identity of one head is cut and continued") {
  Input input = tests::three_words();
  input.x = SharedMatrix(Matrix(3, 3, 1.0f));
  const Document narrow = apply(document_of(input), SetWidth{Width::d_k, 2});
  CHECK(matrix(narrow, ParameterId::w_q) == Matrix{{1, 0}, {0, 1}, {0, 0}});
  const Document again = apply(narrow, SetWidth{Width::d_k, 3});
  CHECK(matrix(again, ParameterId::w_q) == Matrix{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
  const Document wide = apply(narrow, SetWidth{Width::d_k, 4});
  CHECK(matrix(wide, ParameterId::w_k) == Matrix{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}});
}

TEST_CASE("widths: every head keeps its own columns") {
  Input input = tests::random_input(3, 4, 2, 1);
  input.parameters[ParameterId::w_v] =
      SharedMatrix(Matrix{{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}, {13, 14, 15, 16}});
  input.parameters[ParameterId::b_v] = SharedMatrix(Matrix{{1, 2, 3, 4}});
  input.parameters[ParameterId::w_o] = SharedMatrix(Matrix{{1}, {2}, {3}, {4}});
  input.parameters[ParameterId::b_o].reset();
  const Document d = document_of(input);
  const Document wide = apply(d, SetWidth{Width::d_v, 3});
  CHECK(matrix(wide, ParameterId::b_v) == Matrix{{1, 2, 0, 3, 4, 0}});
  CHECK(matrix(wide, ParameterId::w_o) == Matrix{{1}, {2}, {0}, {3}, {4}, {0}});
  CHECK(output_of(wide) == output_of(d));  // zeros add nothing
  const Document narrow = apply(d, SetWidth{Width::d_v, 1});
  CHECK(matrix(narrow, ParameterId::b_v) == Matrix{{1, 3}});
  CHECK(matrix(narrow, ParameterId::w_o) == Matrix{{1}, {3}});
}

TEST_CASE("widths: wider queries and keys of zeros change no score") {
  const Document d = document_of(tests::random_input(3, 4, 2, 1));
  CHECK(output_of(apply(d, SetWidth{Width::d_k, 5})) == output_of(d));
  CHECK(apply(d, SetWidth{Width::d_out, 6}).dimensions().d_out == 6);
}

TEST_CASE("widths: the hidden width of the additive score grows by what its identities and ones go on with") {
  const Document d = apply(three_word_document(), SetScore{Score::additive});
  const Document one = apply(d, SetWidth{Width::d_additive, 1});
  CHECK(matrix(one, ParameterId::additive_w_q) == Matrix{{1}, {0}});
  const Document two = apply(one, SetWidth{Width::d_additive, 2});
  CHECK(matrix(two, ParameterId::additive_w_k) == Matrix{{1, 0}, {0, 1}});
  CHECK(matrix(two, ParameterId::additive_v) == Matrix{{1, 1}});
  const Document own = apply(d, SetParameterCell{{ParameterId::additive_v, 0, 0}, 3.0f});
  CHECK(matrix(apply(own, SetWidth{Width::d_additive, 3}), ParameterId::additive_v) == Matrix{{3, 1, 0}});
}

TEST_CASE("widths: features are named as far as they have names, new ones by their numbers") {
  io::Scenario scenario = three_word_document().scenario();
  scenario.feature_names =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"living", "size"});
  const Document d{scenario};
  const Document four = apply(d, SetWidth{Width::d_model, 4});
  CHECK(*four.scenario().feature_names == std::vector<std::string>{"living", "size", "3", "4"});
  CHECK(*apply(d, SetWidth{Width::d_model, 1}).scenario().feature_names ==
        std::vector<std::string>{"living"});
  CHECK(io::parse_scenario(io::write_scenario(four.scenario()), "test", ".").input.x.columns() == 4);
}

TEST_CASE("cross-attention begins as a copy of the words and gives the same output") {
  const Document d = document_of(tests::random_input(3, 4, 2, 1));
  const Document cross = apply(d, SetCrossAttention{true});
  REQUIRE(cross.input().source.has_value());
  CHECK(*cross.input().source->tokens == *d.input().tokens);
  CHECK(output_of(cross) == output_of(d));
  CHECK(english(label_of(d, SetCrossAttention{true})) == "Cross-attention");
  const Document wide = apply(cross, SetWidth{Width::d_source, 5});
  CHECK(wide.dimensions().d_model == 4);
  CHECK(wide.input().source->x.columns() == 5);
  CHECK(output_of(wide) == output_of(d));
  CHECK(output_of(apply(wide, SetCrossAttention{false})) == output_of(d));
}

TEST_CASE("self-attention again: masks take the size of the words, new keys are visible") {
  Input input = tests::three_words();
  input.source = Source{tests::numbered_tokens(2), SharedMatrix(Matrix{{1, 0}, {0, 1}})};
  input.config.mask.padding =
      std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{1, 0});
  input.config.mask.allow = std::make_shared<const AllowMatrix>(AllowMatrix{3, 2, {1, 0, 0, 1, 1, 1}});
  const Document self = apply(document_of(input), SetCrossAttention{false});
  CHECK(*self.input().config.mask.padding == std::vector<std::uint8_t>{1, 0, 0});
  CHECK(self.input().config.mask.allow->visible == std::vector<std::uint8_t>{1, 0, 1, 0, 1, 1, 1, 1, 1});
}

TEST_CASE("widths and settings in any order give something that can be computed") {
  test::Random random(20);
  for (int round = 0; round < 60; ++round) {
    const std::size_t n_keys = 2 + random.below(3);
    Config config = test::random_config(random, 4, n_keys);
    const bool with_source = random.coin();
    test::RandomShape shape;
    shape.n_keys = n_keys;
    if (!with_source) {
      config.mask.padding.reset();
      config.mask.allow.reset();
    }
    if (config.position == Position::rope) shape.d_k = 2;
    Document d = document_of(test::random_input(config, with_source, random, shape));
    for (int step = 0; step < 12; ++step) {
      const std::size_t n = 1 + random.below(5);
      const std::vector<Edit> edits = {
          SetWidth{static_cast<Width>(random.below(6)), n},
          SetWidth{static_cast<Width>(random.below(6)), n},
          SetKvHeads{n},
          SetHeads{n},
          SetScore{static_cast<Score>(random.below(4))},
          SetPosition{static_cast<Position>(random.below(4))},
          SetCombine{static_cast<Combine>(random.below(2))},
          SetCrossAttention{random.coin()},
          SetAttendOver{static_cast<AttendOver>(random.below(2))},
          SetPadding{random.coin()},
          SetOwnMask{random.coin()},
          SetParameter{static_cast<ParameterId>(random.below(4)), std::nullopt},
      };
      const Edit& edit = edits[random.below(edits.size())];
      CAPTURE(round);
      CAPTURE(step);
      CAPTURE(edit.index());
      try {
        d = session::apply(d, edit);
        CHECK_FALSE(output_of(d).empty());
      } catch (const EditRefused& refused) {
        CHECK_FALSE(english(refused.reason).empty());
        // What these edits refuse is said by themselves, not by the engine.
        if (!std::holds_alternative<SetParameter>(edit) && !std::holds_alternative<SetHeads>(edit))
          CHECK(english(refused.reason).find(": expected") == std::string::npos);
      } catch (const std::exception& problem) {
        FAIL(problem.what());
      }
    }
  }
}
