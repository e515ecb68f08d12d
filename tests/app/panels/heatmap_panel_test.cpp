#include <algorithm>
#include <cmath>
#include <fstream>

#include "tests/app/panels/harness.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;

namespace {

float weight(Harness& h, std::size_t row, std::size_t column) {
  return h.session().trace()->read_cell({Stage::weights, 0, row, column}).values(0, 0);
}

/// A press on a cell and a movement of so many pixels upwards, without letting go.
void pull_up(Harness& h, std::string_view cell, float pixels) {
  const ImVec2 at = h.rect(cell).centre();
  h.move(at);
  h.press();
  for (int i = 1; i <= 8; ++i) h.move({at.x, at.y - pixels * static_cast<float>(i) / 8});
}

}  // namespace

TEST_CASE("a click on a cell of the large heatmap selects it and moves nothing") {
  Harness h;
  h.click("heatmap.cell[weights][0][1,0]");
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 1, 0});
  CHECK(h.session().history().undo_steps() == 0);
}

TEST_CASE("arrows move the selection, and stop at the edge") {
  Harness h;
  h.click("heatmap.cell[weights][0][0,0]");
  h.key(Key::right);
  h.key(Key::down);
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 1, 1});
  h.key(Key::left);
  h.key(Key::left);
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 1, 0});
}

TEST_CASE("a weight dragged upwards pulls the words: the cell grows, one undo step takes it back") {
  Harness h;
  const float before = weight(h, 0, 0);
  pull_up(h, "heatmap.cell[weights][0][0,0]", 160);
  CHECK(h.session().pulling());
  h.release();
  h.settle();
  CHECK_FALSE(h.session().pulling());
  CHECK(weight(h, 0, 0) > before + 0.5f);
  CHECK(h.session().history().undo_steps() == 1);
  h.key(Key::z, {.ctrl = true});
  h.settle();
  CHECK(weight(h, 0, 0) == before);
}

TEST_CASE("Esc during a pull restores everything, and moving on does not begin again") {
  Harness h;
  const float before = weight(h, 0, 0);
  pull_up(h, "heatmap.cell[weights][0][0,0]", 120);
  REQUIRE(weight(h, 0, 0) != before);
  h.key(Key::escape);
  CHECK(weight(h, 0, 0) == before);
  h.move({h.rect("heatmap.cell[weights][0][0,0]").centre().x, 200});
  h.release();
  h.settle();
  CHECK(weight(h, 0, 0) == before);
  CHECK(h.session().history().undo_steps() == 0);
}

TEST_CASE("by parameters alone the middle word never gets more than a third, and the panel knows why") {
  Harness h;
  h.post(session::SetPullFreedom{session::PullFreedom::w_q_and_w_k});
  pull_up(h, "heatmap.cell[weights][0][0,1]", 190);
  h.release();
  h.settle();
  CHECK(weight(h, 0, 1) <= 1.0f / 3.0f + 1e-5f);
  REQUIRE(h.session().pull());
  REQUIRE(h.session().pull()->limit);
  CHECK(h.session().pull()->limit->kind == session::PullLimit::Kind::midpoint);
}

TEST_CASE("no cell moves during a pull, whatever has to be said about it") {
  for (const ImVec2 size : {ImVec2{1280, 720}, ImVec2{1440, 900}}) {
    Harness h(size);
    h.post(session::SetPullFreedom{session::PullFreedom::w_q_and_w_k});
    const auto cells = [&] {
      std::vector<float> edges;
      for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
          const Rect rect =
              h.rect("heatmap.cell[weights][0][" + std::to_string(i) + "," + std::to_string(j) + "]");
          edges.insert(edges.end(), {rect.min.x, rect.min.y, rect.max.x, rect.max.y});
        }
      }
      return edges;
    };
    const std::vector<float> before = cells();
    pull_up(h, "heatmap.cell[weights][0][0,1]", 150);
    CHECK(cells() == before);
    h.release();
    h.settle();
    // The longest reason stands now: a third is the most that the middle word can get.
    REQUIRE(h.session().pull()->limit);
    CHECK(cells() == before);
  }
}

TEST_CASE("the keyboard pulls as well: page up raises the selected weight") {
  Harness h;
  h.click("heatmap.cell[weights][0][0,0]");
  const float before = weight(h, 0, 0);
  h.key(Key::page_up);
  h.settle();
  CHECK(weight(h, 0, 0) == doctest::Approx(before + 0.05f).epsilon(0.01));
  CHECK(h.session().history().undo_steps() == 1);
}

