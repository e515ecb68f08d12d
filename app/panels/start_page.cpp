// The start page of the course: routes through it, and every lesson with its minutes and how far one is.

#include <algorithm>
#include <array>

#include "app/lessons/classroom.h"
#include "app/lessons/course.h"
#include "app/panels/lesson_words.h"
#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/pick_list.h"

namespace attn::ui {
namespace {

const WidgetId kLessonList{PanelId::dialog, "lesson"};

struct StartMemory {
  std::size_t route = 0;  ///< 0: all lessons
  PickListMemory list;
};

/// A text that belongs to no step: titles and teacher's notes.
Runs words(const PanelContext& context, const lessons::Lesson& lesson, const lessons::LessonText& text,
           const TextLook& look) {
  return lesson_runs(context, text.in(context.catalogue.language()), {*lesson.scenario, nullptr},
                     context.classroom->scenes(), look);
}

std::vector<std::shared_ptr<const lessons::Lesson>> lessons_of(std::size_t route) {
  if (route == 0) return lessons::builtin_lessons();
  std::vector<std::shared_ptr<const lessons::Lesson>> found;
  for (const std::string& name : lessons::routes()[route - 1].lessons)
    found.push_back(lessons::builtin_lesson(name));
  return found;
}

std::string route_title(const PanelContext& context, const lessons::Route& route) {
  if (route.minutes) return context.say("{0} minutes", *route.minutes);
  std::string title;
  for (const lessons::TextPart& part : route.title.in(context.catalogue.language())) title += part.text;
  return title;
}

void draw_lesson(PanelContext& context, const Rect& rect, const lessons::Lesson& lesson, std::size_t number) {
  const Style& style = context.style;
  const Theme& theme = context.colours();
  Rect line = rect.inset(style.px(12), 0);
  const Rect end = line.cut_right(style.px(150), style.px(10));
  context.text.draw_in(*context.list, line.cut_left(style.px(34), style.px(8)),
                       context.look(TextSize::label, theme.ink_muted), std::to_string(number), Align::right);
  const Runs title = words(context, lesson, lesson.title, context.look(TextSize::label, Face::sans_bold));
  context.text.draw_in(*context.list, line, context.text.ellipsis(title, line.width()));

  const auto& all = context.classroom->progress().lessons;
  const auto progress = all.find(lesson.name);
  const float done =
      progress == all.end() || progress->second.asking == 0
          ? 0.0f
          : static_cast<float>(progress->second.done) / static_cast<float>(progress->second.asking);
  Rect bar = end;
  context.text.draw_in(*context.list, bar.cut_right(style.px(86)),
                       context.look(TextSize::body, theme.ink_muted), context.say("{0} min", lesson.minutes),
                       Align::right);
  const Rect track{{bar.min.x, bar.centre().y - style.px(4)},
                   {bar.max.x - style.px(6), bar.centre().y + style.px(4)}};
  context.list->AddRectFilled(track.min, track.max, theme.track, style.px(4));
  if (done > 0.0f) {
    context.list->AddRectFilled(track.min, {track.min.x + track.width() * done, track.max.y}, theme.accent,
                                style.px(4));
  }
}

/// What a lesson is about, for who teaches it.
void draw_about(PanelContext& context, Rect area, const lessons::Lesson& lesson) {
  const Style& style = context.style;
  const Theme& theme = context.colours();
  context.list->AddRectFilled(area.min, area.max, theme.box, style.small_rounding());
  area = area.inset(style.px(16), style.px(14));
  float y = area.min.y;
  const auto paragraph = [&](const Runs& runs, float gap) {
    y += context.text.draw_paragraph(*context.list, {area.min.x, y}, runs, area.width()) + gap;
  };
  paragraph(words(context, lesson, lesson.title, context.look(TextSize::title, Face::sans_bold)),
            style.px(4));
  const auto asking = std::ranges::count_if(lesson.steps, &lessons::Step::asks);
  paragraph(
      {{context.say("{0} min · {1} steps, {2} of them ask you", lesson.minutes, lesson.steps.size(), asking),
        context.look(TextSize::body, theme.ink_muted), 0.0f}},
      style.px(12));
  const auto note = [&](std::string_view heading, const lessons::LessonText& text) {
    paragraph({{std::string(heading), context.look(TextSize::body, theme.accent, Face::sans_bold), 0.0f}},
              0.0f);
    paragraph(words(context, lesson, text, context.look(TextSize::body)), style.px(10));
  };
  note(context.tr("Goal"), lesson.goal);
  note(context.tr("Usual wrong answer"), lesson.usual_wrong_answer);
  note(context.tr("Ask the class"), lesson.ask_the_class);
}

}  // namespace

void draw_start_page(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  StartMemory& memory = outer.memory.get<StartMemory>();
  if (outer.memory.get<DialogBegun>().begun) {
    memory.list.restart();
    const auto found = std::ranges::find(lessons::builtin_lessons(), outer.classroom->progress().last,
                                         [](const auto& lesson) { return lesson->name; });
    if (memory.route == 0 && found != lessons::builtin_lessons().end())
      memory.list.cursor = static_cast<std::size_t>(found - lessons::builtin_lessons().begin());
  }
  Sheet sheet(outer, window,
              {.size = {style.px(1180), style.px(760)},
               .heading = outer.tr("Lessons"),
               .subheading = outer.tr("done, not watched: predict, drag, pull, compute, find mistakes")});
  PanelContext& context = sheet.context;
  Rect content = sheet.content;
  Rect top = content.cut_top(style.control_height(), style.px(12));
  const std::array<std::string_view, 2> answers = {context.tr("Cancel"), context.tr("Begin")};
  const float buttons = button_width(context, answers[0]) + button_width(context, answers[1]) + style.px(60);
  const Rect place = top.cut_right(buttons, style.px(12));

  std::vector<std::string> titles = {std::string(context.tr("All lessons"))};
  for (const lessons::Route& route : lessons::routes()) titles.push_back(route_title(context, route));
  const std::vector<std::string_view> labels(titles.begin(), titles.end());
  if (const auto picked = segmented(context, {PanelId::dialog, "route"}, top, labels, memory.route)) {
    memory.route = *picked;
    memory.list.restart();
  }
  const auto lessons = lessons_of(memory.route);
  const Rect about = content.cut_right(std::round(content.width() * 0.38f), style.px(16));
  PickListOptions options;
  options.count = lessons.size();
  options.row_height = style.px(38);
  const PickListResult result = pick_list(
      context, kLessonList, content, options, memory.list,
      [&](std::size_t i, const Rect& rect, bool, bool) { draw_lesson(context, rect, *lessons[i], i + 1); });
  const std::size_t chosen = std::min(memory.list.cursor, lessons.size() - 1);
  draw_about(context, about, *lessons[chosen]);
  const auto answer = draw_answers(context, place, answers, 1);
  if (answer == 0 || key_pressed(session::Key::escape)) context.post(session::CloseDialog{});
  // Enter is for the lesson under the cursor, unless a button has it.
  const bool entered = key_pressed(session::Key::enter) && !context.widgets.focused();
  if (answer == 1 || result.opened || entered) {
    const std::size_t which = result.opened.value_or(chosen);
    context.post(session::InLesson{session::OpenLesson{lessons[which]->name}});
  }
}

}  // namespace attn::ui
