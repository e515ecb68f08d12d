// While something is dragged or pulled, numbers are seen to change and not the scale in which they are drawn.

#include "app/widgets/heatmap_scale.h"
#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;

namespace {

double end_of_scores(const Harness& h) {
  const session::Subject subject = const_cast<Harness&>(h).session().subject();
  return colour_scale(subject, Stage::scores, ThemeKind::light).high;
}

float largest_score(Harness& h) {
  return h.session().trace()->read_cell({Stage::scores, 0, 2, 2}).values(0, 0);
}

/// The tip of x3, which is (3, 4), taken to twice its length.
ImVec2 twice_x3(Harness& h) {
  const ImVec2 x1 = h.rect("vectors.arrow[x][0]").centre();
  const ImVec2 x3 = h.rect("vectors.arrow[x][2]").centre();
  return {x3.x + (x3.x - x1.x) * 0.5f, x3.y + (x3.y - x1.y) * 0.5f};  // x1 is (1, 2): one unit each
}

}  // namespace

TEST_CASE("colours keep their scale while a word is dragged, and settle when it is let go") {
  Harness h;
  REQUIRE(end_of_scores(h) == 25.0);
  h.move(h.rect("vectors.arrow[x][2]").centre());
  h.press();
  h.move(twice_x3(h));
  CHECK(largest_score(h) == doctest::Approx(41.0));  // (4, 5)
  CHECK(end_of_scores(h) == 25.0);
  h.release();
  h.settle();
  CHECK(end_of_scores(h) == doctest::Approx(41.0));
}

TEST_CASE("colours keep their scale while a score is pulled, and Esc leaves it where it was") {
  Harness h;
  h.post(session::BeginPull{{Stage::scores, 0, 2, {2}}});
  h.post(session::MovePull{{60.0}});
  h.settle();
  CHECK(largest_score(h) > 40.0f);
  CHECK(end_of_scores(h) == 25.0);
  h.post(session::EndPull{});
  h.settle();
  CHECK(end_of_scores(h) == doctest::Approx(static_cast<double>(largest_score(h))));
  h.post(session::Undo{});
  h.settle();
  CHECK(end_of_scores(h) == 25.0);
}

TEST_CASE("a gesture that brings another stage has the scale of its own trace") {
  Harness h;
  session::SetPosition edit{Position::alibi};
  h.post(session::Preview{edit});
  h.settle();
  const session::Subject subject = h.session().subject();
  REQUIRE(subject.trace->has(Stage::biased));
  CHECK(colour_scale(subject, Stage::biased, ThemeKind::light).high == 25.0);
  h.post(session::CancelGesture{});
}

TEST_CASE("the plane stays as it is under the hand, and is fitted anew when it lets go") {
  Harness h;
  const ImVec2 before = h.rect("vectors.arrow[x][0]").centre();
  h.move(h.rect("vectors.arrow[x][2]").centre());
  h.press();
  h.move(twice_x3(h));
  h.frames(2);
  CHECK(h.rect("vectors.arrow[x][0]").centre().x == before.x);
  CHECK(h.rect("vectors.arrow[x][0]").centre().y == before.y);
  h.release();
  h.settle();
  CHECK(h.rect("vectors.arrow[x][0]").centre().y != before.y);
}