TEST_CASE("cells of the projections are not pulled") {
  Harness h;
  h.post(session::ShowStage{Stage::q});
  pull_up(h, "heatmap.cell[q][0][0,0]", 80);
  h.release();
  h.settle();
  CHECK(h.session().history().undo_steps() == 0);
  CHECK_FALSE(h.session().pull());
}

TEST_CASE("hovering a cell marks its word in the other panels in the next frame") {
  Harness h;
  h.move(h.rect("heatmap.cell[weights][0][0,2]").centre());
  const int hovered = h.vertices();
  h.move({-1, -1});
  h.settle();
  CHECK(hovered > h.vertices());
}

TEST_CASE("the wheel zooms around the cursor, + and 0 do so by keys") {
  Harness h;
  h.click("heatmap.cell[weights][0][1,1]");
  const float before = h.rect("heatmap.cell[weights][0][1,1]").width();
  h.move(h.rect("heatmap.cell[weights][0][1,1]").centre());
  h.wheel(1.0f);
  h.frames(2);
  CHECK(h.rect("heatmap.cell[weights][0][1,1]").width() > before * 1.1f);
  h.key(Key::digit_0);
  h.frames(2);
  CHECK(h.rect("heatmap.cell[weights][0][1,1]").width() == doctest::Approx(before));
}

TEST_CASE("512 tokens: one texture, few corners, painted once and not in every frame") {
  const auto path = std::filesystem::temp_directory_path() / "attentionscope_512_tokens.json";
  {
    std::ofstream file(path);
    file << R"({"format":"attention-scenario","version":1,"tokens":[)";
    for (int i = 0; i < 512; ++i) file << (i > 0 ? "," : "") << "\"w" << i << "\"";
    file << R"(],"x":[)";
    for (int i = 0; i < 512; ++i) {
      file << (i > 0 ? "," : "") << "[" << std::sin(i * 0.37) << "," << std::cos(i * 0.91) << "]";
    }
    file << R"(],"attention":{"mask":{"causal":true}}})";
  }
  Harness h;
  h.open(path);
  std::filesystem::remove(path);
  REQUIRE(h.document().dimensions().n_queries == 512);
  h.settle();
  const int created = h.textures().n_created();
  const int replaced = h.textures().n_replaced();
  CHECK(created > 0);
  h.frames(10);
  CHECK(h.textures().n_created() == created);
  CHECK(h.textures().n_replaced() == replaced);
  // A quarter of a million cells, drawn one by one, would be a million corners.
  CHECK(h.vertices() < 60000);
  h.post(session::SetTheme{session::Theme::dark});
  CHECK(h.textures().n_replaced() > replaced);
}

TEST_CASE("raw scores, head outputs and outputs are pulled as weights are, and arrive") {
  for (const Stage stage :
       {Stage::scores, Stage::scaled, Stage::masked, Stage::head_outputs, Stage::output}) {
    Harness h;
    h.post(session::ShowStage{stage});
    h.post(session::SetPullFreedom{session::PullFreedom::all_words});
    const std::string cell = "heatmap.cell[" + std::string(name(stage)) + "][0][1,0]";
    CAPTURE(cell);
    const auto value = [&] { return h.session().trace()->read_cell({stage, 0, 1, 0}).values(0, 0); };
    const float before = value();
    const ImVec2 at = h.rect(cell).centre();
    h.drag(at, {at.x, at.y + 20});
    h.session().settle();
    REQUIRE(h.session().pull().has_value());
    CHECK(h.session().pull()->end == session::PullEnd::arrived);
    CHECK(h.session().pull()->target.stage == stage);
    CHECK(value() < before - 0.1f);
    CHECK(h.session().history().undo_steps() == 1);
    h.key(Key::z, {.ctrl = true});
    CHECK(value() == before);
  }
}

TEST_CASE("the handle of a pull stays inside the card, however far the hand goes") {
  Harness h;
  const ImVec2 at = h.rect("heatmap.cell[weights][0][0,0]").centre();
  h.move(at);
  h.press();
  h.move({at.x, at.y - 10});
  h.move({at.x, 5.0f});
  float top = 1e9f;
  const ImDrawList& list = *ImGui::GetForegroundDrawList();
  for (const ImDrawVert& vertex : list.VtxBuffer) top = std::min(top, vertex.pos.y);
  CHECK(list.VtxBuffer.Size > 0);
  // The card lies below the pipeline, whose lowest line holds this button.
  CHECK(top > h.rect("pipeline.fold").max.y);
  h.release();
  h.settle();
}

