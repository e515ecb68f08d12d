// What a step asks, and what is said to the answer.

#include <algorithm>

#include "app/panels/layout.h"
#include "app/panels/lesson_asked.h"
#include "app/panels/lesson_links.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

/// A sign and a line, wrapped beside it.
void marked_line(const LessonColumn& lesson, Colour colour, const Runs& words) {
  PanelContext& context = lesson.context();
  const Style& style = context.style;
  const float indent = style.px(14);
  const float top = lesson.column.y;
  const float height =
      draw_linked_paragraph(context, {lesson.column.x + indent, top}, words, lesson.column.width - indent);
  context.list->AddRectFilled({lesson.column.x, top + style.px(3)},
                              {lesson.column.x + style.px(4), top + height - style.px(3)}, colour,
                              style.px(2));
  lesson.column.y += height + style.px(8);
}

/// Right, not yet, or shown: with every line that the answer deserves.
void draw_feedback(const LessonColumn& lesson) {
  const PanelContext& context = lesson.context();
  const lessons::StepState& state = lesson.player.state();
  const Theme& theme = context.colours();
  const bool predicts =
      lesson.step().question && std::holds_alternative<lessons::Predict>(lesson.step().question->kind);
  const auto* const choose =
      lesson.step().question ? std::get_if<lessons::Choose>(&lesson.step().question->kind) : nullptr;
  const bool votes = choose != nullptr && choose->vote;
  const TextLook look = context.look(TextSize::body);
  if (state.right && !votes) {
    marked_line(lesson, theme.v,
                {{std::string(predicts ? context.tr("That is close.") : context.tr("Right.")),
                  context.look(TextSize::body, Face::sans_bold), 0.0f}});
  } else if (predicts && state.shown) {
    marked_line(
        lesson, theme.warning,
        {{std::string(context.tr("Your bars are violet, the shares that come out stand beside them.")), look,
          0.0f}});
  } else if (state.attempts > 0 && !state.done() && lesson.step().question) {
    marked_line(lesson, theme.warning,
                {{std::string(context.tr("Not yet.")), context.look(TextSize::body, Face::sans_bold), 0.0f}});
  }
  if (state.feedback) {
    for (const lessons::FeedbackLine& line : state.feedback->lines) {
      const Runs words =
          line.own.empty() ? Runs{{context.tr(line.message), look, 0.0f}} : lesson.runs(line.own, look);
      marked_line(lesson, state.feedback->right ? theme.v : theme.warning, words);
    }
  }
}

void draw_hints(const LessonColumn& lesson) {
  const PanelContext& context = lesson.context();
  const std::vector<lessons::LessonText>& hints = lesson.player.hints();
  for (std::size_t i = 0; i < std::min(lesson.player.state().hints, hints.size()); ++i) {
    Runs words{{std::string(context.tr("Hint")) + "  ", context.look(TextSize::body, Face::sans_bold), 0.0f}};
    for (Run& run : lesson.runs(hints[i], context.look(TextSize::body))) words.push_back(std::move(run));
    marked_line(lesson, context.colours().accent, words);
  }
}

}  // namespace

bool AskedQuestion::is_ticked(std::size_t i) const {
  return std::ranges::find(draft.answer.numbers, static_cast<double>(i)) != draft.answer.numbers.end();
}

void AskedQuestion::toggle(std::size_t i, bool several) const {
  std::vector<double>& ticked = draft.answer.numbers;
  const auto value = static_cast<double>(i);
  if (is_ticked(i)) {
    if (!several) return;
    std::erase(ticked, value);
  } else {
    if (!several) ticked.clear();
    ticked.push_back(value);
    std::ranges::sort(ticked);
  }
  context().animating = true;
}

void AskedQuestion::give(const lessons::Answer& answer) const {
  context().post(session::InLesson{session::GiveLessonAnswer{answer.numbers, answer.text}});
}

bool AskedQuestion::hand_in(std::string_view label, bool enabled) const {
  LessonHandIn& hand_in = context().memory.get<LessonHandIn>();
  if (hand_in.enabled != enabled || hand_in.label != label) context().animating = true;
  hand_in.asked = true;
  hand_in.enabled = enabled;
  hand_in.label = label;
  if (hand_in.below) return enabled && hand_in.pressed;
  return draw_hand_in(context(), lesson.column.take(style().px(kLessonHandIn), style().px(10)), hand_in);
}

bool draw_hand_in(PanelContext& context, Rect line, const LessonHandIn& hand_in) {
  const float width =
      std::max(button_width(context, hand_in.label) + context.style.px(24), context.style.px(130));
  return button(context, {PanelId::lesson, "answer"}, line.cut_left(width), hand_in.label,
                {.kind = ButtonKind::primary, .enabled = hand_in.enabled});
}

void draw_lesson_question(const LessonColumn& lesson) {
  PanelContext& context = lesson.context();
  const Style& style = context.style;
  const lessons::Step& step = lesson.step();
  ImDrawList& list = *context.list;
  const float pad = style.px(12);
  const float top = lesson.column.y;
  const float x = lesson.column.x;
  const float width = lesson.column.width;
  lesson.column.x += pad;
  lesson.column.width -= 2 * pad;
  lesson.column.y += pad;
  const lessons::LessonText& words = step.question ? step.question->ask : step.task->ask;
  lesson.paragraph(lesson.runs(words, context.look(TextSize::label, Face::sans_bold)), style.px(10));
  if (step.question) {
    const AskedQuestion asked{lesson, lesson_draft(lesson)};
    std::visit([&](const auto& kind) { ask(asked, kind); }, step.question->kind);
  } else if (!lesson.player.state().done()) {
    lesson.paragraph(Runs{{std::string(context.tr("Do it in the window: this step waits for it.")),
                           context.look(TextSize::body, context.colours().ink_muted), 0.0f}},
                     style.px(6));
  }
  draw_hints(lesson);
  draw_feedback(lesson);
  const lessons::LessonText& after = step.question ? step.question->after : step.task->after;
  if (lesson.player.state().done() && !after.empty()) lesson.paragraph(after, TextSize::body, style.px(4));
  lesson.column.x = x;
  lesson.column.width = width;
  lesson.column.y += style.px(4);
  list.AddRect({x, top}, {x + width, lesson.column.y}, context.colours().panel_border, style.small_rounding(),
               0, style.line());
  lesson.column.y += style.px(10);
}

}  // namespace attn::ui
