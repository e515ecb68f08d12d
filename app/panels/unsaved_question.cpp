#include <array>

#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"

namespace attn::ui {

void draw_unsaved_question(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  Sheet sheet(outer, window, {.size = {style.px(520), style.px(210)}, .heading = outer.tr("Unsaved work")});
  PanelContext& context = sheet.context;
  context.text.draw_paragraph(*context.list, sheet.content.min, context.look(TextSize::body),
                              context.tr("What you changed has not been saved. Save it first?"),
                              sheet.content.width());
  const std::array<std::string_view, 3> labels = {context.tr("Cancel"), context.tr("Discard"),
                                                  context.tr("Save")};
  constexpr std::array kAnswers = {session::Answer::cancel, session::Answer::discard, session::Answer::save};
  const auto chosen = draw_answers(context, sheet.content.cut_bottom(style.control_height()), labels, 2);
  if (chosen) context.post(session::AnswerQuestion{kAnswers[*chosen]});
  if (key_pressed(session::Key::escape)) context.post(session::AnswerQuestion{session::Answer::cancel});
}

}  // namespace attn::ui
