// A map of more cells than a frame can paint, in tiles: zoom, pan, the small map of all of it, its squares.

#include <cmath>

#include "tests/app/panels/harness.h"
#include "tests/support/inputs.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;

namespace {

constexpr std::size_t kTextLength = 1100;

/// The attention weights of 1100 words, causal, with one cell selected.
struct LargeMap : Harness {
  LargeMap() {
    Input input = tests::random_input(kTextLength, 4, 1, 5);
    input.config.mask.causal = true;
    post(session::Apply{session::SetInput{std::move(input), session::verbatim("large")}});
    select(500, 200);
  }
  void select(std::size_t row, std::size_t column) {
    post(session::Select{{Stage::weights, 0, row, column}});
  }
  Rect cell(std::size_t row, std::size_t column) {
    select(row, column);
    return rect("heatmap.cell[weights][0][" + std::to_string(row) + "," + std::to_string(column) + "]");
  }
  Rect selected() {
    const CellRef& at = session().view().selection;
    return rect("heatmap.cell[weights][0][" + std::to_string(at.row) + "," + std::to_string(at.column) + "]");
  }
  Rect map() { return rect("heatmap.cells"); }
  float weight(const CellRef& at) { return session().trace()->read_cell(at).values(0, 0); }
};

}  // namespace

TEST_CASE("large map: the wheel zooms around the mouse, and 0 shows all again") {
  LargeMap h;
  const ImVec2 at = h.selected().centre();
  const float before = h.selected().width();
  h.move(at);
  for (int i = 0; i < 6; ++i) h.wheel(1.0f);
  h.settle();
  const Rect now = h.selected();
  CHECK(now.width() > 4 * before);
  // ImGui knows the mouse to the pixel, and what lies beside it moves away from it.
  CHECK(std::abs(now.centre().x - at.x) < 10.0f);
  CHECK(std::abs(now.centre().y - at.y) < 10.0f);
  CHECK(h.has("heatmap.overview"));
  h.click("heatmap.cells");
  h.key(Key::digit_0);
  CHECK_FALSE(h.has("heatmap.overview"));
}

TEST_CASE("large map: a drag moves what is zoomed, pulls nothing and selects nothing") {
  LargeMap h;
  h.move(h.selected().centre());
  for (int i = 0; i < 5; ++i) h.wheel(1.0f);
  h.settle();
  const CellRef selected = h.session().view().selection;
  const Rect before = h.selected();
  const ImVec2 from = h.map().centre();
  h.drag(from, {from.x + 60, from.y + 40});
  CHECK(h.session().view().selection == selected);
  CHECK(h.session().history().undo_steps() == 1);
  const Rect now = h.selected();
  CHECK(now.min.x == doctest::Approx(before.min.x + 60).epsilon(0.02));
  CHECK(now.min.y == doctest::Approx(before.min.y + 40).epsilon(0.02));
}

TEST_CASE("large map: a click on a square takes its strongest cell") {
  LargeMap h;
  const Rect map = h.map();
  // In the lower left corner all cells are visible.
  const ImVec2 at{map.min.x + map.width() * 0.2f, map.min.y + map.height() * 0.8f};
  h.click(at);
  const CellRef chosen = h.session().view().selection;
  const auto row = static_cast<std::size_t>((at.y - map.min.y) / map.height() * kTextLength);
  const auto column = static_cast<std::size_t>((at.x - map.min.x) / map.width() * kTextLength);
  CHECK(chosen.row / 8 <= row / 8 + 1);
  CHECK(std::abs(static_cast<double>(chosen.row) - static_cast<double>(row)) <= 8);
  CHECK(std::abs(static_cast<double>(chosen.column) - static_cast<double>(column)) <= 8);
  // Nothing in its square is stronger.
  unsigned level = 0;
  while (map.width() / kTextLength * std::ldexp(1.0f, static_cast<int>(level)) < 0.999f) ++level;
  REQUIRE(level > 0);
  const std::size_t side = std::size_t{1} << level;
  const std::size_t first_row = chosen.row / side * side;
  const std::size_t first_column = chosen.column / side * side;
  for (std::size_t i = first_row; i < std::min(first_row + side, kTextLength); ++i)
    for (std::size_t j = first_column; j < std::min(first_column + side, i + 1); ++j)
      CHECK(h.weight({Stage::weights, 0, i, j}) <= h.weight(chosen));
}

