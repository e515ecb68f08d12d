#include "app/session/edit_settings.h"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "app/session/edit.h"
#include "core/io/scenario.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::document_of;
using attn::tests::matrix;
using attn::tests::random_input;
using attn::tests::refusal;
using attn::tests::three_word_document;
using attn::tests::values_of;

namespace {

const Config& config_after(const Document& document, const Edit& edit, Document& kept) {
  kept = apply(document, edit);
  return kept.input().config;
}

}  // namespace

TEST_CASE("settings: every setting of attention is set, and the same again changes nothing") {
  const Document d = document_of(random_input(3, 4, 2, 1));
  const std::vector<Edit> edits = {SetKvHeads{1},
                                   SetScore{Score::cosine},
                                   SetScore{Score::additive},
                                   SetScore{Score::bilinear},
                                   SetScale{{Scale::Kind::number, -2.5}},
                                   SetPosition{Position::sinusoidal},
                                   SetPosition{Position::rope},
                                   SetPosition{Position::alibi},
                                   SetWindow{1},
                                   SetPadding{true},
                                   SetPaddedKey{0, true},
                                   SetOwnMask{true},
                                   SetHiddenValue{-1.0e9},
                                   SetNormalise{Normalise::softmax_without_max},
                                   SetNormalise{Normalise::none},
                                   SetSoftmaxAxis{SoftmaxAxis::queries},
                                   SetDropout{{0.5, 3}},
                                   SetCombine{Combine::mean},
                                   SetAttendOver{AttendOver::features},
                                   SetWidth{Width::d_model, 5},
                                   SetWidth{Width::d_k, 3},
                                   SetWidth{Width::d_v, 3},
                                   SetWidth{Width::d_out, 3},
                                   SetCrossAttention{true},
                                   SetText{SetText::Field::title, "en", "A title"}};
  for (std::size_t i = 0; i < edits.size(); ++i) {
    CAPTURE(i);
    const Document after = apply(d, edits[i]);
    CHECK_FALSE(after == d);
    CHECK(apply(after, edits[i]) == after);
    CHECK_FALSE(english(label_of(d, edits[i])).empty());
  }
}

TEST_CASE("settings: each one is undone and redone in one step") {
  Session session(tests::direct_options());
  const std::vector<Edit> edits = {SetScore{Score::additive},
                                   SetWidth{Width::d_model, 4},
                                   SetCrossAttention{true},
                                   SetPosition{Position::rope},
                                   SetDropout{{0.25, 9}},
                                   SetPadding{true},
                                   SetWidth{Width::d_additive, 1},
                                   SetCombine{Combine::mean},
                                   SetText{SetText::Field::title, "zh", "另一个标题"}};
  std::vector<Document> states = {session.document()};
  for (const Edit& edit : edits) {
    session.post(Apply{edit});
    session.settle();
    REQUIRE_FALSE(session.refusal().has_value());
    states.push_back(session.document());
  }
  CHECK(session.history().undo_steps() == edits.size());
  for (std::size_t i = edits.size(); i-- > 0;) {
    CAPTURE(i);
    CHECK(english(*session.history().undo_label()) == english(label_of(states[i], edits[i])));
    session.post(Undo{});
    session.settle();
    CHECK(session.document() == states[i]);
  }
  session.post(Redo{});
  session.settle();
  CHECK(session.document() == states[1]);
}

TEST_CASE("settings: a bilinear score begins as the dot product, an additive one with identities and ones") {
  const Document d = three_word_document();
  const Document bilinear = apply(d, SetScore{Score::bilinear});
  CHECK(matrix(bilinear, ParameterId::bilinear) == Matrix{{1, 0}, {0, 1}});
  CHECK(values_of(bilinear, Stage::scores) == values_of(d, Stage::scores));
  const Document additive = apply(d, SetScore{Score::additive});
  CHECK(matrix(additive, ParameterId::additive_w_q) == Matrix{{1, 0}, {0, 1}});
  CHECK(matrix(additive, ParameterId::additive_v) == Matrix{{1, 1}});
  // What was made stays when the score is another one, and comes back with it.
  const Document changed = apply(additive, SetParameterCell{{ParameterId::additive_v, 0, 1}, 5.0f});
  const Document back = apply(apply(changed, SetScore{Score::dot}), SetScore{Score::additive});
  CHECK(matrix(back, ParameterId::additive_v) == Matrix{{1, 5}});
}

