#include <string>
#include <vector>

#include "tests/app/panels/harness.h"
#include "tests/app/panels/screen_text.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;
using ui::testing::screen_text;

TEST_CASE("one click on a stage shows it large, a click on a cell selects the cell") {
  Harness h;
  h.click("pipeline.cell[scores][0][1,2]");
  CHECK(h.session().view().stage == Stage::scores);
  CHECK(h.session().view().selection == CellRef{Stage::scores, 0, 1, 2});
  const Rect frame = h.rect("pipeline.stage[output]");
  h.click(ImVec2{frame.centre().x, frame.min.y + 6});  // its title
  CHECK(h.session().view().stage == Stage::output);
}

TEST_CASE("every stage of the document has its place in the strip") {
  Harness h;
  for (const Stage stage : stages_of(h.document().input())) {
    CAPTURE(name(stage));
    CHECK(h.has("pipeline.stage[" + std::string(name(stage)) + "]"));
  }
}

TEST_CASE("stages are reached by Tab and shown by Enter") {
  Harness h;
  h.click("pipeline.stage[scores]");
  h.tab();
  CHECK(h.focused() == "pipeline.stage[scaled]");
  h.key(Key::enter);
  CHECK(h.session().view().stage == Stage::scaled);
}

TEST_CASE("the playhead's buttons step, and what it computes is what the other panels show") {
  Harness h;
  h.click("playhead.to_start");
  CHECK(h.session().playhead().at_start());
  h.click("playhead.forward");
  CHECK(h.session().playhead().position() == 1);
  h.settle();
  CHECK(h.session().view().selection == CellRef{Stage::q, 0, 0, 0});
  h.click("playhead.forward");
  h.click("playhead.back");
  CHECK(h.session().playhead().position() == 1);
  h.click("playhead.to_end");
  CHECK(h.session().playhead().at_end());
}

TEST_CASE("at both ends the selection stays where it was") {
  Harness h;
  h.click("heatmap.cell[weights][0][0,2]");
  h.click("playhead.to_start");
  h.settle();
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 0, 2});
}

TEST_CASE("play moves on by itself and pause stops it") {
  Harness h;
  h.click("playhead.to_start");
  // What plays does not come to rest: press and release without waiting for it.
  const auto press_play = [&] {
    h.move(h.rect("playhead.play").centre());
    h.press();
    h.release();
  };
  press_play();
  REQUIRE(h.session().playhead().playing());
  h.frames(90);
  CHECK(h.session().playhead().position() >= 2);
  press_play();
  CHECK_FALSE(h.session().playhead().playing());
}

TEST_CASE("the scrubber goes to where it is pressed, and by keys a step or a stage at a time") {
  Harness h;
  const Rect bar = h.rect("playhead.scrubber");
  h.click(ImVec2{bar.centre().x, bar.centre().y});
  const std::size_t middle = h.session().playhead().position();
  const std::size_t count = h.session().playhead().order().count();
  CHECK(middle > count / 2 - 3);
  CHECK(middle < count / 2 + 3);
  h.key(Key::right);
  CHECK(h.session().playhead().position() == middle + 1);
  h.key(Key::home);
  CHECK(h.session().playhead().at_start());
  h.key(Key::page_down);
  CHECK(h.session().playhead().position() == h.session().playhead().order().end_of(Stage::q));
}

TEST_CASE("the speed button goes round") {
  Harness h;
  h.click("playhead.speed");
  CHECK(h.session().settings().speed == 2.0);
}

TEST_CASE("before it is computed no number is shown anywhere: more decimals change nothing") {
  Harness h;
  h.post(session::ToStart{});
  h.move({-1, -1});
  const auto corners = [&](int decimals) {
    h.post(session::SetDecimals{decimals});
    return h.vertices();
  };
  CHECK(corners(2) == corners(6));
  h.post(session::ToEnd{});
  CHECK(corners(2) < corners(6));
}

TEST_CASE("every golden case of the repository can be drawn at every stage") {
  for (const char* golden :
       {"rope", "cross_sinusoidal_odd", "alibi_three_heads", "dropout", "features_002", "heads_averaged",
        "additive_grouped", "query_axis_masked", "custom_mask_empty_row", "one_token", "no_softmax",
        "cosine_zero_vector", "mask_minus_1e9", "wide_values"}) {
    CAPTURE(golden);
    Harness h({1280, 720});
    h.open(std::filesystem::path(ATTN_GOLDEN_DIR) / "forward" / (std::string(golden) + ".json"));
    for (const Stage stage : stages_of(h.document().input())) {
      CAPTURE(name(stage));
      h.post(session::ShowStage{stage});
      CHECK(h.session().view().stage == stage);
    }
    h.post(session::ToStart{});
    for (int i = 0; i < 6; ++i) h.post(session::NextStage{});
  }
}

TEST_CASE("the stages are folded away by mouse or by key, and the step-through stays") {
  Harness h({1280, 720});
  const float before = h.rect("heatmap.cells").min.y;
  h.click("pipeline.fold");
  CHECK(h.session().view().pipeline_folded);
  CHECK_FALSE(h.widgets().find("pipeline.stage[weights]").has_value());
  CHECK(h.widgets().find("playhead.scrubber").has_value());
  CHECK(h.rect("heatmap.cells").min.y < before);
  h.key(session::Key::p);
  CHECK_FALSE(h.session().view().pipeline_folded);
  CHECK(h.widgets().find("pipeline.stage[weights]").has_value());
}

TEST_CASE("while an arrow is dragged no matrix of the pipeline moves") {
  Harness h;
  const ImVec2 a = h.rect("vectors.arrow[x][0]").centre();
  std::vector<Rect> before;
  const std::vector<std::string> names = {"pipeline.stage[x]", "pipeline.stage[scores]",
                                          "pipeline.stage[weights]", "pipeline.stage[output]"};
  h.move(a);
  h.press();
  // The first movement may give whole numbers their point: from then on all stands still.
  h.move({a.x + 31, a.y + 17});
  for (const std::string& name : names) before.push_back(h.rect(name));
  for (const float by : {3.0f, 10.0f, 18.0f, 7.0f, -11.0f}) {
    h.move({a.x + 31 - by, a.y + 17 + by});
    for (std::size_t i = 0; i < names.size(); ++i) {
      CAPTURE(names[i]);
      CHECK(h.rect(names[i]).min.x == before[i].min.x);
      CHECK(h.rect(names[i]).max.x == before[i].max.x);
    }
  }
  h.release();
  h.settle();
}

TEST_CASE("stages that were not in an imported file are marked, and say what they are") {
  Harness h;
  const auto array = [](const char* name) {
    return std::filesystem::path(ATTN_SOURCE_DIR) / "tests/app/session/arrays" / name;
  };
  h.post(session::Import{{array("weights.npy")}});
  CHECK_FALSE(h.has("pipeline.stand_in[weights]"));
  for (const char* stage : {"x", "scores", "masked", "output"}) {
    CAPTURE(stage);
    CHECK(h.has("pipeline.stand_in[" + std::string(stage) + "]"));
  }
  h.move(h.rect("pipeline.stage[output]").centre());
  h.frames(60);
  CHECK(screen_text({{0, 0}, {1440, 900}}).find("novaluesweregiven") != std::string::npos);
  h.post(session::OpenExample{"three_words"});
  CHECK_FALSE(h.has("pipeline.stand_in[x]"));
}
