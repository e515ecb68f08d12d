#include <array>
#include <cmath>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "app/panels/vectors_readout.h"
#include "tests/app/panels/harness.h"
#include "tests/app/panels/screen_text.h"
#include "tests/app/session/documents.h"

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

TEST_CASE("dragging a query, a key or a value moves the word so that it comes to the mouse") {
  for (const auto& [kind, stage] :
       {std::pair(session::VectorKind::q, Stage::q), std::pair(session::VectorKind::k, Stage::k),
        std::pair(session::VectorKind::v, Stage::v)}) {
    Harness h;
    h.post(session::OpenExample{"asymmetric_twin"});
    h.post(session::SetVectorKind{kind});
    const std::string arrow = "vectors.arrow[" + std::string(name(stage)) + "][0]";
    CAPTURE(arrow);
    const auto value = [&](std::size_t c) {
      return h.session().trace()->read_cell({stage, 0, 0, c}).values(0, 0);
    };
    const ImVec2 at = h.rect(arrow).centre();
    const ImVec2 to{at.x + 34, at.y - 21};
    h.move(at);
    h.press();
    h.move({at.x + 10, at.y});
    h.move(to);
    // The view stays while it is held, and the tip is under the mouse: rounded by a few pixels at most.
    CHECK(std::abs(h.rect(arrow).centre().x - to.x) <= 3.0f);
    CHECK(std::abs(h.rect(arrow).centre().y - to.y) <= 3.0f);
    h.release();
    h.settle();
    CHECK(h.session().history().undo_steps() == 1);
    const float moved = value(0);
    h.key(Key::z, {.ctrl = true});
    CHECK(value(0) != moved);
  }
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

TEST_CASE("the axes are chosen from a list of the features, by mouse and by keys") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  using Axes = std::array<std::size_t, 2>;
  h.click("vectors.axis[0]");
  REQUIRE(h.has("vectors.axis_choice[0][3]"));
  h.click("vectors.axis_choice[0][3]");
  CHECK(h.session().view().plane_axes == Axes{3, 1});
  CHECK_FALSE(h.has("vectors.axis_choice[0][3]"));
  // A drag now moves feature 4 by the horizontal, and leaves the first one.
  const float before = h.document().input().x(1, 0);
  const float fourth = h.document().input().x(1, 3);
  const ImVec2 at = h.rect("vectors.arrow[x][1]").centre();
  h.drag(at, {at.x + 30, at.y});
  CHECK(h.document().input().x(1, 0) == before);
  CHECK(h.document().input().x(1, 3) > fourth);
  // By keys: Right takes the next feature, Down opens the list, Up and Enter choose in it.
  h.widgets().focus(WidgetId(PanelId::vectors, "axis").at(std::size_t{1}), true);
  h.frames(2);
  h.key(Key::right);
  CHECK(h.session().view().plane_axes == Axes{3, 2});
  h.key(Key::down);
  h.key(Key::up);
  h.key(Key::up);
  h.key(Key::enter);
  CHECK(h.session().view().plane_axes == Axes{3, 0});
  // The same feature twice is no plane: the two change places.
  h.post(session::SetPlaneAxes{0, 1});
  h.widgets().focus(WidgetId(PanelId::vectors, "axis").at(std::size_t{0}), true);
  h.frames(2);
  h.key(Key::right);
  CHECK(h.session().view().plane_axes == Axes{1, 0});
}

TEST_CASE("Esc closes the list of features and chooses nothing") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  h.click("vectors.axis[0]");
  REQUIRE(h.has("vectors.axis_choice[0][0]"));
  h.key(Key::escape);
  CHECK_FALSE(h.has("vectors.axis_choice[0][0]"));
  CHECK(h.session().view().plane_axes == std::array<std::size_t, 2>{0, 1});
}

TEST_CASE("in the plane of principal components a drag arrives, and the plane does not turn under the hand") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  h.click("vectors.principal");
  REQUIRE(h.session().view().principal_plane);
  CHECK_FALSE(h.has("vectors.axis[0]"));
  const ImVec2 other = h.rect("vectors.arrow[x][10]").centre();
  const ImVec2 at = h.rect("vectors.arrow[x][1]").centre();
  const ImVec2 to{at.x - 45, at.y + 38};
  h.move(at);
  h.press();
  h.move({at.x - 20, at.y});
  h.move(to);
  CHECK(std::abs(h.rect("vectors.arrow[x][1]").centre().x - to.x) <= 3.0f);
  CHECK(std::abs(h.rect("vectors.arrow[x][1]").centre().y - to.y) <= 3.0f);
  CHECK(h.rect("vectors.arrow[x][10]").centre().x == other.x);
  CHECK(h.rect("vectors.arrow[x][10]").centre().y == other.y);
  h.key(Key::escape);
  h.release();
  h.settle();
  CHECK(h.session().history().undo_steps() == 0);
  CHECK(std::abs(h.rect("vectors.arrow[x][1]").centre().x - at.x) < 0.5f);
}