TEST_CASE("settings: key/value heads are shared by neighbours and copied back") {
  const Document four = document_of(random_input(3, 8, 4, 7));
  const Document two = apply(four, SetKvHeads{2});
  CHECK(two.dimensions().n_kv_heads == 2);
  CHECK(two.dimensions().d_k == 2);
  CHECK(two.input().config.kv_heads == 2);
  // Heads 1 and 2 read what head 1 read, heads 3 and 4 what head 3 read.
  const Matrix before = matrix(four, ParameterId::w_k);
  const Matrix after = matrix(two, ParameterId::w_k);
  CHECK(after.columns() == 4);
  for (std::size_t c = 0; c < 2; ++c) {
    CHECK(after(1, c) == before(1, c));
    CHECK(after(1, 2 + c) == before(1, 4 + c));
  }
  // Back to four: nothing changes for any query head.
  const Document again = apply(two, SetKvHeads{4});
  CHECK_FALSE(again.input().config.kv_heads.has_value());
  CHECK(values_of(again, Stage::weights) == values_of(two, Stage::weights));
  CHECK(refusal(four, SetKvHeads{3}) == "3 key/value heads do not divide the 4 heads");
  CHECK(refusal(four, SetKvHeads{0}) == "0 key/value heads do not divide the 4 heads");
}

TEST_CASE("settings: an identity is written out for shared key/value heads") {
  Input input = random_input(3, 4, 2, 1);
  for (const ParameterId id : {ParameterId::w_k, ParameterId::b_k, ParameterId::w_v, ParameterId::b_v})
    input.parameters[id].reset();
  const Document shared = apply(document_of(input), SetKvHeads{1});
  CHECK(matrix(shared, ParameterId::w_k) == Matrix{{1, 0}, {0, 1}, {0, 0}, {0, 0}});
}

TEST_CASE("settings: padding begins with the last key, and keys are hidden one by one") {
  const Document d = three_word_document();
  const Document padded = apply(d, SetPadding{true});
  CHECK(*padded.input().config.mask.padding == std::vector<std::uint8_t>{0, 0, 1});
  const Document two = apply(padded, SetPaddedKey{1, true});
  CHECK(*two.input().config.mask.padding == std::vector<std::uint8_t>{0, 1, 1});
  CHECK(*apply(two, SetPaddedKey{2, false}).input().config.mask.padding ==
        std::vector<std::uint8_t>{0, 1, 0});
  CHECK(*apply(d, SetPaddedKey{0, true}).input().config.mask.padding == std::vector<std::uint8_t>{1, 0, 0});
  CHECK(apply(two, SetPadding{false}).input().config.mask.padding == nullptr);
  CHECK(refusal(d, SetPaddedKey{3, true}) == "There is no key 4");
  Input one = tests::three_words();
  one.tokens = tests::numbered_tokens(1);
  one.x = SharedMatrix(Matrix{{1, 2}});
  CHECK(*apply(document_of(one), SetPadding{true}).input().config.mask.padding ==
        std::vector<std::uint8_t>{0});
}

TEST_CASE("settings: window, hidden value, dropout and own mask hold what was asked for") {
  Document kept = three_word_document();
  const Document d = kept;
  CHECK(config_after(d, SetWindow{2}, kept).mask.window == 2);
  CHECK_FALSE(config_after(kept, SetWindow{}, kept).mask.window.has_value());
  CHECK(config_after(d, SetHiddenValue{0.0}, kept).mask.hidden_value == 0.0);
  CHECK_FALSE(config_after(kept, SetHiddenValue{}, kept).mask.hidden_value.has_value());
  CHECK(config_after(d, SetDropout{{0.5, 3}}, kept).dropout == Dropout{0.5, 3});
  CHECK(config_after(kept, SetDropout{{0.0, 3}}, kept).dropout == Dropout{0.0, 3});
  CHECK_FALSE(config_after(kept, SetDropout{}, kept).dropout.has_value());
  CHECK(config_after(d, SetOwnMask{true}, kept).mask.allow->visible == std::vector<std::uint8_t>(9, 1));
  CHECK(config_after(kept, SetOwnMask{false}, kept).mask.allow == nullptr);
}

TEST_CASE("settings: what cannot be is refused in one line") {
  const Document d = three_word_document();
  const Document features = apply(d, SetAttendOver{AttendOver::features});
  Input odd_input = tests::three_words();
  odd_input.x = SharedMatrix(Matrix(3, 3, 1.0f));
  const Document odd = document_of(odd_input);
  const Document rope = apply(d, SetPosition{Position::rope});
  const Document cross = apply(d, SetCrossAttention{true});
  const std::string only = "Attention over features takes no other setting: choose attention over words";
  struct Case {
    Document document;
    Edit edit;
    std::string line;
  };
  const std::vector<Case> cases = {
      {odd, SetPosition{Position::rope}, "RoPE turns pairs of numbers: d_k must be even, not 3"},
      {rope, SetWidth{Width::d_k, 3}, "RoPE turns pairs of numbers: d_k must be even, not 3"},
      {d, SetWindow{-1}, "A window reaches 0 words or more"},
      {d, SetHiddenValue{INFINITY}, "A finite number is needed"},
      {d, SetDropout{{1.0, 0}}, "Dropout removes a part from 0 to below 1"},
      {d, SetDropout{{std::nan(""), 0}}, "Dropout removes a part from 0 to below 1"},
      {d, SetDropout{{0.5, std::uint64_t{1} << 53}}, "A seed is a whole number below 2^53"},
      {d, SetWidth{Width::d_k, 0}, "At least one column is needed"},
      {d, SetWidth{Width::d_k, 16385}, "At most 16384 columns are possible"},
      {d, SetWidth{Width::d_source, 3}, "This example has no source"},
      {d, SetWidth{Width::d_additive, 3}, "Only the additive score has a hidden width"},
      {features, SetWidth{Width::d_k, 3}, "Over features d_k is the width of x: change d_model"},
      {features, SetScore{Score::cosine}, only},
      {features, SetPosition{Position::alibi}, only},
      {features, SetPadding{true}, only},
      {features, SetDropout{{0.5, 1}}, only},
      {features, SetCombine{Combine::mean}, only},
      {features, SetCausal{true}, only},
      {features, SetScale{{Scale::Kind::sqrt_dk, 1.0}}, only},
      {features, SetTemperature{2.0}, only},
      {features, SetHeads{2}, only},
      {features, SetCrossAttention{true},
       "Features attend within one sequence: choose attention over words first"},
      {cross, SetAttendOver{AttendOver::features},
       "Features attend within one sequence: choose self-attention first"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.line);
    CHECK(refusal(c.document, c.edit) == c.line);
  }
  // Setting what is so already is no other setting.
  CHECK(refusal(features, SetScore{Score::dot}).empty());
}

