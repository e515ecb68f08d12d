#include "app/panels/lesson_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/layout.h"
#include "app/panels/lesson_asked.h"
#include "app/panels/lesson_links.h"
#include "app/panels/lesson_words.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

using session::InLesson;

constexpr PanelId kPanel = PanelId::lesson;

void post(PanelContext& context, session::LessonAction action) { context.post(InLesson{std::move(action)}); }

/// The lesson's name, where one stands, and the way out.
void draw_heading(PanelContext& context, const lessons::Player& player, const std::string& title, Rect line) {
  const Style& style = context.style;
  if (icon_button(context, {kPanel, "leave"}, line.cut_right(line.height(), style.px(6)), Icon::close,
                  {.kind = ButtonKind::quiet, .tooltip = context.tr("Leave the lesson")}))
    post(context, session::LeaveLesson{});
  Runs runs{{title, context.look(TextSize::label, Face::sans_bold), 0.0f},
            {"   " + context.say("step {0} of {1}", player.place() + 1, player.lesson().steps.size()),
             context.look(TextSize::body, context.colours().ink_muted), 0.0f}};
  context.text.draw_in(*context.list, line, runs);
}

/// One mark a step: filled where it is done, wide where one stands; a click goes there.
void draw_steps(PanelContext& context, const lessons::Player& player, Rect line) {
  const Style& style = context.style;
  const Theme& theme = context.colours();
  const std::size_t count = player.lesson().steps.size();
  const float gap = style.px(4);
  const float width = (line.width() - gap * static_cast<float>(count - 1)) / static_cast<float>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const float x = line.min.x + static_cast<float>(i) * (width + gap);
    const Rect mark{{x, line.centre().y - style.px(3)}, {x + width, line.centre().y + style.px(3)}};
    const bool here = i == player.place();
    const bool reached = i <= player.place() || player.state(i).done() || player.state(i).left;
    const Interaction mouse = interact(context, WidgetId(kPanel, "step").at(i),
                                       mark.inset(-gap / 2, -style.px(8)), reached, style.px(3));
    if (mouse.clicked && !here) post(context, session::GoToLessonStep{i});
    const Colour colour = here                     ? theme.accent
                          : player.state(i).done() ? with_alpha(theme.accent, 0.55f)
                                                   : theme.track;
    context.list->AddRectFilled(mark.min, mark.max, mouse.hovered && reached ? theme.accent : colour,
                                style.px(3));
  }
}

void draw_notes(const LessonColumn& lesson) {
  PanelContext& context = lesson.context();
  const Style& style = context.style;
  const lessons::Lesson& about = lesson.player.lesson();
  const float top = lesson.column.y;
  ImDrawList& list = *context.list;
  list.ChannelsSplit(2);
  list.ChannelsSetCurrent(1);
  lesson.column.y += style.px(8);
  const float x = lesson.column.x;
  const float width = lesson.column.width;
  lesson.column.x += style.px(10);
  lesson.column.width -= style.px(20);
  const auto note = [&](std::string_view heading, const lessons::LessonText& text) {
    Runs runs{{std::string(heading) + "  ", context.look(TextSize::body, Face::sans_bold), 0.0f}};
    for (Run& run : lesson.runs(text, context.look(TextSize::body))) runs.push_back(std::move(run));
    lesson.paragraph(runs, style.px(4));
  };
  note(context.tr("Goal"), about.goal);
  note(context.tr("Usual wrong answer"), about.usual_wrong_answer);
  note(context.tr("Ask the class"), about.ask_the_class);
  lesson.column.x = x;
  lesson.column.width = width;
  lesson.column.y += style.px(6);
  list.ChannelsSetCurrent(0);
  list.AddRectFilled({x, top}, {x + width, lesson.column.y}, context.colours().accent_soft,
                     style.small_rounding());
  list.ChannelsMerge();
  lesson.column.y += style.px(12);
}

/// Back, hint, show me, and the one thing to do next. Each has its place, whatever the width of the card and
/// whatever else there is: who goes on and on need not move the hand.
void draw_buttons(PanelContext& context, const lessons::Player& player, Rect line) {
  const Style& style = context.style;
  const lessons::Step& step = player.step();
  const bool more_hints =
      step.asks() && !player.state().done() && player.state().hints < player.hints().size();
  const bool may_show = player.may_show();
  const std::string_view middle = more_hints ? context.tr("A hint") : context.tr("Show me");
  const std::string_view next = player.at_last() ? context.tr("To the lessons") : context.tr("Next");
  const bool has_middle = step.asks() && !player.state().done();
  const float gap = style.px(8);
  const Rect back = line.cut_left(style.px(80), gap);
  const Rect help = line.cut_left(style.px(100), gap);
  // The word of the last step may be longer.
  const float width =
      std::min(std::max(style.px(110), button_width(context, next) + style.px(16)), line.width());
  line = line.cut_left(width);
  if (button(context, {kPanel, "back"}, back, context.tr("Back"), {.enabled = !player.at_first()}))
    post(context, session::PreviousLessonStep{});
  if (has_middle) {
    const bool enabled = more_hints || may_show;
    if (button(
            context, {kPanel, "help"}, help, middle,
            {.enabled = enabled, .tooltip = enabled ? "" : context.tr("Try first: then it can be shown")})) {
      if (more_hints) {
        post(context, session::TakeHint{});
      } else {
        post(context, session::ShowLessonAnswer{});
      }
    }
  }
  if (button(context, {kPanel, "next"}, line, next,
             {.kind = player.may_go_on() ? ButtonKind::primary : ButtonKind::plain,
              .enabled = player.may_go_on()}))
    post(context, session::NextLessonStep{});
}