TEST_CASE("an output ring can be pulled in the plane of principal components and in that of the values") {
  for (const bool values : {false, true}) {
    CAPTURE(values);
    Harness h;
    h.post(session::OpenExample{"twelve_words_en"});
    h.post(session::SetPullFreedom{session::PullFreedom::all_words});
    if (values) {
      h.post(session::SetVectorKind{session::VectorKind::v});
    } else {
      h.post(session::SetPrincipalPlane{true});
    }
    h.post(session::Select{{Stage::weights, 0, 5, 1}});
    const ImVec2 ring = h.rect("vectors.ring[5]").centre();
    h.move(ring);
    h.press();
    h.move({ring.x + 4, ring.y});
    h.move({ring.x + 8, ring.y - 6});
    REQUIRE(h.session().pulling());
    h.release();
    h.session().settle();
    REQUIRE(h.session().pull().has_value());
    const session::PullReport& report = *h.session().pull();
    CAPTURE(report.distance);
    CHECK(report.target.stage == (values ? Stage::head_outputs : Stage::output));
    CHECK(report.end == session::PullEnd::arrived);
    CHECK(report.distance < 1e-4);
  }
}

TEST_CASE(
    "every number of the selected word is a bar that is dragged, taken back by Esc and nudged by keys") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  h.post(session::Select{{Stage::weights, 0, 1, 0}});
  const auto x = [&](std::size_t c) { return h.document().input().x(1, c); };
  const float before = x(2);
  const Rect bar = h.rect("vectors.bar[x][2]");
  h.drag(bar.centre(), {bar.centre().x + 30, bar.centre().y});
  CHECK(x(2) > before);
  CHECK(x(0) == 1.5f);
  CHECK(h.session().history().undo_steps() == 1);
  h.key(Key::z, {.ctrl = true});
  CHECK(x(2) == before);

  h.move(bar.centre());
  h.press();
  h.move({bar.centre().x - 25, bar.centre().y});
  CHECK(x(2) < before);
  h.key(Key::escape);
  h.move({bar.centre().x - 45, bar.centre().y});
  h.release();
  h.settle();
  CHECK(x(2) == before);
  CHECK(h.session().history().undo_steps() == 0);

  h.widgets().focus(WidgetId(PanelId::vectors, "bar").at(Stage::x).at(std::size_t{2}), true);
  h.frames(2);
  h.key(Key::right);
  CHECK(x(2) > before);
  h.key(Key::left);
  CHECK(x(2) == doctest::Approx(before));
}

TEST_CASE("a bar of a key moves the word by way of W_K, and the other numbers of the key stay") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  h.post(session::SetVectorKind{session::VectorKind::k});
  // Keys of two numbers have a plane of their own and no bars.
  CHECK_FALSE(h.has("vectors.bar[k][0]"));
  h.post(session::Apply{session::SetHeads{1}});
  REQUIRE(h.has("vectors.bar[k][2]"));
  h.post(session::Select{{Stage::weights, 0, 0, 5}});
  const auto key = [&](std::size_t c) {
    return h.session().trace()->read_cell({Stage::k, 0, 5, c}).values(0, 0);
  };
  const std::array<float, 4> before = {key(0), key(1), key(2), key(3)};
  const Rect bar = h.rect("vectors.bar[k][2]");
  h.drag(bar.centre(), {bar.centre().x + 20, bar.centre().y});
  CHECK(key(2) > before[2] + 0.05f);
  for (const std::size_t c : {0, 1, 3}) CHECK(key(c) == doctest::Approx(before[c]).epsilon(1e-4));
}

TEST_CASE("vectors of one number lie on a line and are dragged along it") {
  Harness h;
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "one.json";
  std::ofstream(file)
      << R"({"format": "attention-scenario", "version": 1, "tokens": ["a", "b"], "x": [[1], [2]]})";
  h.open(file);
  REQUIRE(h.has("vectors.arrow[x][1]"));
  CHECK_FALSE(h.has("vectors.axis[0]"));
  CHECK_FALSE(h.has("vectors.bar[x][0]"));
  const ImVec2 at = h.rect("vectors.arrow[x][0]").centre();
  h.drag(at, {at.x - 60, at.y - 30});
  CHECK(h.document().input().x(0, 0) < 1.0f);
  CHECK(h.rect("vectors.arrow[x][0]").centre().y == h.rect("vectors.arrow[x][1]").centre().y);
  // The ring of an output can be pulled along it too.
  const ImVec2 ring = h.rect("vectors.ring[0]").centre();
  h.move(ring);
  h.press();
  h.move({ring.x + 10, ring.y});
  h.move({ring.x + 14, ring.y});
  CHECK(h.session().pulling());
  h.release();
  h.settle();
}

