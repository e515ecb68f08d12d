#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "tests/app/panels/harness.h"

namespace fs = std::filesystem;
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
  h.click("explain.number[0,0]");  // the first factor of q₁₁ is x₁₁
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

TEST_CASE("every step of the scaled example is in sight on a small screen, in both languages") {
  Harness h({1280, 720});
  h.post(session::OpenExample{"three_words_scaled"});
  for (const session::Language language : {session::Language::en, session::Language::zh}) {
    h.post(session::SetLanguage{language});
    h.post(session::Select{{Stage::weights, 0, 0, 1}});
    REQUIRE(h.has("explain.step[5]"));  // the share
    CHECK_FALSE(h.has("explain.step[6]"));
    CHECK(h.rect("explain.step[5]").max.y <= 700.0f);
  }
}

TEST_CASE("the selected cell stays at the head of a long trail") {
  Harness h({1280, 720});
  h.click("heatmap.cell[weights][0][0,2]");
  for (const CellRef& cell :
       {CellRef{Stage::masked, 0, 0, 2}, CellRef{Stage::scaled, 0, 0, 2}, CellRef{Stage::scores, 0, 0, 2},
        CellRef{Stage::q, 0, 0, 0}, CellRef{Stage::x, 0, 0, 0}})
    h.post(session::ExplainFollow{cell});
  REQUIRE(h.has("explain.crumb[0]"));
  REQUIRE(h.has("explain.crumb[5]"));
  CHECK_FALSE(h.has("explain.crumb[1]"));  // no room
  CHECK(h.rect("explain.crumb[5]").max.x < 1270.0f);
  CHECK(h.rect("explain.crumb[0]").max.x < h.rect("explain.crumb[5]").min.x);
  h.click("explain.crumb[0]");
  CHECK(h.session().view().explained() == CellRef{Stage::weights, 0, 0, 2});
  CHECK(h.session().view().explain_trail.empty());
}

TEST_CASE("the sum of a wide identity begins where its one factor is") {
  Harness h;
  const fs::path file = fs::temp_directory_path() / fmt::format("attentionscope_identity_{}.json", getpid());
  std::ofstream(file)
      << R"({"format":"attention-scenario","version":1,"tokens":["a"],"x":[[1,2,3,4,5,6,7,8,9,10]]})";
  h.open(file);
  fs::remove(file);
  h.post(session::Select{{Stage::q, 0, 0, 8}});
  h.click("explain.number[0,4]");  // the third of x₇ … x₁₀
  CHECK(h.session().view().explained() == CellRef{Stage::x, 0, 0, 8});
}

TEST_CASE("what the bars of a row are is said beside them") {
  Harness h;
  h.click("heatmap.cell[weights][0][0,0]");
  REQUIRE(h.has("explain.bar_legend"));
  CHECK(h.rect("explain.bar_legend").max.y < h.rect("explain.effect[0]").max.y);
}

TEST_CASE("a number that is not computed yet is not explained") {
  Harness h;
  h.click("heatmap.cell[weights][0][0,2]");
  REQUIRE(h.has("explain.number[0,0]"));
  h.post(session::ToStart{});
  CHECK_FALSE(h.has("explain.number[0,0]"));
}
