#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;

TEST_CASE("a number in an explanation leads to the cell it is, and Back returns") {
  Harness h;
  h.click("heatmap.cell[weights][0][0,2]");
  h.click("explain.number[0,0]");  // the first factor of the raw score: q₁₁
  CHECK(h.session().view().explained() == CellRef{Stage::q, 0, 0, 0});
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 0, 2});
  h.click("explain.number[0,0]");  // q₁₁ is a copy of x₁₁ under an identity
  CHECK(h.session().view().explained() == CellRef{Stage::x, 0, 0, 0});
  h.click("explain.back");
  CHECK(h.session().view().explained() == CellRef{Stage::q, 0, 0, 0});
  h.click("explain.crumb[0]");
  CHECK(h.session().view().explained() == CellRef{Stage::weights, 0, 0, 2});
}

TEST_CASE("an exponential of the row leads to its weight") {
  Harness h;
  h.click("heatmap.cell[weights][0][0,2]");
  h.click("explain.number[3,1]");
  CHECK(h.session().view().explained() == CellRef{Stage::weights, 0, 0, 1});
}

TEST_CASE("numbers are followed by keys as well") {
  Harness h;
  h.click("heatmap.cell[weights][0][0,2]");
  h.widgets().focus(WidgetId(PanelId::explain, "number").at(0, 1), true);
  h.key(Key::enter);
  CHECK(h.session().view().explained() == CellRef{Stage::k, 0, 2, 0});
}

TEST_CASE("what a weight does to the output leads to the value it weighs") {
  Harness h;
  h.click("heatmap.cell[weights][0][0,0]");
  h.click("explain.effect[1]");
  CHECK(h.session().view().explained() == CellRef{Stage::v, 0, 1, 0});
}

TEST_CASE("a step of long sums has pages") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  h.post(session::Select{{Stage::head_outputs, 0, 11, 0}});
  REQUIRE(h.has("explain.next_terms[0]"));
  h.click("explain.number[0,1]");
  CHECK(h.session().view().explained() == CellRef{Stage::v, 0, 0, 0});
  h.click("explain.back");
  h.click("explain.next_terms[0]");
  h.click("explain.number[0,1]");
  CHECK(h.session().view().explained() == CellRef{Stage::v, 0, 6, 0});
}

TEST_CASE("a step that is opened by hand stands with the others and can be closed") {
  Harness h;
  h.post(session::Select{{Stage::weights, 0, 0, 2}});
  h.post(session::ExplainOpen{{0, 0, 1}});  // the row maximum
  REQUIRE(h.has("explain.close[4]"));
  h.click("explain.close[4]");
  CHECK(h.session().view().explain_open.empty());
}

TEST_CASE("a number that is not computed yet is not explained") {
  Harness h;
  h.click("heatmap.cell[weights][0][0,2]");
  REQUIRE(h.has("explain.number[0,0]"));
  h.post(session::ToStart{});
  CHECK_FALSE(h.has("explain.number[0,0]"));
}
