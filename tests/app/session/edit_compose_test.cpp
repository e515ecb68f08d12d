#include "app/session/edit_compose.h"

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "app/session/edit.h"
#include "app/session/feature_columns.h"
#include "core/attention/attention.h"
#include "core/io/scenario.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::document_of;
using attn::tests::refusal;
using attn::tests::three_word_document;

namespace {

Wish wish_for(Wish::Kind kind) {
  Wish wish;
  wish.kind = kind;
  return wish;
}

double distance_of(const Document& document, std::size_t head, const Wish& wish) {
  Arrays<float> arrays;
  forward(document.input(), document.dimensions(), arrays);
  const auto distance = wish_distance(wished_keys(document.input(), wish), arrays.head(Stage::weights, head));
  REQUIRE(distance.has_value());
  return distance->mean;
}

std::string room(const Document& document, const auto& edit) {
  const auto sentence = room_of(document, edit);
  return sentence ? english(*sentence) : "";
}

ComposeHead previous_of(std::size_t head) { return {head, wish_for(Wish::Kind::previous), 9.0, false}; }

}  // namespace

TEST_CASE("compose edit: without positions a head is refused, with room for them it is one step") {
  const Document before = three_word_document();
  ComposeHead edit = previous_of(0);
  CHECK(refusal(before, edit) == "x says nothing of positions: it needs one-hot columns, or sinusoids");
  CHECK(room(before, edit) == "Add the positions #1 to #3 to x");
  edit.make_room = true;
  const Document after = apply(before, edit);
  CHECK(after.dimensions().d_model == 5);
  CHECK(distance_of(after, 0, edit.wish) < 0.01);
  CHECK(english(label_of(before, edit)) == "Where head 1 looks");
  CHECK(room(after, previous_of(0)).empty());
  CHECK(apply(after, previous_of(0)).dimensions().d_model == 5);
}

TEST_CASE("compose edit: heads that are too narrow are widened with the same button") {
  Input input = tests::random_input(4, 4, 4, 1);
  const Document before = document_of(input);
  ComposeHead edit = previous_of(2);
  CHECK(room(before, edit) == "Add the positions #1 to #4 to x, and widen the heads to 2 columns");
  edit.make_room = true;
  const Document after = apply(before, edit);
  CHECK(after.dimensions().d_k == 2);
  CHECK(distance_of(after, 2, edit.wish) < 0.02);
  const Document narrow = with_position_columns(before);
  CHECK(refusal(narrow, previous_of(2)) == "This needs 2 columns a head, here are 1");
  CHECK(room(narrow, previous_of(2)) == "Widen the heads to 2 columns");
}

TEST_CASE("compose edit: what came after a word like this one needs the word before, which a button adds") {
  // king queen king: by one-hot words
  Input input = tests::three_words();
  input.x = SharedMatrix(Matrix{{2, 0}, {0, 2}, {2, 0}});
  input.config.mask.causal = true;
  const Document before = document_of(input);
  ComposeHead edit{0, wish_for(Wish::Kind::match), 9.0, false};
  CHECK(refusal(before, edit) == "No word has the features of the word before it yet");
  CHECK(room(before, edit) == "Add the word before to every word");
  edit.make_room = true;
  const Document after = apply(before, edit);
  Wish wish = edit.wish;
  wish.pairs = match_pairs(after);
  REQUIRE(wish.pairs.size() == 2);
  CHECK(distance_of(after, 0, wish) < 0.01);
  const auto found = recognise_head(after.input(), 0, match_pairs(after));
  REQUIRE(found.has_value());
  CHECK(found->wish.kind == Wish::Kind::match);

  Input two_heads = input;
  two_heads.config.heads = 2;
  CHECK(room(document_of(two_heads), edit) ==
        "Add the word before to every word, and widen the heads to 2 columns");
}

TEST_CASE("compose edit: a preview from the press gives one undo step for a whole drag") {
  Session session(tests::direct_options());
  session.post(Apply{ComposeHead{0, wish_for(Wish::Kind::same), 1.0, true}});
  session.apply_posted();
  for (const double strength : {2.0, 4.0, 8.0}) {
    session.post(Preview{ComposeHead{0, wish_for(Wish::Kind::same), strength, false}});
    session.apply_posted();
  }
  session.post(EndGesture{});
  session.apply_posted();
  CHECK(recognise_head(session.document().input(), 0, {})->strength == doctest::Approx(8.0));
  session.post(Undo{});
  session.apply_posted();
  CHECK(recognise_head(session.document().input(), 0, {})->strength == doctest::Approx(1.0));
  session.post(Undo{});
  session.apply_posted();
  CHECK(session.document().dimensions().d_model == 2);
}

