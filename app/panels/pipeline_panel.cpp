#include "app/panels/panel.h"
#include "app/widgets/controls.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/pipeline_controls.h"

namespace attn::ui {
namespace {

/// When the playhead was moved, what it has just computed is what the other panels show. At both ends
/// nothing is in focus, and the selection stays where it was.
void follow_playhead(const session::Subject& subject, PanelContext& context, PipelineMemory& memory) {
  const session::Playhead& playhead = subject.playhead;
  const bool moved = memory.last_position && *memory.last_position != playhead.position();
  memory.last_position = playhead.position();
  if (!moved || playhead.at_start() || playhead.at_end()) return;
  if (const auto moment = playhead.moment()) {
    context.post(
        session::Select{{moment->stage, shown_head(subject, moment->stage), moment->row, moment->column}});
  }
}

}  // namespace

void draw_pipeline_panel(const session::Subject& subject, PanelContext& context) {
  draw_card_background(context);
  PipelineMemory& memory = context.memory.get<PipelineMemory>();
  const Style& style = context.style;
  Rect area = context.area.inset(style.padding(), style.px(10));
  Rect controls = area.cut_bottom(style.control_height(), style.px(4));
  const Rect moment = area.cut_bottom(style.px(30), style.px(2));
  if (subject.trace == nullptr) return;
  const bool folded = subject.view.pipeline_folded;
  if (!folded) draw_pipeline(subject, *subject.trace, context, area, memory);
  draw_moment(subject, context, moment);
  const ButtonOptions fold{
      .kind = ButtonKind::quiet,
      .tooltip = folded ? context.tr("Show the stages") : context.tr("Fold the stages away")};
  if (icon_button(context, {PanelId::pipeline, "fold"}, controls.cut_right(style.px(36), style.px(4)),
                  folded ? Icon::chevron_right : Icon::chevron_down, fold)) {
    context.post(session::FoldPipeline{!folded});
  }
  draw_playhead_controls(subject, context, controls);
  follow_playhead(subject, context, memory);
}

}  // namespace attn::ui