TEST_CASE("large map: the small map of all of it moves the view, by mouse and by keys") {
  LargeMap h;
  h.move(h.selected().centre());
  for (int i = 0; i < 6; ++i) h.wheel(1.0f);
  h.settle();
  const Rect overview = h.rect("heatmap.overview");
  h.click({overview.min.x + overview.width() * 0.2f, overview.min.y + overview.height() * 0.8f});
  // What lies there is in the middle now.
  h.click(h.map().centre());
  const CellRef there = h.session().view().selection;
  CHECK(static_cast<double>(there.row) == doctest::Approx(0.8 * kTextLength).epsilon(0.03));
  CHECK(static_cast<double>(there.column) == doctest::Approx(0.2 * kTextLength).epsilon(0.1));
  h.click({overview.min.x + overview.width() * 0.2f, overview.min.y + overview.height() * 0.8f});
  h.key(Key::up);
  h.click(h.map().centre());
  CHECK(h.session().view().selection.row + 50 < there.row);
}

TEST_CASE("large map: keys zoom, move the view, and go from square to square") {
  LargeMap h;
  h.click("heatmap.cells");
  h.select(500, 200);
  const float width = h.selected().width();
  h.key(Key::right);
  const std::size_t step = h.session().view().selection.column - 200;
  CHECK(step > 1);
  CHECK((step & (step - 1)) == 0);
  h.select(560, 540);
  h.key(Key::plus);
  h.key(Key::plus);
  CHECK(h.selected().width() == doctest::Approx(4 * width).epsilon(0.05));
  const Rect before = h.selected();
  h.key(Key::down, {.shift = true});
  CHECK(h.selected().min.y < before.min.y - 0.2f * h.map().height());
}

TEST_CASE("large map: down to single cells, whose numbers can be pulled") {
  LargeMap h;
  h.click("heatmap.cells");
  h.select(1000, 999);
  for (int i = 0; i < 14; ++i) h.key(Key::plus);
  h.select(1000, 998);
  h.select(1000, 999);
  const Rect cell = h.selected();
  CHECK(cell.height() > 60);
  const ImVec2 at = cell.centre();
  h.move(at);
  h.press();
  for (int i = 1; i <= 6; ++i) h.move({at.x, at.y - 10.0f * static_cast<float>(i)});
  CHECK(h.session().pulling());
  h.release();
  h.settle();
  CHECK_FALSE(h.session().pulling());
  // To the side it moves the map, here as well.
  h.drag(h.selected().centre(), add(h.selected().centre(), {70, 0}));
  CHECK(h.selected().min.x > cell.min.x + 60);
}

TEST_CASE("large map: strongest or mean is chosen in words, and kept in the view") {
  LargeMap h;
  CHECK_FALSE(h.session().view().mean_squares);
  h.click("heatmap.squares[1]");
  CHECK(h.session().view().mean_squares);
  CHECK(session::to_json(h.session().view()).find("mean_squares") != std::string::npos);
  h.click("heatmap.squares[0]");
  CHECK_FALSE(h.session().view().mean_squares);
}

TEST_CASE("large map: zoom and place stay from one stage of scores to the next") {
  LargeMap h;
  h.move(h.selected().centre());
  for (int i = 0; i < 5; ++i) h.wheel(1.0f);
  h.settle();
  const Rect before = h.selected();
  h.post(session::ShowStage{Stage::scaled});
  const Rect now = h.rect("heatmap.cell[scaled][0][500,200]");
  CHECK(now.centre().x == doctest::Approx(before.centre().x).epsilon(0.1));
  CHECK(now.width() == doctest::Approx(before.width()).epsilon(0.2));
}

TEST_CASE("large map: every view, card and tab of a long text is drawn and comes to rest") {
  LargeMap h;
  using session::AttentionView;
  using session::ScenarioTab;
  for (const AttentionView view :
       {AttentionView::lines, AttentionView::text, AttentionView::bars, AttentionView::map})
    h.post(session::ShowAttentionView{view});
  for (const ScenarioTab tab :
       {ScenarioTab::settings, ScenarioTab::parameters, ScenarioTab::heads, ScenarioTab::words})
    h.post(session::ShowScenarioTab{tab});
  h.post(session::SetPrincipalPlane{true});
  h.post(session::SetAttentionLines{true});
  for (const session::VectorKind kind :
       {session::VectorKind::q, session::VectorKind::k, session::VectorKind::x})
    h.post(session::SetVectorKind{kind});
  for (const Stage stage : stages_of(h.document().input())) h.post(session::ShowStage{stage});
  CHECK(h.session().trace_is_current());
}
