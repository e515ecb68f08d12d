#include "app/panels/scenario_panel.h"

#include <algorithm>
#include <array>
#include <vector>

#include "app/panels/head_composer.h"
#include "app/panels/heads_tab.h"
#include "app/panels/parameters_tab.h"
#include "app/session/message.h"
#include "app/widgets/controls.h"
#include "core/io/scenario.h"

namespace attn::ui {
namespace {

using session::ScenarioTab;

struct ScenarioTabEntry {
  ScenarioTab tab;
  std::string_view title;  ///< an id of the catalogue
  void (*draw)(const session::Subject& subject, PanelContext& context, const Rect& content);
};

/// All heads as small maps, or one head being composed.
void draw_heads(const session::Subject& subject, PanelContext& context, const Rect& content) {
  const Style& style = context.style;
  Rect rest = content;
  const std::array<std::string_view, 2> labels = {context.tr("All heads"), context.tr("Compose")};
  const Rect line = rest.cut_top(style.control_height(), style.px(8));
  if (const auto picked = segmented(context, {PanelId::scenario, "heads_shown"}, line, labels,
                                    subject.view.head_composer ? 1 : 0)) {
    context.post(session::ShowHeadComposer{*picked == 1});
  }
  if (subject.view.head_composer) {
    draw_head_composer(subject, context, rest);
  } else {
    draw_heads_tab(subject, context, rest);
  }
}

/// In the order of the screen.
constexpr std::array kScenarioTabs = {
    ScenarioTabEntry{ScenarioTab::words, ATTN_MESSAGE("Words"), draw_words_tab},
    ScenarioTabEntry{ScenarioTab::settings, ATTN_MESSAGE("Settings"), draw_settings_tab},
    ScenarioTabEntry{ScenarioTab::parameters, ATTN_MESSAGE("W, b"), draw_parameters_tab},
    ScenarioTabEntry{ScenarioTab::heads, ATTN_MESSAGE("Heads"), draw_heads},
};

}  // namespace

void draw_scenario_panel(const session::Subject& subject, PanelContext& context) {
  const Style& style = context.style;
  const std::string title = subject.document.scenario().title.in(context.catalogue.language());
  Rect content = draw_card(context, context.tr("Scenario"), title);
  const auto found = std::ranges::find(kScenarioTabs, subject.view.scenario_tab, &ScenarioTabEntry::tab);
  const std::size_t chosen =
      found == kScenarioTabs.end() ? 0 : static_cast<std::size_t>(found - kScenarioTabs.begin());
  if (kScenarioTabs.size() > 1) {
    std::vector<std::string_view> labels;
    labels.reserve(kScenarioTabs.size());
    for (const ScenarioTabEntry& entry : kScenarioTabs) labels.push_back(context.tr(entry.title));
    const Rect line = content.cut_top(style.control_height(), style.px(10));
    if (const auto picked = segmented(context, {PanelId::scenario, "tab"}, line, labels, chosen))
      context.post(session::ShowScenarioTab{kScenarioTabs[*picked].tab});
  }
  kScenarioTabs[chosen].draw(subject, context, content);
}

}  // namespace attn::ui