/// Brings what was just said to an answer into sight; a new step begins at its top.
struct LessonScroll {
  std::size_t step = 0;
  std::size_t attempts = 0;
  std::size_t hints = 0;
  bool done = false;
  int frames = 0;  ///< in which the column still goes down: its height is known one frame later
};
void follow_news(PanelContext& context, const lessons::Player& player) {
  constexpr int kFrames = 3;
  LessonScroll& scroll = context.memory.get<LessonScroll>();
  const lessons::StepState& state = player.state();
  if (scroll.step != player.place()) {
    scroll = {player.place(), state.attempts, state.hints, state.done(), 0};
    ImGui::SetScrollY(0.0f);
  } else if (scroll.attempts != state.attempts || scroll.hints != state.hints ||
             scroll.done != state.done()) {
    scroll = {player.place(), state.attempts, state.hints, state.done(), kFrames};
  }
  if (scroll.frames == 0) return;
  --scroll.frames;
  ImGui::SetScrollY(ImGui::GetScrollMaxY());
  context.animating = true;
}

/// Of this step: where the last one had its button says nothing.
LessonHandIn& hand_in_of(PanelContext& context, const lessons::Player& player) {
  LessonHandIn& hand_in = context.memory.get<LessonHandIn>();
  if (hand_in.step != player.place()) hand_in = {};
  hand_in.step = player.place();
  hand_in.pressed = false;
  return hand_in;
}

}  // namespace

Runs LessonColumn::runs(const lessons::LessonText& text, const TextLook& look) const {
  return lesson_runs(context(), text.in(context().catalogue.language()), now, room.scenes(), look);
}
void LessonColumn::paragraph(const lessons::LessonText& text, TextSize size, float gap) const {
  paragraph(runs(text, context().look(size)), gap);
}
void LessonColumn::paragraph(const Runs& words, float gap) const {
  column.y += draw_linked_paragraph(context(), {column.x, column.y}, words, column.width) + gap;
}

LessonDraft& lesson_draft(const LessonColumn& lesson) {
  LessonDraft& draft = lesson.context().memory.get<LessonDraft>();
  const lessons::StepState& state = lesson.player.state();
  const bool same = draft.lesson == lesson.player.lesson().name && draft.step == lesson.player.place() &&
                    draft.attempts <= state.attempts && !(state.attempts == 0 && draft.attempts > 0);
  if (!same) draft = {lesson.player.lesson().name, lesson.player.place(), state.attempts, state.answer, {}};
  draft.attempts = state.attempts;
  if (state.shown && draft.answer.numbers.empty()) draft.answer = state.answer;
  return draft;
}

void draw_lesson_panel(const session::Subject& subject, PanelContext& context) {
  const lessons::Classroom& room = *context.classroom;
  const lessons::Player& player = *room.player();
  const Style& style = context.style;
  context.memory.get<LessonLinks>().count = 0;
  draw_card_background(context);
  Rect content = context.area.inset(style.padding(), style.px(12));
  const auto now = room.moment();
  std::string title;
  if (now) {
    for (const Run& run : lesson_runs(context, player.lesson().title.in(context.catalogue.language()), *now,
                                      room.scenes(), context.look(TextSize::label)))
      title += run.text;
  }
  draw_heading(context, player, title, content.cut_top(style.px(28), style.px(4)));
  draw_steps(context, player, content.cut_top(style.px(16), style.px(8)));
  draw_buttons(context, player, content.cut_bottom(style.px(40), style.px(12)));
  if (!now) return;  // the step's numbers are still being computed
  const lessons::Step& step = player.step();
  // In a card that is wider than a line should be, the figure stands beside the text, as large as it gets.
  const float widest = style.px(kLessonTextWidth) - 2 * style.padding();
  Rect beside;
  if (step.figure && content.width() > widest + style.px(200)) {
    beside = content;
    content = beside.cut_left(std::round(beside.width() * 0.46f), style.px(36));
  } else {
    content.max.x = std::min(content.max.x, content.min.x + widest);
  }
  const float height = content.height();
  LessonHandIn& hand_in = hand_in_of(context, player);
  const float footer = style.px(kLessonHandIn) + style.px(10);
  if (hand_in.below) {
    hand_in.pressed =
        draw_hand_in(context, content.cut_bottom(style.px(kLessonHandIn), style.px(10)), hand_in);
  }
  hand_in.asked = false;
  const float used = draw_scenario_column(subject, context, "lesson", content, [&](ScenarioColumn& column) {
    // Below the figure, the question stays in sight.
    const LessonColumn lesson{column, room, player, *now, height * 0.42f};
    if (room.shows_notes()) draw_notes(lesson);
    if (!step.title.empty()) {
      TextLook look = context.look(TextSize::title, Face::sans_bold);
      lesson.paragraph(lesson.runs(step.title, look), style.px(4));
    }
    lesson.paragraph(step.text, TextSize::label, style.px(12));
    if (step.figure && beside.empty()) draw_lesson_figure(lesson);
    if (step.asks()) draw_lesson_question(lesson);
    follow_news(context, player);
  });
  const bool below = hand_in.asked && used + (hand_in.below ? footer : 0.0f) > height;
  if (below != hand_in.below) context.animating = true;
  hand_in.below = below;
  if (beside.empty()) return;
  draw_scenario_column(subject, context, "lesson figure", beside, [&](ScenarioColumn& column) {
    const float others = style.px(step.figure->slider ? 130 : 50);
    draw_lesson_figure({column, room, player, *now, height - others});
  });
}

}  // namespace attn::ui
