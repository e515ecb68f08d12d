#include "app/widgets/widget_id.h"

#include <doctest/doctest.h>

using namespace attn;
using namespace attn::ui;

TEST_CASE("names of widgets are as lessons and tests write them") {
  CHECK(text(WidgetId{PanelId::top_bar, "undo"}) == "topbar.undo");
  CHECK(text(WidgetId{PanelId::heatmap, "cell"}.at({Stage::weights, 0, 0, 2})) ==
        "heatmap.cell[weights][0][0,2]");
  CHECK(text(WidgetId{PanelId::scenario, "x"}.at(0, 1)) == "scenario.x[0,1]");
  CHECK(text(WidgetId{PanelId::vectors, "arrow"}.at(Stage::x).at(0)) == "vectors.arrow[x][0]");
  CHECK(text(WidgetId{PanelId::vectors, "ring"}.at(0)) == "vectors.ring[0]");
  CHECK(text(WidgetId{PanelId::pipeline, "stage"}.at(Stage::weights)) == "pipeline.stage[weights]");
  CHECK(text(WidgetId{PanelId::playhead, "play"}) == "playhead.play");
  CHECK(text(WidgetId{PanelId::scenario, "parameter"}.at(ParameterId::w_q).at(1, 0)) ==
        "scenario.parameter[w_q][1,0]");
}

TEST_CASE("widgets are written with their rectangles, those out of sight are not") {
  ImGuiContext* context = ImGui::CreateContext();
  WidgetRegistry registry;
  registry.add({PanelId::top_bar, "undo"}, {{1, 2}, {3, 4}});
  registry.add({PanelId::top_bar, "redo"}, {{5, 5}, {5, 5}});
  registry.end_frame();
  CHECK(widgets_json(registry) == R"({"topbar.undo": [1.0, 2.0, 3.0, 4.0]})");
  CHECK(widgets_json(registry, 2.0f) == R"({"topbar.undo": [2.0, 4.0, 6.0, 8.0]})");
  CHECK(registry.find("topbar.redo").has_value());
  ImGui::DestroyContext(context);
}
