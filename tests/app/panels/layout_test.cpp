#include "app/panels/layout.h"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using namespace attn::ui;

namespace {

Style style_for(ImVec2 window, float display_scale = 1.0f) {
  return {theme(ThemeKind::light), style_scale(window.x, window.y, display_scale)};
}

std::vector<Rect> shown(const Layout& layout) {
  std::vector<Rect> all;
  for (const PanelEntry& panel : panels())
    if (!(layout.*panel.area).empty()) all.push_back(layout.*panel.area);
  return all;
}

}  // namespace

TEST_CASE("panels neither overlap nor leave the window, at any size") {
  for (const ImVec2 window : {ImVec2{1280, 720}, ImVec2{1440, 900}, ImVec2{1920, 1080}, ImVec2{2560, 1440},
                              ImVec2{960, 600}, ImVec2{700, 500}, ImVec2{3000, 700}, ImVec2{900, 1600}}) {
    CAPTURE(window.x);
    CAPTURE(window.y);
    const std::vector<Rect> all = shown(arrange(window, style_for(window)));
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK(all[i].min.x >= 0.0f);
      CHECK(all[i].min.y >= 0.0f);
      CHECK(all[i].max.x <= window.x);
      CHECK(all[i].max.y <= window.y);
      for (std::size_t j = 0; j < i; ++j) CHECK(all[i].intersection(all[j]).empty());
    }
  }
}

TEST_CASE("a folded pipeline leaves its room to the cards below") {
  const Style style = style_for({1280, 720});
  const Layout open = arrange({1280, 720}, style);
  const Layout folded = arrange({1280, 720}, style, true);
  CHECK(folded.pipeline.height() < open.pipeline.height() * 0.5f);
  CHECK(folded.heatmap.height() > open.heatmap.height() * 1.25f);
  CHECK(folded.heatmap.max.y == open.heatmap.max.y);
}

TEST_CASE("every panel is shown from 960 × 600 on") {
  for (const ImVec2 window : {ImVec2{960, 600}, ImVec2{1280, 720}, ImVec2{1920, 1080}})
    CHECK(shown(arrange(window, style_for(window))).size() == panels().size() - 1);
}

TEST_CASE("in a narrow window the scenario leaves first, then the vectors") {
  const Style style = style_for({1440, 900});
  const Layout narrow = arrange({1100, 900}, style);
  CHECK(narrow.scenario.empty());
  CHECK_FALSE(narrow.vectors.empty());
  const Layout narrower = arrange({800, 900}, style);
  CHECK(narrower.scenario.empty());
  CHECK(narrower.vectors.empty());
  CHECK_FALSE(narrower.heatmap.empty());
  CHECK_FALSE(narrower.explain.empty());
}

TEST_CASE("nothing that is taught is under 18 pixels at a height of 900") {
  const Style style = style_for({1440, 900});
  CHECK(style.text(TextSize::body) >= 18.0f);
  CHECK(style.text(TextSize::label) >= 18.0f);
  CHECK(style.text(TextSize::focus) >= 36.0f);
}

TEST_CASE("a display with a scale of 2 never gets letters smaller than one with 1 at half the size") {
  CHECK(style_scale(2560, 1440, 2.0f) == doctest::Approx(2.0f * style_scale(1280, 720, 1.0f)));
  CHECK(style_scale(1280, 720, 2.0f) >= 1.4f);
}
