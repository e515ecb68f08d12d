#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;

namespace {

/// Where a point of the plane is on screen, from where two arrows are: x1 is (1, 2), x3 is (3, 4).
ImVec2 on_screen(Harness& h, float x, float y) {
  const ImVec2 a = h.rect("vectors.arrow[x][0]").centre();
  const ImVec2 b = h.rect("vectors.arrow[x][2]").centre();
  return {a.x + (b.x - a.x) * (x - 1) / 2, a.y + (b.y - a.y) * (y - 2) / 2};
}

}  // namespace

TEST_CASE("dragging x1 from (1, 2) to (2, 1) moves the word there, with one undo step") {
  Harness h;
  h.drag(on_screen(h, 1, 2), on_screen(h, 2, 1));
  h.settle();
  CHECK(h.document().input().x(0, 0) == 2.0f);
  CHECK(h.document().input().x(0, 1) == 1.0f);
  CHECK(h.session().history().undo_steps() == 1);
  h.key(Key::z, {.ctrl = true});
  CHECK(h.document().input().x(0, 0) == 1.0f);
  CHECK(h.document().input().x(0, 1) == 2.0f);
}

TEST_CASE("everything follows while the arrow is still held, and the view stays put") {
  Harness h;
  const ImVec2 x3 = h.rect("vectors.arrow[x][2]").centre();
  const ImVec2 to = on_screen(h, 2, 1);
  h.move(on_screen(h, 1, 2));
  h.press();
  h.move(to);
  CHECK(h.session().trace()->read_cell({Stage::scores, 0, 0, 0}).values(0, 0) == 5.0f);  // 2·2 + 1·1
  CHECK(h.session().trace()->read_cell({Stage::scores, 0, 0, 1}).values(0, 0) == 7.0f);  // 2·2 + 1·3
  CHECK(h.rect("vectors.arrow[x][2]").centre().x == x3.x);
  CHECK(h.rect("vectors.arrow[x][2]").centre().y == x3.y);
  h.release();
}

TEST_CASE("Esc takes a drag back, and moving on does not begin another") {
  Harness h;
  const ImVec2 from = on_screen(h, 1, 2);
  h.move(from);
  h.press();
  h.move(on_screen(h, 2, 1));
  REQUIRE(h.document().input().x(0, 0) == 2.0f);
  h.key(Key::escape);
  CHECK(h.document().input().x(0, 0) == 1.0f);
  h.move({from.x + 60, from.y});
  h.release();
  h.settle();
  CHECK(h.document().input().x(0, 0) == 1.0f);
  CHECK(h.session().history().undo_steps() == 0);
}

TEST_CASE("a ghost shows where the word was") {
  Harness h;
  h.move(on_screen(h, 1, 2));
  h.press();
  h.frames(2);
  const int before = h.vertices();
  h.move(on_screen(h, 2, 1));
  CHECK(h.vertices() > before + 20);
  h.release();
}

TEST_CASE("a click on a tip selects the word and changes nothing") {
  Harness h;
  h.click("vectors.arrow[x][1]");
  CHECK(h.session().view().selection.row == 1);
  CHECK(h.session().history().undo_steps() == 0);
}

TEST_CASE("a focused arrow is moved by keys, in finer steps with Shift") {
  Harness h;
  h.click("vectors.arrow[x][0]");
  h.key(Key::right);
  const float step = h.document().input().x(0, 0) - 1.0f;
  CHECK(step > 0.0f);
  h.key(Key::right, {.shift = true});
  CHECK(h.document().input().x(0, 0) == doctest::Approx(1.0f + step * 1.1f));
  h.key(Key::up);
  CHECK(h.document().input().x(0, 1) == doctest::Approx(2.0f + step));
}

TEST_CASE("pulling an output ring moves the words so that the output comes after") {
  Harness h;
  const auto output = [&] { return h.session().trace()->read_cell({Stage::output, 0, 0, 0}).values(0, 0); };
  const float before = output();
  const ImVec2 ring = h.rect("vectors.ring[0]").centre();
  const float unit = (on_screen(h, 3, 4).x - on_screen(h, 1, 2).x) / 2;
  h.move(ring);
  h.press();
  h.move({ring.x - unit / 2, ring.y + unit / 2});
  h.move({ring.x - unit, ring.y + unit});
  CHECK(h.session().pulling());
  h.release();
  h.settle();
  CHECK(output() < before - 0.5f);
  CHECK(h.session().history().undo_steps() == 1);
}

TEST_CASE("queries, keys and values are shown, but only X is dragged") {
  Harness h;
  h.post(session::SetVectorKind{session::VectorKind::q});
  REQUIRE(h.has("vectors.arrow[q][0]"));
  const ImVec2 at = h.rect("vectors.arrow[q][0]").centre();
  h.drag(at, {at.x + 50, at.y});
  h.settle();
  CHECK(h.session().history().undo_steps() == 0);
}

TEST_CASE("with more than two columns the drag moves the two that are drawn, and leaves the others exactly") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  const auto row = [&] {
    const auto r = h.document().input().x.row(1);
    return std::vector<float>(r.begin(), r.end());
  };
  const std::vector<float> before = row();
  const ImVec2 at = h.rect("vectors.arrow[x][1]").centre();
  h.drag(at, {at.x - 40, at.y - 40});
  h.settle();
  const std::vector<float> after = row();
  REQUIRE(after.size() == 4);
  CHECK(after[0] < before[0]);
  CHECK(after[1] > before[1]);
  CHECK(after[2] == before[2]);
  CHECK(after[3] == before[3]);
}

TEST_CASE("before outputs are computed there are no rings") {
  Harness h;
  CHECK(h.has("vectors.ring[0]"));
  h.post(session::ToStart{});
  CHECK_FALSE(h.has("vectors.ring[0]"));
  CHECK(h.has("vectors.arrow[x][0]"));
}
