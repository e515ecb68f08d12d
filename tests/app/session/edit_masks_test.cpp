#include "app/session/edit_masks.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "app/session/edit.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::document_of;
using attn::tests::three_word_document;
using Bytes = std::vector<std::uint8_t>;
using attn::tests::refusal;

TEST_CASE("masks: the first stroke makes the own mask, the last one drops it") {
  const Document d = three_word_document();
  const Document hidden = apply(d, PaintMask{{{0, 1}, {2, 0}}, false});
  REQUIRE(hidden.input().config.mask.allow);
  CHECK(hidden.input().config.mask.allow->visible == Bytes{1, 0, 1, 1, 1, 1, 0, 1, 1});
  CHECK_FALSE(allowed(hidden.input().config.mask, 0, 1));
  CHECK(allowed(hidden.input().config.mask, 1, 0));
  const Document one = apply(hidden, PaintMask{{{0, 1}}, true});
  CHECK(one.input().config.mask.allow->visible == Bytes{1, 1, 1, 1, 1, 1, 0, 1, 1});
  CHECK(apply(one, PaintMask{{{2, 0}}, true}).input().config.mask.allow == nullptr);
  CHECK(d.input().config.mask.allow == nullptr);
}

TEST_CASE("masks: a stroke that changes nothing gives the very same document") {
  const Document d = three_word_document();
  CHECK(apply(d, PaintMask{{{0, 1}}, true}) == d);
  CHECK(apply(d, PaintMask{{}, false}) == d);
  const Document hidden = apply(d, PaintMask{{{0, 1}}, false});
  CHECK(apply(hidden, PaintMask{{{0, 1}}, false}) == hidden);
  CHECK(apply(d, PadKeys{{1}, false}) == d);
}

TEST_CASE("masks: a stroke over one query that leaves it nothing to see is allowed") {
  const Document d = apply(three_word_document(), PaintMask{{{1, 0}, {1, 1}, {1, 2}}, false});
  for (std::size_t j = 0; j < 3; ++j) CHECK_FALSE(visible(d.input().config.mask, 1, j));
}

TEST_CASE("masks: padding hides a key from all and goes with the last padded key") {
  const Document d = three_word_document();
  const Document padded_one = apply(d, PadKeys{{1}, true});
  CHECK(*padded_one.input().config.mask.padding == Bytes{0, 1, 0});
  CHECK(padded(padded_one.input().config.mask, 1));
  CHECK_FALSE(padded(padded_one.input().config.mask, 0));
  for (std::size_t i = 0; i < 3; ++i) CHECK_FALSE(visible(padded_one.input().config.mask, i, 1));
  CHECK(apply(padded_one, PadKeys{{1}, false}).input().config.mask.padding == nullptr);
  CHECK(*apply(padded_one, PadKeys{{0, 2}, true}).input().config.mask.padding == Bytes{1, 1, 1});
}

TEST_CASE("masks: what cannot be painted is refused in one line") {
  const Document d = three_word_document();
  Input features = tests::three_words();
  features.config.attend_over = AttendOver::features;
  const Document over_features = document_of(features);
  CHECK(refusal(d, PaintMask{{{0, 3}}, false}) == "There is no word 4");
  CHECK(refusal(d, PaintMask{{{3, 0}}, false}) == "There is no word 4");
  CHECK(refusal(d, PadKeys{{5}, true}) == "There is no word 6");
  CHECK(refusal(over_features, PaintMask{{{0, 0}}, false}) == "Attention over features has no mask");
  CHECK(refusal(over_features, PadKeys{{0}, true}) == "Attention over features has no mask");
}

TEST_CASE("masks: labels say what is done, and to which word") {
  const Document d = three_word_document();
  const auto label = [&](const Edit& edit) { return english(label_of(d, edit)); };
  CHECK(label(PaintMask{{{0, 0}}, false}) == "Hide cells");
  CHECK(label(PaintMask{{{0, 0}}, true}) == "Show cells");
  CHECK(label(PadKeys{{1}, true}) == "Hide x2");
  CHECK(label(PadKeys{{1}, false}) == "Show x2");
  CHECK(label(PadKeys{{0, 1}, true}) == "Padding");
}

TEST_CASE("masks: what a mask takes counts in what undo keeps") {
  const Document d = three_word_document();
  const Document hidden = apply(d, PaintMask{{{0, 1}}, false});
  CHECK(hidden.bytes_not_shared_with(d) == 9);
  CHECK(apply(d, PadKeys{{1}, true}).bytes_not_shared_with(d) == 3);
}

TEST_CASE("masks: the strokes of one gesture are one undo step") {
  Session session(tests::direct_options());
  session.post(Preview{PaintMask{{{0, 1}}, false}});
  session.post(Preview{PaintMask{{{0, 1}, {0, 2}}, false}});
  session.post(EndGesture{});
  session.settle();
  CHECK(session.history().undo_steps() == 1);
  CHECK(session.trace()->read_cell({Stage::weights, 0, 0, 0}).values(0, 0) == 1.0f);
  session.post(Undo{});
  session.settle();
  CHECK(session.document().input().config.mask.allow == nullptr);
}
