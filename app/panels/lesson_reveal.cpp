#include "app/panels/lesson_reveal.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "app/panels/parameters_tab.h"
#include "app/panels/scenario_panel.h"
#include "app/widgets/formula_names.h"

namespace attn::ui {
namespace {

using session::ScenarioTab;

/// "w_q" of "scenario.parameter[w_q][1,0]", "scale" of "scenario.scale[1]"; empty for other cards' widgets.
std::string_view name_in_scenario(std::string_view widget) {
  constexpr std::string_view kCard = "scenario.";
  constexpr std::string_view kParameter = "parameter[";
  if (!widget.starts_with(kCard)) return {};
  widget.remove_prefix(kCard.size());
  if (widget.starts_with(kParameter)) {
    widget.remove_prefix(kParameter.size());
    return widget.substr(0, widget.find(']'));
  }
  return widget.substr(0, widget.find('['));
}

/// What the step is about in the scenario's card, as lessons call it; what it rings comes first.
std::vector<std::string_view> names_of(const lessons::Step& step) {
  std::vector<std::string_view> names;
  for (const std::string& widget : step.highlight)
    if (const std::string_view name = name_in_scenario(widget); !name.empty()) names.push_back(name);
  if (step.only) {
    for (const std::string& name : *step.only) {
      names.push_back(std::string_view(name).substr(0, name.find('[')));
    }
  }
  return names;
}

std::optional<ParameterId> parameter_called(std::string_view called) {
  const auto found = std::ranges::find_if(kParameterIds, [&](ParameterId id) { return name(id) == called; });
  return found == kParameterIds.end() ? std::nullopt : std::optional(*found);
}

bool in_tab(ScenarioTab tab, std::string_view called) {
  constexpr std::array<std::string_view, 9> kWords = {"x",    "source", "word",  "source_word", "tokens",
                                                      "mask", "scale",  "heads", "temperature"};
  switch (tab) {
    case ScenarioTab::words:
      return std::ranges::find(kWords, called) != kWords.end();
    case ScenarioTab::settings:
      return is_setting(called);
    case ScenarioTab::parameters:
      return called == "parameters" || parameter_called(called).has_value();
    case ScenarioTab::heads:
      return called == "head_map";
  }
  return false;
}

void unfold_parameters(PanelContext& context, const lessons::Step& step,
                       const std::vector<std::string_view>& names) {
  std::vector<ParameterId> wanted;
  for (const std::string_view called : names)
    if (const auto id = parameter_called(called)) wanted.push_back(*id);
  if (wanted.empty() && step.focus) {
    // The matrix that makes the vectors which the step looks at.
    if (const auto id = projected_with(step.focus->stage, context.session.document().input())) wanted = {*id};
  }
  // "parameters" means all of them: those that make queries and keys are seen at once.
  if (wanted.empty() && std::ranges::find(names, "parameters") != names.end())
    wanted = {ParameterId::w_q, ParameterId::w_k};
  if (wanted.empty()) return;
  auto& unfolded = context.memory.get<ParametersMemory>().unfolded;
  unfolded.fill(false);
  for (const ParameterId id : wanted) unfolded[static_cast<std::size_t>(id)] = true;
}

}  // namespace

bool StepArrival::at(const lessons::Player* player) {
  if (player == nullptr) {
    *this = {};
    return false;
  }
  const std::string& name = player->lesson().name;
  if (lesson == name && step == player->place()) return false;
  lesson = name;
  step = player->place();
  return true;
}

void reveal_lesson_widgets(PanelContext& context, const lessons::Player& player) {
  const lessons::Step& step = player.step();
  const session::View& view = context.session.view();
  const auto rings = [&](std::string_view widget) {
    return std::ranges::any_of(step.highlight,
                               [&](const std::string& name) { return name.starts_with(widget); });
  };
  if (view.pipeline_folded && rings("pipeline.")) context.post(session::FoldPipeline{false});
  if (view.attention_view != session::AttentionView::map && rings("heatmap.cell["))
    context.post(session::ShowAttentionView{session::AttentionView::map});
  if (!step.show.at(static_cast<std::size_t>(lessons::Card::scenario))) return;
  const std::vector<std::string_view> names = names_of(step);
  const bool chooses = step.view_json.find("\"scenario_tab\"") != std::string::npos;
  const auto holds_all = [&](ScenarioTab tab) {
    return std::ranges::all_of(names, [&](std::string_view called) { return in_tab(tab, called); });
  };
  ScenarioTab tab = view.scenario_tab;
  if (!chooses && !names.empty() && !holds_all(tab)) {
    constexpr std::array kTabs = {ScenarioTab::words, ScenarioTab::settings, ScenarioTab::parameters,
                                  ScenarioTab::heads};
    auto found = std::ranges::find_if(kTabs, holds_all);
    if (found == kTabs.end())
      found = std::ranges::find_if(kTabs, [&](ScenarioTab one) { return in_tab(one, names.front()); });
    if (found != kTabs.end()) tab = *found;
    context.post(session::ShowScenarioTab{tab});
  }
  if (tab == ScenarioTab::parameters) unfold_parameters(context, step, names);
  if (tab != ScenarioTab::settings) return;
  const auto setting = std::ranges::find_if(names, is_setting);
  if (setting != names.end()) unfold_setting(context, *setting);
}

}  // namespace attn::ui