TEST_CASE("all rows have their sum beside them, or, where they are too low, the one in focus alone") {
  Harness h;
  h.post(session::Select{{Stage::weights, 0, 1, 0}});
  for (const char* sum : {"heatmap.row_sum[0]", "heatmap.row_sum[1]", "heatmap.row_sum[2]"})
    CHECK(h.has(sum));
  h.post(session::OpenExample{"long_text"});
  h.post(session::Select{{Stage::weights, 0, 7, 3}});
  CHECK(h.has("heatmap.row_sum[7]"));
  for (const char* sum :
       {"heatmap.row_sum[0]", "heatmap.row_sum[5]", "heatmap.row_sum[6]", "heatmap.row_sum[10]"})
    CHECK_FALSE(h.has(sum));
}

TEST_CASE("the Menu key and Shift+F10 open the copying menu at the selected number, in every view") {
  Harness h;
  for (const session::AttentionView view : {session::AttentionView::map, session::AttentionView::lines,
                                            session::AttentionView::text, session::AttentionView::bars}) {
    for (const bool menu_key : {true, false}) {
      CAPTURE(static_cast<int>(view));
      CAPTURE(menu_key);
      h.post(session::ShowAttentionView{view});
      h.post(session::Select{{Stage::weights, 0, 1, 2}});
      const Rect card = h.rect("heatmap.view[0]");
      if (menu_key) {
        h.key(session::Key::menu);
      } else {
        h.key(session::Key::f10, {.shift = true});
      }
      REQUIRE(h.has("dialog.context[0]"));
      CHECK_FALSE(h.has("menu.item[0]"));
      CHECK(h.focused() == "dialog.context[0]");
      CHECK(h.rect("dialog.context[0]").min.x > card.min.x);
      h.key(session::Key::down);
      CHECK(h.focused() == "dialog.context[1]");
      h.key(session::Key::enter);
      CHECK_FALSE(h.has("dialog.context[0]"));
      CHECK(std::string(ImGui::GetClipboardText()).find('\t') != std::string::npos);
      h.key(session::Key::menu);
      h.key(session::Key::escape);
      CHECK_FALSE(h.has("dialog.context[0]"));
    }
  }
}

TEST_CASE("closing the copying menu gives the keyboard back") {
  Harness h;
  h.widgets().focus(WidgetId{PanelId::heatmap, "cells"}, true);
  h.frames(2);
  h.key(session::Key::menu);
  h.key(session::Key::escape);
  CHECK(h.focused() == "heatmap.cells");
}

TEST_CASE("masks that are switched off stay off in a saved scenario") {
  Harness h;
  h.post(session::OpenExample{"padding"});
  h.post(session::ShowStage{Stage::masked});
  h.settle();
  REQUIRE(h.has("heatmap.mask_layer[2]"));
  h.click("heatmap.mask_layer[2]");
  CHECK_FALSE(h.session().view().mask_layers[2]);
  const tests::TemporaryFolder folder;
  h.post(session::SaveAs{folder.path() / "off.json"});
  h.post(session::OpenExample{"three_words"});
  CHECK(h.session().view().mask_layers[2]);
  h.open(folder.path() / "off.json");
  CHECK_FALSE(h.session().view().mask_layers[2]);
  h.click("heatmap.mask_layer[2]");
  CHECK(h.session().view().mask_layers[2]);
}

TEST_CASE("a map of 512 words tells its masks apart, with few corners") {
  Harness h;
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(512, "w");
  input.x = SharedMatrix(Matrix(512, 2, 0.5f));
  input.config.mask.causal = true;
  std::vector<std::uint8_t> padding(512, 0);
  for (std::size_t j = 0; j < 128; ++j) padding[j] = 1;
  input.config.mask.padding = std::make_shared<const std::vector<std::uint8_t>>(padding);
  h.post(session::Apply{session::SetInput{input, session::verbatim("")}});
  h.post(session::ShowStage{Stage::masked});
  h.settle();
  // A line of ImGui, with its soft edges, has up to 8 corners; switching a mask off takes its lines away.
  const int all = h.vertices();
  h.post(session::ShowMaskLayer{MaskLayer::causal, false});
  const int without_causal = h.vertices();
  h.post(session::ShowMaskLayer{MaskLayer::padding, false});
  const int without_both = h.vertices();
  CHECK(all - without_causal > 100);
  CHECK(without_causal - without_both > 50);
  CHECK(all - without_both < 6000);
}
