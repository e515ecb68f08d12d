#include "app/session/view.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::random_input;
using attn::tests::three_words;

namespace {

View read(const std::string& json, const Input& input = three_words()) {
  return view_from_json(json, input, validate(input));
}

}  // namespace

TEST_CASE("view: what is written is read back") {
  View view;
  view.selection = {Stage::scores, 1, 2, 3};
  view.head = 1;
  view.stage = Stage::weights;
  view.playhead = 17;
  view.vectors = VectorKind::output;
  view.freedom = PullFreedom::w_q_and_w_k;
  view.scenario_tab = ScenarioTab::heads;
  view.attention_view = AttentionView::bars;
  view.reason_tab = ReasonTab::code;
  view.pipeline_folded = true;
  view.head_composer = true;
  view.head_order = HeadMeasure::previous;
  view.also_heads = {0};
  view.also_rows = {1, 3};
  view.line_threshold = 0.25;
  view.lines_fit = false;
  view.plane_axes = {2, 3};
  view.shared_score_range = false;
  view.fit_outputs = true;
  view.mask_layers = {true, false, true, false};
  view.explain_trail = {{Stage::weights, 0, 0, 1}, {Stage::q, 1, 2, 0}};
  view.explain_open = {{0}, {0, 2}, {}};
  const Input input = random_input(4, 4, 2, 1);
  CHECK(read(to_json(view), input) == view);
  CHECK(read(to_json(View{}), input) == View{});
  // Each field is described for those who write files by hand.
  std::ifstream file(ATTN_SOURCE_DIR "/core/io/README.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const nlohmann::json written = nlohmann::json::parse(to_json(view));
  for (auto field = written.begin(); field != written.end(); ++field) {
    CAPTURE(field.key());
    CHECK(page.find("`" + field.key() + "`") != std::string::npos);
  }
  CHECK(view.explained() == CellRef{Stage::q, 1, 2, 0});
  CHECK(View{}.explained() == View{}.selection);
  CHECK(view.is_open({0, 2}));
  CHECK_FALSE(view.is_open({1}));
}

TEST_CASE("view: what a file has that makes no sense is left at its default") {
  const std::vector<std::string> cases = {
      "",
      "[]",
      "{",
      "null",
      R"({"selection": 3})",
      R"({"head": -1})",
      R"({"head": "a"})",
      R"({"stage": "nowhere"})",
      R"({"stage": 1})",
      R"({"vectors": "z", "freedom": 5})",
      R"({"playhead": -3})",
      R"({"plane_axes": [1]})",
      R"({"plane_axes": [1, -1]})",
      R"({"shared_score_range": 1})",
      R"({"mask_layers_off": "causal"})",
      R"({"mask_layers_off": [0, "no mask", null]})",
      R"({"explain_trail": 1, "explain_open": 2})",
      R"({"explain_open": [3, [-1], ["a"]]})",
      R"({"unknown": true})",
      R"({"head_order": "size", "also_heads": [-1], "also_rows": 3})",
      R"({"also_heads": [1, 9], "also_rows": [3, 99], "line_threshold": -1, "lines_fit": 1})",
      R"({"selection": {"stage": "biased"}})",
  };
  for (const std::string& json : cases) {
    CAPTURE(json);
    CHECK(read(json) == View{});
  }
}

TEST_CASE("view: a selection alone shows its own stage") {
  CHECK(read(R"({"selection": {"stage": "scores"}})").stage == Stage::scores);
}

TEST_CASE("view: everything is brought inside another input") {
  View view;
  view.selection = {Stage::weights, 5, 9, 9};
  view.head = 7;
  view.stage = Stage::biased;
  view.vectors = VectorKind::v;
  view.also_heads = {0, 7};
  view.also_rows = {9, 2, 2, 0};
  view.explain_trail = {{Stage::weights, 0, 9, 0}};
  view.explain_open = {{0}};
  const Input input = three_words();
  keep_inside(view, input, validate(input));
  CHECK(view.selection == CellRef{Stage::weights, 0, 2, 2});
  CHECK(view.head == 0);
  CHECK(view.stage == Stage::weights);
  CHECK(view.vectors == VectorKind::v);
  CHECK(view.also_heads == std::vector<std::size_t>{0});
  CHECK(view.also_rows == std::vector<std::size_t>{0, 2});
  CHECK(view.explain_trail.empty());
  CHECK(view.explain_open.empty());

  Input features = three_words();
  features.config.attend_over = AttendOver::features;
  view.selection = {Stage::v, 0, 0, 0};
  keep_inside(view, features, validate(features));
  CHECK(view.selection.stage == Stage::weights);
  CHECK(view.vectors == VectorKind::x);
}
