#include "app/panels/layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace attn::ui {
namespace {

// In design pixels; see theme.h.
constexpr float kTopBar = 52.0f;
constexpr float kPipeline = 270.0f;
constexpr float kPipelineLeast = 210.0f;
constexpr float kPipelineFolded = 92.0f;
constexpr float kLowerLeast = 530.0f;

/// The width of a column: what it has at 1440, what it cannot do without, and its part of what is spare.
struct CardColumn {
  Rect Layout::*area;
  float wanted;
  float least;
  float share;
};
constexpr std::array<CardColumn, 5> kColumns = {
    CardColumn{&Layout::lesson, 430.0f, 340.0f, 0.9f}, CardColumn{&Layout::scenario, 276.0f, 236.0f, 0.4f},
    CardColumn{&Layout::heatmap, 410.0f, 320.0f, 1.2f}, CardColumn{&Layout::vectors, 356.0f, 260.0f, 1.0f},
    CardColumn{&Layout::explain, 338.0f, 280.0f, 0.8f}};
/// Which columns leave first; the explanation only beside a lesson.
constexpr std::size_t kExplain = 4;
constexpr std::array<std::size_t, 3> kLeaving = {1, 4, 3};

/// Messages are not narrower, and not wider.
constexpr float kMessageLeast = 300.0f;
constexpr float kMessageMost = 640.0f;

}  // namespace

Layout arrange(ImVec2 window, const Style& style, bool pipeline_folded, const WantedCards& wanted) {
  Layout layout;
  const float gap = style.gap();
  Rect rest{{0, 0}, window};
  layout.top_bar = rest.cut_top(style.px(kTopBar));
  rest = rest.inset(gap);

  const float spare_height = rest.height() - gap - style.px(kPipeline) - style.px(kLowerLeast);
  const float unfolded = std::clamp(style.px(kPipeline) + spare_height * (spare_height > 0 ? 0.15f : 1.0f),
                                    style.px(kPipelineLeast), style.px(kPipeline) * 1.5f);
  const float pipeline = pipeline_folded ? style.px(kPipelineFolded) : unfolded;
  if (wanted.pipeline) layout.pipeline = rest.cut_top(std::round(pipeline), gap);

  std::array<bool, 5> shown = {wanted.lesson, wanted.scenario, wanted.heatmap, wanted.vectors,
                               wanted.explain};
  const auto sum = [&](float CardColumn::*width) {
    float total = -gap;
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      if (shown[i])
        total += (width == &CardColumn::share ? kColumns[i].*width : style.px(kColumns[i].*width)) + gap;
    }
    return total;
  };
  for (const std::size_t leaving : kLeaving) {
    if ((leaving != kExplain || wanted.lesson) && sum(&CardColumn::least) > rest.width())
      shown[leaving] = false;
  }

  const float over = rest.width() - sum(&CardColumn::wanted);
  float shares = 0.0f;
  float slack = 0.0f;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    if (!shown[i]) continue;
    shares += kColumns[i].share;
    slack += style.px(kColumns[i].wanted) - style.px(kColumns[i].least);
  }
  float x = rest.min.x;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    if (!shown[i]) continue;
    const CardColumn& column = kColumns[i];
    float width = style.px(column.wanted);
    if (over >= 0.0f) {
      width += over * column.share / shares;
    } else {
      width += over * (style.px(column.wanted) - style.px(column.least)) / std::max(slack, 1.0f);
    }
    layout.*column.area = {{std::round(x), rest.min.y}, {std::round(x + width), rest.max.y}};
    x += width + gap;
  }
  return layout;
}

Rect message_area(const Layout& layout, ImVec2 window, const Style& style) {
  const float gap = style.gap();
  Rect area{{gap, layout.top_bar.max.y}, {window.x - gap, window.y - 2 * gap}};
  if (!layout.lesson.empty()) {
    const float beside = layout.lesson.max.x + gap;
    const float beside_text = layout.lesson.min.x + style.px(kLessonTextWidth) + gap;
    if (const float least = style.px(kMessageLeast); area.max.x - beside >= least) {
      area.min.x = beside;
    } else if (area.max.x - beside_text >= least) {
      area.min.x = beside_text;
    } else {
      area.max.y = layout.lesson.max.y - style.px(kLessonFooter);
    }
  }
  const float spare = std::max(0.0f, area.width() - style.px(kMessageMost)) / 2;
  return area.inset(spare, 0);
}

void widen_for_code(Layout& layout) {
  if (layout.vectors.empty()) return;
  layout.explain.min.x = layout.vectors.min.x;
  layout.vectors = {};
}

std::span<const PanelEntry> panels() {
  static constexpr std::array<PanelEntry, 7> kPanels = {
      PanelEntry{"top bar", draw_top_bar, &Layout::top_bar},
      PanelEntry{"pipeline", draw_pipeline_panel, &Layout::pipeline},
      PanelEntry{"lesson", draw_lesson_panel, &Layout::lesson},
      PanelEntry{"scenario", draw_scenario_panel, &Layout::scenario},
      PanelEntry{"heatmap", draw_heatmap_panel, &Layout::heatmap},
      PanelEntry{"vectors", draw_vectors_panel, &Layout::vectors},
      PanelEntry{"explain", draw_reason_panel, &Layout::explain},
  };
  return kPanels;
}

}  // namespace attn::ui
