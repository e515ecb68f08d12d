// The attention card: a stage as a whole, one head of it at a time.

#include <fmt/format.h>

#include <algorithm>

#include "app/panels/map_view.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/heatmap_pull.h"
#include "app/widgets/stand_in_note.h"

namespace attn::ui {
namespace {

struct AttentionMemory {
  StageScales scales;
  MapMemory map;
};

/// Heads side by side while they are few, then the one before and the one after.
void draw_head_choice(const AttentionScene& scene, Rect line) {
  PanelContext& context = scene.context();
  const Style& style = context.style;
  const std::size_t heads = scene.trace().dimensions().n_heads;
  const std::size_t chosen = std::min(scene.view().head, heads - 1);
  constexpr std::size_t kSideBySide = 8;
  if (heads <= kSideBySide) {
    std::vector<std::string> names;
    std::vector<std::string_view> labels;
    for (std::size_t h = 0; h < heads; ++h) names.push_back(fmt::format("{}", h + 1));
    labels.assign(names.begin(), names.end());
    line.max.x = std::min(line.max.x, line.min.x + style.px(42) * static_cast<float>(heads));
    if (const auto head = segmented(context, {PanelId::heatmap, "head"}, line, labels, chosen)) {
      context.post(session::SelectHead{*head});
    }
    return;
  }
  ButtonOptions before;
  before.enabled = chosen > 0;
  ButtonOptions after;
  after.enabled = chosen + 1 < heads;
  if (icon_button(context, {PanelId::heatmap, "previous_head"}, line.cut_left(style.px(36), style.px(6)),
                  Icon::step_back, before)) {
    context.post(session::SelectHead{chosen - 1});
  }
  if (icon_button(context, {PanelId::heatmap, "next_head"}, line.cut_left(style.px(36), style.px(6)),
                  Icon::step_forward, after)) {
    context.post(session::SelectHead{chosen + 1});
  }
}

/// The card with its heading; returns what is left for a view.
Rect draw_heading(const AttentionScene& scene) {
  PanelContext& context = scene.context();
  const Style& style = context.style;
  std::string sub;
  if (has_heads(scene.stage())) {
    sub = context.say("head {head} of {heads}", fmt::arg("head", scene.head() + 1),
                      fmt::arg("heads", scene.shape().heads));
  }
  Rect content = draw_card(context, stage_heading(context, scene.input(), scene.stage()), sub);
  if (scene.trace().dimensions().n_heads > 1 && has_heads(scene.stage()))
    draw_head_choice(scene, content.cut_top(style.px(32), style.px(6)));
  return content;
}

}  // namespace

void draw_heatmap_panel(const session::Subject& subject, PanelContext& context) {
  if (subject.trace == nullptr) {
    draw_card(context, context.tr("Attention weights α"));
    return;
  }
  AttentionMemory& memory = context.memory.get<AttentionMemory>();
  const AttentionScene scene(subject, context, memory.scales);
  Rect content = draw_heading(scene);
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
  MapView(scene, memory.map).draw(content);
}

}  // namespace attn::ui