TEST_CASE("compose edit: a head copies one feature, or all that are the words' own") {
  const Document positions = with_position_columns(three_word_document());
  const Document all = apply(positions, ComposeCopy{0, std::nullopt, false});
  CHECK(recognise_copy(all.input(), 0) == std::vector<std::size_t>{0, 1});
  const Document one = apply(positions, ComposeCopy{0, 1, false});
  CHECK(recognise_copy(one.input(), 0) == std::vector<std::size_t>{1});
  CHECK(english(label_of(one, ComposeCopy{0, 1, false})) == "What head 1 copies");

  Input input = tests::random_input(3, 4, 4, 1);
  const Document narrow = document_of(input);
  ComposeCopy everything{1, std::nullopt, false};
  CHECK(refusal(narrow, everything) == "This needs 4 columns a head, here are 1");
  CHECK(room(narrow, everything) == "Widen the values of the heads to 4 columns");
  everything.make_room = true;
  const Document wide = apply(narrow, everything);
  CHECK(wide.dimensions().d_v == 4);
  CHECK(wide.dimensions().d_out == narrow.dimensions().d_out);
  CHECK(recognise_copy(wide.input(), 1) == std::vector<std::size_t>{0, 1, 2, 3});
}

TEST_CASE("compose edit: what cannot be is refused in one line") {
  const Document d = with_position_columns(three_word_document());
  ComposeHead edit = previous_of(1);
  CHECK(refusal(d, edit) == "There is no head 2");
  CHECK(room(d, edit).empty());
  CHECK(refusal(d, ComposeCopy{1, 0, false}) == "There is no head 2");
  CHECK(refusal(d, ComposeCopy{0, 5, false}) == "There is no feature 6");
  edit = {0, wish_for(Wish::Kind::feature), 1.0, false};
  edit.wish.key_feature = 7;
  CHECK(refusal(d, edit) == "There is no feature 8");
  edit.wish.key_feature = 0;
  edit.wish.query_feature = 5;
  CHECK(refusal(d, edit) == "There is no feature 6");
  CHECK(refusal(d, ComposeHead{0, wish_for(Wish::Kind::same), std::nan(""), false}) ==
        "The strength must be a number from 0 on");
  edit = {0, wish_for(Wish::Kind::match), 1.0, false};
  edit.wish.pairs = {{0, 9}};
  CHECK(refusal(d, edit) == "There is no feature 10");

  const auto with = [&](auto change) {
    io::Scenario scenario = d.scenario();
    change(scenario.input.config);
    return Document(scenario);
  };
  const ComposeHead previous = previous_of(0);
  CHECK(refusal(with([](Config& c) { c.score = Score::cosine; }), previous) ==
        "Heads are composed for the dot product without RoPE: choose these in the settings");
  CHECK(refusal(with([](Config& c) { c.normalise = Normalise::none; }), previous) ==
        "Heads are composed for a softmax over the keys: choose it in the settings");
  CHECK(refusal(with([](Config& c) {
                  c.scale = {Scale::Kind::number, 0.0};
                }),
                previous) == "The scale is 0: no score is left");
  CHECK(refusal(with([](Config& c) { c.combine = Combine::mean; }), ComposeCopy{}) ==
        "The heads are averaged: W_O belongs to all of them");
  Input over = tests::three_words();
  over.config.attend_over = AttendOver::features;
  CHECK(refusal(document_of(over), previous) == "Attention over features has no words to look at");
  CHECK(refusal(document_of(over), ComposeCopy{}) == "Attention over features has no words to look at");
}

TEST_CASE("compose edit: every reason has a sentence of its own") {
  std::vector<std::string> seen;
  for (int kind = 0; kind <= static_cast<int>(Hindrance::Kind::shared_output); ++kind) {
    const std::string sentence = english(explained({static_cast<Hindrance::Kind>(kind), 4, 2}));
    CHECK(sentence != "This cannot be composed");
    CHECK(std::ranges::find(seen, sentence) == seen.end());
    seen.push_back(sentence);
  }
}
