#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;
using Bytes = std::vector<std::uint8_t>;

namespace {

const MaskConfig& mask(Harness& h) { return h.document().input().config.mask; }
ImVec2 cell(const Harness& h, std::string_view place) {
  return h.rect("heatmap.cell[weights][0]" + std::string(place)).centre();
}
float painted_weight(Harness& h, std::size_t row, std::size_t column) {
  return h.session().trace()->read_cell({Stage::weights, 0, row, column}).values(0, 0);
}

}  // namespace

TEST_CASE("with the brush a drag over cells hides them at once, as one undo step, and pulls nothing") {
  Harness h;
  h.click("heatmap.paint");
  h.move(cell(h, "[0,1]"));
  h.press();
  CHECK(painted_weight(h, 0, 1) == 0.0f);
  h.move(cell(h, "[0,2]"));
  CHECK(painted_weight(h, 0, 0) == 1.0f);
  CHECK_FALSE(h.session().pulling());
  h.release();
  h.settle();
  REQUIRE(mask(h).allow);
  CHECK(mask(h).allow->visible == Bytes{1, 0, 0, 1, 1, 1, 1, 1, 1});
  CHECK(h.session().history().undo_steps() == 1);
  h.key(Key::z, {.ctrl = true});
  CHECK(mask(h).allow == nullptr);
}

TEST_CASE("a stroke from a hidden cell shows what it goes over, and the mask is gone with its last cell") {
  Harness h;
  h.post(session::Apply{session::PaintMask{{{1, 0}, {1, 1}}, false}});
  h.click("heatmap.paint");
  h.drag(cell(h, "[1,0]"), cell(h, "[1,2]"));
  CHECK(mask(h).allow == nullptr);
  CHECK(h.session().history().undo_steps() == 2);
}

TEST_CASE("a quick stroke has no holes") {
  Harness h;
  h.click("heatmap.paint");
  const ImVec2 from = cell(h, "[0,0]");
  const ImVec2 to = cell(h, "[2,2]");
  h.move(from);
  h.press();
  h.move(to);
  h.release();
  h.settle();
  CHECK(mask(h).allow->visible == Bytes{0, 1, 1, 1, 0, 1, 1, 1, 0});
}

TEST_CASE("Esc takes a stroke back, and puts the brush away when none is under way") {
  Harness h;
  h.click("heatmap.paint");
  h.move(cell(h, "[2,0]"));
  h.press();
  REQUIRE(mask(h).allow);
  h.key(Key::escape);
  CHECK(mask(h).allow == nullptr);
  h.release();
  CHECK(h.session().history().undo_steps() == 0);
  h.key(Key::escape);
  h.click("heatmap.cell[weights][0][2,0]");
  CHECK(mask(h).allow == nullptr);
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 2, 0});
}

TEST_CASE("a click above a column hides its word from all, another shows it") {
  Harness h;
  CHECK_FALSE(h.has("heatmap.padding[1]"));
  h.click("heatmap.paint");
  h.click("heatmap.padding[1]");
  REQUIRE(mask(h).padding);
  CHECK(*mask(h).padding == Bytes{0, 1, 0});
  for (std::size_t i = 0; i < 3; ++i) CHECK(painted_weight(h, i, 1) == 0.0f);
  h.click("heatmap.padding[1]");
  CHECK(mask(h).padding == nullptr);
  h.drag(h.rect("heatmap.padding[0]").centre(), h.rect("heatmap.padding[1]").centre());
  CHECK(*mask(h).padding == Bytes{1, 1, 0});
  CHECK(h.session().history().undo_steps() == 3);
}

TEST_CASE("by keys: Tab to the brush, then M hides the selected cell and P its word") {
  Harness h;
  h.click("heatmap.paint");
  h.click("heatmap.cell[weights][0][0,0]");  // hides it, and selects it
  CHECK(painted_weight(h, 0, 0) == 0.0f);
  h.key(Key::m);
  CHECK(mask(h).allow == nullptr);
  CHECK_FALSE(mask(h).causal);
  h.key(Key::right);
  h.key(Key::m);
  CHECK(mask(h).allow->visible == Bytes{1, 0, 1, 1, 1, 1, 1, 1, 1});
  h.key(Key::p);
  CHECK(*mask(h).padding == Bytes{0, 1, 0});
}

TEST_CASE("without the brush a drag on a cell pulls as ever, and M is the causal mask") {
  Harness h;
  h.click("heatmap.paint");
  h.click("heatmap.paint");
  const ImVec2 at = cell(h, "[0,0]");
  h.move(at);
  h.press();
  h.move({at.x, at.y - 30});
  h.move({at.x, at.y - 60});
  CHECK(h.session().pulling());
  h.release();
  h.settle();
  CHECK(mask(h).allow == nullptr);
  h.key(Key::m);
  CHECK(mask(h).causal);
}

TEST_CASE("from raw scores the brush leads to the masked ones") {
  Harness h;
  h.post(session::ShowStage{Stage::scores});
  h.click("heatmap.paint");
  CHECK(h.session().view().stage == Stage::masked);
  h.drag(h.rect("heatmap.cell[masked][0][1,1]").centre(), h.rect("heatmap.cell[masked][0][1,2]").centre());
  CHECK(mask(h).allow->visible == Bytes{1, 1, 1, 1, 0, 0, 1, 1, 1});
}

TEST_CASE("there is no brush where no mask is: over x, and in attention over features") {
  Harness h;
  h.post(session::ShowStage{Stage::x});
  CHECK_FALSE(h.has("heatmap.paint"));
  h.post(session::ShowStage{Stage::weights});
  CHECK(h.has("heatmap.paint"));
  h.post(session::Apply{session::SetAttendOver{AttendOver::features}});
  CHECK_FALSE(h.has("heatmap.paint"));
}
