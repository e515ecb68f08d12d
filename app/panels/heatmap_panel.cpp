// The attention card: a stage as a whole, one head of it at a time.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/panels/attention_views.h"
#include "app/panels/map_view.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/heatmap_pull.h"
#include "app/widgets/stand_in_note.h"

namespace attn::ui {
namespace {

using session::AttentionView;

struct AttentionMemory {
  MapMemory map;
  LinesMemory lines;
  TextMemory text;
  BarsMemory bars;
};

/// Heads side by side while they have room, else the one before and the one after.
void draw_head_choice(const AttentionScene& scene, Rect line) {
  PanelContext& context = scene.context();
  const Style& style = context.style;
  const std::size_t heads = scene.trace().dimensions().n_heads;
  const std::size_t chosen = std::min(scene.view().head, heads - 1);
  const float least = style.px(30);
  if (least * static_cast<float>(heads) <= line.width()) {
    std::vector<std::string> names;
    std::vector<std::string_view> labels;
    for (std::size_t h = 0; h < heads; ++h) names.push_back(fmt::format("{}", h + 1));
    labels.assign(names.begin(), names.end());
    line.min.x = std::max(line.min.x, line.max.x - style.px(42) * static_cast<float>(heads));
    if (const auto head = segmented(context, {PanelId::heatmap, "head"}, line, labels, chosen)) {
      context.post(session::SelectHead{*head});
    }
    return;
  }
  ButtonOptions before;
  before.enabled = chosen > 0;
  ButtonOptions after;
  after.enabled = chosen + 1 < heads;
  if (icon_button(context, {PanelId::heatmap, "next_head"}, line.cut_right(style.px(34), style.px(4)),
                  Icon::step_forward, after)) {
    context.post(session::SelectHead{chosen + 1});
  }
  if (icon_button(context, {PanelId::heatmap, "previous_head"}, line.cut_right(style.px(34), style.px(4)),
                  Icon::step_back, before)) {
    context.post(session::SelectHead{chosen - 1});
  }
}

/// Map, lines, text, bars. Choosing one of the last three shows the attention weights, which they draw.
void draw_view_choice(const AttentionScene& scene, Rect& line, AttentionView shown) {
  PanelContext& context = scene.context();
  const std::array<std::string_view, 4> labels = {context.tr("map"), context.tr("lines"), context.tr("text"),
                                                  context.tr("bars")};
  float width = context.style.px(6);
  for (const std::string_view label : labels)
    width += context.text.measure(context.look(TextSize::body), label).x + context.style.px(18);
  const Rect rect = line.cut_left(std::min(width, line.width() - context.style.px(76)), context.style.px(8));
  const auto picked =
      segmented(context, {PanelId::heatmap, "view"}, rect, labels, static_cast<std::size_t>(shown));
  if (!picked) return;
  const auto view = static_cast<AttentionView>(*picked);
  context.post(session::ShowAttentionView{view});
  if (view != AttentionView::map && !has_view(scene, view)) context.post(session::ShowStage{Stage::weights});
}

/// The card with its heading; returns what is left for a view.
Rect draw_heading(const AttentionScene& scene, AttentionView shown) {
  PanelContext& context = scene.context();
  const Style& style = context.style;
  std::string sub;
  if (has_heads(scene.stage())) {
    sub = context.say("head {head} of {heads}", fmt::arg("head", scene.head() + 1),
                      fmt::arg("heads", scene.shape().heads));
  }
  Rect content = draw_card(context, stage_heading(context, scene.input(), scene.stage()), sub);
  Rect line = content.cut_top(style.px(32), style.px(6));
  draw_view_choice(scene, line, shown);
  // The lines have chips for their heads.
  const bool one_head = shown != AttentionView::lines && has_heads(scene.stage());
  if (one_head && scene.trace().dimensions().n_heads > 1) draw_head_choice(scene, line);
  return content;
}

/// Since when something is computed, in seconds of ImGui's clock.
struct ComputingSince {
  std::optional<double> since;
};

/// A long computation says how far it is and can be given up; one that was given up can be begun again.
void draw_computing(PanelContext& outer) {
  constexpr double kNotWorthSaying = 0.6;
  const session::RunnerStatus status = outer.session.status();
  auto& since = outer.memory.get<ComputingSince>().since;
  if (!status.computing) since.reset();
  if (status.computing && !since) since = ImGui::GetTime();
  const bool lasts = since && ImGui::GetTime() - *since > kNotWorthSaying;
  if (!lasts && !status.stopped) return;
  const Style& style = outer.style;
  const Theme& theme = outer.colours();
  const std::string_view answer = status.stopped ? outer.tr("Compute") : outer.tr("Stop");
  const std::string words = status.stopped
                                ? std::string(outer.tr("stopped: these numbers are older"))
                                : outer.say("computing {percent} %",
                                            fmt::arg("percent", static_cast<int>(status.fraction * 100.0f)));
  const TextLook look = outer.look(TextSize::body);
  const float text_width = std::max(outer.text.measure(look, words).x, style.px(150)) + style.px(16);
  const float width = text_width + button_width(outer, answer) + style.px(28);
  const ImVec2 corner{std::round(outer.area.centre().x - width / 2), outer.area.max.y - style.px(66)};
  const Rect box{corner, {corner.x + width, corner.y + style.px(50)}};
  // A window of its own: what is below it does not take the mouse.
  ImGui::SetNextWindowPos(box.min);
  ImGui::SetNextWindowSize(box.size());
  ImGui::Begin("computing", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoFocusOnAppearing);
  if (ImGui::IsWindowAppearing()) bring_window_to_front();
  PanelContext own = outer.within(box);
  own.list = ImGui::GetWindowDrawList();
  PanelContext& context = own;
  context.list->AddRectFilled(box.min, box.max, theme.panel, style.rounding());
  context.list->AddRect(box.min, box.max, theme.button_border, style.rounding(), 0, style.line());
  Rect inner = box.inset(style.px(12), style.px(8));
  const WidgetId id{PanelId::heatmap, "computing"};
  if (button(context, id, inner.cut_right(button_width(context, answer), style.px(12)), answer)) {
    if (status.stopped) {
      context.post(session::ComputeAgain{});
    } else {
      context.post(session::StopComputing{});
    }
  }
  if (!status.stopped) {
    const Rect bar = inner.cut_bottom(style.px(5), style.px(3));
    context.list->AddRectFilled(bar.min, bar.max, theme.track, style.px(2));
    context.list->AddRectFilled(
        bar.min, {bar.min.x + bar.width() * std::clamp(status.fraction, 0.0f, 1.0f), bar.max.y}, theme.accent,
        style.px(2));
  }
  context.text.draw_in(*context.list, inner, look, words, Align::centre);
  ImGui::End();
}

void draw_view(const session::Subject& subject, PanelContext& context);

}  // namespace

bool has_view(const AttentionScene& scene, session::AttentionView view) {
  return view == AttentionView::map || scene.stage() == Stage::weights || scene.stage() == Stage::dropped;
}

void draw_heatmap_panel(const session::Subject& subject, PanelContext& context) {
  draw_view(subject, context);
  draw_computing(context);
}

namespace {

void draw_view(const session::Subject& subject, PanelContext& context) {
  if (subject.trace == nullptr) {
    draw_card(context, context.tr("Attention weights α"));
    return;
  }
  AttentionMemory& memory = context.memory.get<AttentionMemory>();
  const AttentionScene scene(subject, context);
  const AttentionView wanted = subject.view.attention_view;
  const AttentionView shown = has_view(scene, wanted) ? wanted : AttentionView::map;
  Rect content = draw_heading(scene, shown);
  draw_stand_in_note(context, subject.document, scene.stage(), content);
  const Rect sentence = content.cut_top(context.style.px(28), context.style.px(6));
  // A pull says where it goes in the place of the sentence: what is below need not make room for it.
  const session::PullReport* const report = scene.pull();
  if (report && (context.session.pulling() || !context.hover.cell)) {
    draw_pull_goal(context, sentence, pull_words(context, scene.input(), *report));
  } else if (memory.map.painting.on && can_paint_mask(scene)) {
    draw_paint_hint(scene, sentence);
  } else {
    draw_attention_sentence(scene, sentence);
  }
  switch (shown) {
    case AttentionView::map:
      return MapView(scene, memory.map).draw(content);
    case AttentionView::lines:
      return draw_lines_view(scene, memory.lines, content);
    case AttentionView::text:
      return draw_text_view(scene, memory.text, content);
    case AttentionView::bars:
      return draw_bars_view(scene, memory.bars, content);
  }
}

}  // namespace

}  // namespace attn::ui