TEST_CASE("hull and lines are drawn for every kind of vector") {
  for (const session::VectorKind kind :
       {session::VectorKind::x, session::VectorKind::q, session::VectorKind::k, session::VectorKind::v}) {
    Harness h;
    h.post(session::OpenExample{"asymmetric_twin"});
    h.post(session::SetVectorKind{kind});
    CAPTURE(session::name(kind));
    const int bare = h.vertices();
    h.post(session::SetAttentionLines{true});
    const int with_lines = h.vertices();
    CHECK(with_lines > bare);
    h.post(session::SetHull{true});
    CHECK(h.vertices() > with_lines);
  }
}

TEST_CASE("cross-attention of two widths shows each side in a plane of its own") {
  Harness h;
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "cross.json";
  std::ofstream(file) << R"({"format": "attention-scenario", "version": 1, "tokens": ["a", "b"],
    "x": [[1, 0], [0, 1]], "source": {"tokens": ["u", "v"], "x": [[1, 2, 3], [3, 2, 1]]},
    "weights": {"w_k": [[1, 0], [0, 1], [0, 0]], "w_v": [[1, 0], [0, 1], [0, 0]]}})";
  h.open(file);
  CHECK(h.has("vectors.arrow[x][0]"));
  CHECK_FALSE(h.has("vectors.arrow[source_x][0]"));
  h.click("vectors.kind[1]");
  REQUIRE(h.session().view().vectors == session::VectorKind::source);
  CHECK_FALSE(h.has("vectors.arrow[x][0]"));
  REQUIRE(h.has("vectors.arrow[source_x][1]"));
  const ImVec2 at = h.rect("vectors.arrow[source_x][1]").centre();
  h.drag(at, {at.x - 40, at.y});
  CHECK(h.document().input().source->x(1, 0) < 3.0f);
  CHECK(h.document().input().source->x(1, 2) == 1.0f);
}

TEST_CASE("lengths, dot product, cosine and angle are those of all components") {
  // (3, 4) and (4, 3): 5 long each, 24 = 25 · 0.96, arccos 0.96 = 16.26°.
  const std::vector<float> a = {3, 4};
  const std::vector<float> b = {4, 3};
  const VectorMeasures m = measure_vectors(a, b);
  CHECK(m.first_length == 5.0);
  CHECK(m.second_length == 5.0);
  CHECK(m.dot == 24.0);
  REQUIRE(m.cosine.has_value());
  CHECK(*m.cosine == doctest::Approx(0.96));
  CHECK(m.degrees == doctest::Approx(16.2602));
  const std::vector<float> zero = {0, 0};
  CHECK_FALSE(measure_vectors(a, zero).cosine.has_value());
}

TEST_CASE("before outputs are computed there are no rings") {
  Harness h;
  CHECK(h.has("vectors.ring[0]"));
  h.post(session::ToStart{});
  CHECK_FALSE(h.has("vectors.ring[0]"));
  CHECK(h.has("vectors.arrow[x][0]"));
}

TEST_CASE("principal components stay while a word is nudged by keys, until they are asked for anew") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  h.click("vectors.principal");
  CHECK_FALSE(h.has("vectors.renew_plane"));
  const auto between = [&] {
    const ImVec2 a = h.rect("vectors.arrow[x][3]").centre();
    const ImVec2 b = h.rect("vectors.arrow[x][5]").centre();
    return std::atan2(b.y - a.y, b.x - a.x);
  };
  const float before = between();
  h.widgets().focus(WidgetId(PanelId::vectors, "arrow").at(Stage::x).at(std::size_t{1}), true);
  h.frames(2);
  for (int i = 0; i < 12; ++i) h.key(Key::up, {.shift = false});
  REQUIRE(h.session().history().undo_steps() == 12);
  CHECK(between() == doctest::Approx(before).epsilon(0.01));
  REQUIRE(h.has("vectors.renew_plane"));
  h.click("vectors.renew_plane");
  CHECK_FALSE(h.has("vectors.renew_plane"));
  CHECK(std::abs(between() - before) > 0.02f);
}

TEST_CASE("principal components are those of the words that are there") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  h.click("vectors.principal");
  h.post(session::Apply{session::RemoveToken{session::TokenSide::queries, 1}});
  CHECK_FALSE(h.has("vectors.renew_plane"));
  h.post(session::OpenExample{"twelve_words_zh"});
  h.post(session::SetPrincipalPlane{true});
  CHECK_FALSE(h.has("vectors.renew_plane"));
  // Another order is no other plane.
  h.post(session::Apply{session::MoveToken{session::TokenSide::queries, 1, 4}});
  CHECK(h.has("vectors.renew_plane"));
}

