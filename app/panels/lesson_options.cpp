// Questions that are answered by ticking.

#include <fmt/format.h>

#include <algorithm>

#include "app/panels/lesson_asked.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

/// How many of a class ticked this one.
void draw_class_count(const AskedQuestion& asked, const Rect& box, std::size_t i) {
  std::size_t count = 0;
  for (const lessons::ClassAnswers& one : asked.lesson.room.class_answers()) {
    const auto found = one.answers.find(asked.lesson.step().id);
    if (one.lesson == asked.lesson.player.lesson().name && found != one.answers.end())
      count += static_cast<std::size_t>(std::ranges::count(found->second.numbers, static_cast<double>(i)));
  }
  if (count > 0) {
    asked.context().text.draw_in(
        *asked.context().list, box.inset(asked.style().px(8), 0),
        asked.context().look(TextSize::body, asked.context().colours().ink_muted, Face::mono),
        fmt::format("×{}", count), Align::right);
  }
}

/// A box with a mark and a text that wraps; all of it can be clicked.
bool draw_option(const AskedQuestion& asked, std::size_t i, const lessons::Option& option, bool chosen,
                 bool several) {
  const Theme& theme = asked.context().colours();
  ImDrawList& list = *asked.context().list;
  const float side = asked.style().px(20);
  const float pad = asked.style().px(8);
  const Runs runs = asked.lesson.runs(option.text, asked.context().look(TextSize::body));
  const std::vector<Line> lines = asked.context().text.wrap(
      runs, asked.lesson.column.width - side - 3 * pad -
                asked.style().px(asked.lesson.room.class_answers().empty() ? 0 : 44));
  float height = 0.0f;
  for (const Line& line : lines) height += line.height;
  const Rect box = asked.lesson.column.take(std::max(height, side) + pad, asked.style().px(6));
  const WidgetId id = WidgetId(PanelId::lesson, "option").at(i);
  const Interaction mouse = interact(asked.context(), id, box, asked.open());
  list.AddRectFilled(box.min, box.max,
                     chosen                          ? theme.accent_soft
                     : mouse.hovered && asked.open() ? theme.box_hover
                                                     : theme.box,
                     asked.style().small_rounding());
  const ImVec2 centre{box.min.x + pad + side / 2,
                      box.min.y + pad / 2 + (lines.empty() ? side : lines[0].height) / 2};
  const Rect mark{{centre.x - side / 2, centre.y - side / 2}, {centre.x + side / 2, centre.y + side / 2}};
  const float rounding = several ? asked.style().px(4) : side / 2;
  list.AddRectFilled(mark.min, mark.max, chosen ? theme.accent : theme.field, rounding);
  list.AddRect(mark.min, mark.max, chosen ? theme.accent : theme.ink_muted, rounding, 0,
               asked.style().px(1.5f));
  if (chosen) draw_icon(list, mark, Icon::tick, theme.on_accent);
  asked.context().text.draw(list, {box.min.x + side + 2 * pad, box.min.y + pad / 2}, lines);
  draw_class_count(asked, box, i);
  focus_ring(asked.context(), id, box, asked.style().small_rounding());
  return mouse.clicked && asked.open();
}

void draw_options(const AskedQuestion& asked, const std::vector<lessons::Option>& all, bool several) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool chosen = asked.is_ticked(i);
    if (draw_option(asked, i, all[i], chosen, several)) asked.toggle(i, several);
  }
  asked.lesson.column.y += asked.style().px(4);
}

}  // namespace

void ask(const AskedQuestion& asked, const lessons::Choose& question) {
  draw_options(asked, question.options, question.several);
  if (asked.open() && asked.hand_in(question.vote ? asked.context().tr("Vote") : asked.context().tr("Check"),
                                    !asked.draft.answer.numbers.empty()))
    asked.give(asked.draft.answer);
}
void ask(const AskedQuestion& asked, const lessons::Foresee& question) {
  draw_options(asked, question.options, true);
  if (asked.open() && asked.hand_in(asked.context().tr("Check"), !asked.draft.answer.numbers.empty()))
    asked.give(asked.draft.answer);
}

}  // namespace attn::ui
