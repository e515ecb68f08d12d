#include "app/session/history.h"

#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "app/session/edit.h"
#include "tests/app/session/documents.h"

using namespace attn::session;
using attn::tests::three_word_document;

namespace {

/// Word 1 at (value, 2): 24 bytes that no other document holds.
Document moved(const Document& from, float value) { return apply(from, SetXCell{0, 0, value}); }
float x1(const History& h) { return h.document().input().x(0, 0); }
std::string text(const std::optional<Message>& m) { return m ? english(*m) : ""; }

History with_steps(int n, std::uint64_t limit = History::kByteLimit) {
  History h(three_word_document(), limit);
  for (int i = 0; i < n; ++i)
    h.push(moved(h.document(), 10.0f + static_cast<float>(i)), message("Step {0}", {std::to_string(i)}));
  return h;
}

}  // namespace

TEST_CASE("history: at the start there is nothing to undo or redo") {
  History h(three_word_document());
  CHECK_FALSE(h.can_undo());
  CHECK_FALSE(h.can_redo());
  CHECK(h.is_saved());
  const Document before = h.document();
  h.undo();
  h.redo();
  h.commit();
  h.cancel();
  CHECK(h.document() == before);
  CHECK_FALSE(h.undo_label().has_value());
  CHECK_FALSE(h.redo_label().has_value());
}

TEST_CASE("history: back to the first step and forward to the last, with labels") {
  History h = with_steps(3);
  CHECK(text(h.undo_label()) == "Step 2");
  h.undo();
  CHECK(x1(h) == 11.0f);
  CHECK(text(h.undo_label()) == "Step 1");
  CHECK(text(h.redo_label()) == "Step 2");
  h.undo();
  h.undo();
  CHECK(x1(h) == 1.0f);
  CHECK_FALSE(h.can_undo());
  CHECK(h.redo_steps() == 3);
  CHECK(h.is_saved());
  h.redo();
  h.redo();
  h.redo();
  CHECK(x1(h) == 12.0f);
  CHECK_FALSE(h.can_redo());
  CHECK(h.undo_steps() == 3);
}

TEST_CASE("history: a new step after undo drops what was undone") {
  History h = with_steps(2);
  h.undo();
  h.push(moved(h.document(), 99.0f), message("Branch"));
  CHECK_FALSE(h.can_redo());
  CHECK(h.undo_steps() == 2);
  h.undo();
  CHECK(x1(h) == 10.0f);
}

TEST_CASE("history: a step that changes nothing is none") {
  History h = with_steps(1);
  h.undo();
  h.push(h.document(), message("Nothing"));
  CHECK_FALSE(h.can_undo());
  CHECK(h.can_redo());
}

TEST_CASE("history: a gesture is one step, however many previews it had") {
  History h(three_word_document());
  h.begin();
  for (int i = 0; i < 100; ++i) h.preview(moved(h.pressed(), static_cast<float>(i)), message("Drag"));
  CHECK(h.in_gesture());
  CHECK_FALSE(h.can_undo());
  CHECK(x1(h) == 99.0f);
  CHECK(h.pressed().input().x(0, 0) == 1.0f);
  h.undo();  // not within a gesture
  CHECK(x1(h) == 99.0f);
  h.commit();
  CHECK(h.undo_steps() == 1);
  CHECK(text(h.undo_label()) == "Drag");
  h.undo();
  CHECK(x1(h) == 1.0f);
}

TEST_CASE("history: a gesture that comes back, or is cancelled, leaves no step and keeps redo") {
  History h = with_steps(1);
  h.undo();
  const Document start = h.document();
  h.begin();
  h.preview(moved(start, 5.0f), message("Drag"));
  h.preview(start, message("Drag"));
  h.commit();
  CHECK(h.document() == start);
  CHECK_FALSE(h.can_undo());
  CHECK(h.can_redo());
  h.preview(moved(start, 5.0f), message("Drag"));
  h.cancel();
  CHECK(h.document() == start);
  CHECK_FALSE(h.in_gesture());
  CHECK(h.can_redo());
}

TEST_CASE("history: a press or a whole step ends the gesture before it") {
  History h(three_word_document());
  h.preview(moved(h.pressed(), 5.0f), message("First"));
  h.begin();
  CHECK(h.undo_steps() == 1);
  CHECK(h.pressed().input().x(0, 0) == 5.0f);
  h.preview(moved(h.pressed(), 6.0f), message("Second"));
  h.push(moved(h.document(), 7.0f), message("Third"));
  CHECK(h.undo_steps() == 3);
}

TEST_CASE("history: saved means this very document, from both sides") {
  History h = with_steps(2);
  CHECK_FALSE(h.is_saved());
  h.mark_saved();
  CHECK(h.is_saved());
  h.undo();
  CHECK_FALSE(h.is_saved());
  h.redo();
  CHECK(h.is_saved());
  h.preview(moved(h.pressed(), 5.0f), message("Drag"));
  CHECK_FALSE(h.is_saved());
  h.cancel();
  CHECK(h.is_saved());
}

TEST_CASE("history: the oldest steps go when the bytes that are not shared pass the limit") {
  // Every step holds one x of 3 × 2 floats that its neighbour does not: 24 bytes.
  History h = with_steps(5, 72);
  CHECK(h.bytes() == 72);
  CHECK(h.undo_steps() == 3);
  h.undo();
  h.undo();
  h.undo();
  CHECK(x1(h) == 11.0f);  // steps 0 and 1 are gone
  CHECK(h.redo_steps() == 3);
  CHECK(h.bytes() == 72);
}

TEST_CASE("history: the last step can be undone and redone, however large it is") {
  History h = with_steps(3, 1);
  CHECK(h.undo_steps() == 1);
  h.undo();
  CHECK(x1(h) == 11.0f);
  CHECK(h.redo_steps() == 1);
  h.redo();
  CHECK(x1(h) == 12.0f);
}

TEST_CASE("history: bytes are given back when a branch drops redo, and by a reset") {
  History h = with_steps(3);
  CHECK(h.bytes() == 72);
  h.undo();
  h.undo();
  h.push(moved(h.document(), 50.0f), message("Branch"));
  CHECK(h.bytes() == 48);
  h.reset(three_word_document());
  CHECK(h.bytes() == 0);
  CHECK(h.is_saved());
  CHECK_FALSE(h.can_undo());
}