TEST_CASE("settings: features are attended over in one step, whatever was set before") {
  Input input = random_input(3, 4, 2, 5);
  input.config.scale = {Scale::Kind::sqrt_dk, 1.0};
  input.config.mask.causal = true;
  input.config.kv_heads = 2;
  const Document d = apply(apply(document_of(input), SetScore{Score::bilinear}), SetKvHeads{1});
  const Document features = apply(d, SetAttendOver{AttendOver::features});
  CHECK(features.dimensions().n_heads == 1);
  CHECK(features.dimensions().d_k == 4);
  CHECK(features.dimensions().d_out == d.dimensions().d_out);
  CHECK_FALSE(features.input().config.mask.causal);
  CHECK(features.input().parameters[ParameterId::w_q]->same_as(*d.input().parameters[ParameterId::w_q]));
  CHECK_FALSE(features.input().parameters[ParameterId::b_v].has_value());
  CHECK(apply(features, SetAttendOver{AttendOver::tokens}).input().config.attend_over == AttendOver::tokens);
}

TEST_CASE("settings: averaged heads and W_O follow each other") {
  Input input = random_input(3, 4, 2, 5);
  input.parameters[ParameterId::w_o] = SharedMatrix(Matrix{{1, 2}, {3, 4}, {10, 20}, {30, 40}});
  input.parameters[ParameterId::b_o] = SharedMatrix(Matrix{{7, 8}});
  const Document mean = apply(document_of(input), SetCombine{Combine::mean});
  CHECK(matrix(mean, ParameterId::w_o) == Matrix{{11, 22}, {33, 44}});
  // What the mean gives, the parts give side by side.
  const Document concat = apply(mean, SetCombine{Combine::concat});
  CHECK(matrix(concat, ParameterId::w_o) == Matrix{{5.5f, 11}, {16.5f, 22}, {5.5f, 11}, {16.5f, 22}});

  input.parameters[ParameterId::w_o].reset();
  input.parameters[ParameterId::b_o] = SharedMatrix(Matrix{{1, 2, 3, 4}});
  const Document cut = apply(document_of(input), SetCombine{Combine::mean});
  CHECK(cut.dimensions().d_out == 2);
  CHECK(matrix(cut, ParameterId::b_o) == Matrix{{1, 2}});
}

TEST_CASE("settings: a title in one language leaves the others") {
  const Document d = three_word_document();
  const auto title = [](const Document& document) { return document.scenario().title; };
  const Document zh = apply(d, SetText{SetText::Field::title, "zh", "三个词"});
  const Document both = apply(zh, SetText{SetText::Field::title, "en", "Three words"});
  CHECK(title(both).in("zh") == "三个词");
  CHECK(title(both).in("en") == "Three words");
  CHECK(title(apply(both, SetText{SetText::Field::title, "zh", ""})).in("zh") == "Three words");
  CHECK(title(apply(zh, SetText{SetText::Field::title, "zh", ""})).empty());

  io::Scenario plain = d.scenario();
  plain.description = io::LocalisedText::plain("plain");
  const Document p = d.with_scenario(plain);
  const Document changed = apply(p, SetText{SetText::Field::description, "en", "still plain"});
  CHECK(changed.scenario().description == io::LocalisedText::plain("still plain"));
  const Document with_zh = apply(p, SetText{SetText::Field::description, "zh", "说明"});
  CHECK(with_zh.scenario().description.in("en") == "plain");
  CHECK(with_zh.scenario().description.in("zh") == "说明");
  CHECK(apply(p, SetText{SetText::Field::description, "en", "plain"}) == p);
  CHECK(english(label_of(d, SetText{SetText::Field::description, "en", ""})) == "Description");
}