namespace {

/// One scenario in a window of its own.
struct Shown {
  const tests::TemporaryFolder folder;
  Harness h;
  explicit Shown(const std::string& fields, ImVec2 size = {1280, 720}) : h(size) {
    const auto file = folder.path() / "shown.json";
    std::ofstream(file) << R"({"format": "attention-scenario", "version": 1, )" << fields << "}";
    h.open(file);
    h.settle();
  }
  std::string text(std::string_view widget) const { return ui::testing::screen_text(h.rect(widget)); }
};

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("words are readable where outputs dwarf them, and the outputs are a click away") {
  Shown s(R"("tokens": ["a", "b"], "x": [[1, 0], [0, 1]], "weights": {"w_v": [[40, 0], [0, 40]]})");
  const auto between_words = [&] {
    const ImVec2 a = s.h.rect("vectors.arrow[x][0]").centre();
    const ImVec2 b = s.h.rect("vectors.arrow[x][1]").centre();
    return std::hypot(a.x - b.x, a.y - b.y);
  };
  const float near = between_words();
  CHECK(near > 100.0f);
  // The one in focus is pointed at and named.
  CHECK(count(s.text("vectors.plane"), "outputofa") == 1);
  REQUIRE(s.h.has("vectors.fit_outputs"));
  s.h.click("vectors.fit_outputs");
  s.h.settle();
  CHECK(s.h.session().view().fit_outputs);
  CHECK(between_words() < near / 8);
  const Rect plane = s.h.rect("vectors.plane");
  CHECK(plane.contains(s.h.rect("vectors.ring[0]").centre()));
  s.h.click("vectors.fit_outputs");
  s.h.settle();
  CHECK(between_words() == doctest::Approx(near));
}

TEST_CASE("outputs among the words need no choice") {
  Harness h;
  CHECK_FALSE(h.has("vectors.fit_outputs"));
}

TEST_CASE("long names stay inside the plane, cut where they are too long") {
  Shown s(R"("tokens": ["Donaudampfschifffahrtsgesellschaft", "supercalifragilisticexpialidocious"],
    "x": [[1, 2], [2, -1]])");
  const std::string text = s.text("vectors.plane");
  CHECK(count(text, "Do") == 2);  // the word, and its output
  CHECK(count(text, "…") == 3);
  CHECK(count(text, "outputofDo") == 1);
  // The readout gives its names less room, never its numbers.
  const Rect plane = s.h.rect("vectors.plane");
  const std::string below =
      ui::testing::screen_text({{plane.min.x, plane.max.y}, {plane.max.x, plane.max.y + 70.0f}});
  CHECK(count(below, "°") <= 1);
  s.h.post(session::Select{{Stage::weights, 0, 0, 1}});
  s.h.settle();
  const std::string compared =
      ui::testing::screen_text({{plane.min.x, plane.max.y}, {plane.max.x, plane.max.y + 70.0f}});
  CHECK(count(compared, "cos90°=0") == 1);
}

TEST_CASE("no number of an axis touches the name of the other axis") {
  for (int k = 20; k <= 40; ++k) {
    const std::string far = "0." + std::to_string(k);
    CAPTURE(far);
    Shown s(R"("tokens": ["a", "b"], "feature_names": ["person", "living", "size"], "x": [[0, 0, 0], [)" +
            far + ", " + far + ", 0]]");
    // To the right of the vertical axis, beside whose upper end its name stands.
    const Rect plane = s.h.rect("vectors.plane");
    const float axis = s.h.rect("vectors.arrow[x][0]").centre().x;
    const Rect top{{axis, plane.min.y}, {plane.max.x, plane.min.y + 13.0f}};
    CHECK(ui::testing::screen_text(top).find("living") != std::string::npos);
    CHECK(ui::testing::screen_text(top).find_first_of("0123456789") == std::string::npos);
  }
}

TEST_CASE("the name of an axis leaves room around a tip that lies there") {
  for (const char* const x : {"[[2, 0], [-1, -1]]", "[[2, 0.2], [-1, -1]]", "[[2, -0.2], [-1, -1]]"}) {
    CAPTURE(x);
    Shown s(R"("tokens": ["a", "b"], "feature_names": ["ZZZZZ", "firm"], "x": )" + std::string(x));
    const Rect plane = s.h.rect("vectors.plane");
    CHECK(ui::testing::screen_text(plane).find("ZZZZZ") != std::string::npos);
    const ImVec2 tip = s.h.rect("vectors.arrow[x][0]").centre();
    const std::string around = ui::testing::screen_text({{tip.x - 16, tip.y - 16}, {tip.x + 16, tip.y + 16}});
    CHECK(around.find('Z') == std::string::npos);
  }
}
