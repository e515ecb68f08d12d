// Questions that are answered by bars, by a place, by a number.

#include <algorithm>

#include "app/panels/lesson_asked.h"
#include "app/panels/lesson_bars.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

/// Buttons beside each other, as many as fit in a line.
void pick_one(const AskedQuestion& asked, const std::vector<std::string>& labels) {
  Rect line = asked.lesson.column.take(asked.style().control_height(), asked.style().px(8));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const float width = std::min(std::max(button_width(asked.context(), labels[i]), asked.style().px(52)),
                                 asked.lesson.column.width);
    if (width > line.width())
      line = asked.lesson.column.take(asked.style().control_height(), asked.style().px(8));
    const bool chosen = asked.is_ticked(i);
    if (button(asked.context(), WidgetId(PanelId::lesson, "choice").at(i),
               line.cut_left(width, asked.style().px(8)), labels[i],
               {.enabled = asked.open(), .chosen = chosen})) {
      asked.draft.answer.numbers = {static_cast<double>(i)};
      asked.give(asked.draft.answer);
    }
  }
  asked.lesson.column.y += asked.style().px(4);
}

void pick_cell(const AskedQuestion& asked, const lessons::Pick& question) {
  const session::Subject& subject = asked.lesson.column.subject;
  const CellRef& cell = subject.view.selection;
  const bool here = cell.stage == question.stage;
  const Input& input = asked.lesson.now.document.input();
  std::string words(asked.context().tr("Click a cell of the map."));
  if (here && is_score_like(cell.stage) && input.config.attend_over == AttendOver::tokens) {
    words = asked.context().say("Selected: {0} asks, {1} answers", input.tokens->at(cell.row),
                                input.key_tokens()->at(cell.column));
  } else if (here) {
    words = asked.context().say("Selected: row {0}, column {1}", cell.row + 1, cell.column + 1);
  }
  asked.lesson.paragraph(
      Runs{{words, asked.context().look(TextSize::body, asked.context().colours().ink_muted), 0.0f}},
      asked.style().px(6));
  if (asked.open() && asked.hand_in(asked.context().tr("That one"), here))
    asked.give({{static_cast<double>(cell.row), static_cast<double>(cell.column)}, {}});
}

}  // namespace

void ask(const AskedQuestion& asked, const lessons::Predict& question) {
  const auto named = lessons::named_cell(question.row, asked.lesson.now, asked.lesson.room.scenes());
  if (!named) return;
  const std::vector<std::string>& keys = *asked.lesson.now.document.input().key_tokens();
  if (asked.draft.answer.numbers.size() != keys.size())
    asked.draft.answer.numbers.assign(keys.size(), 1.0 / static_cast<double>(keys.size()));
  PredictedBars bars{keys, &asked.draft.answer.numbers, {}, {}, asked.open()};
  if (!asked.open())
    bars.real = lessons::evaluate_list(question.row, asked.lesson.now, asked.lesson.room.scenes());
  for (const lessons::ClassAnswers& one : asked.lesson.room.class_answers()) {
    const auto found = one.answers.find(asked.lesson.step().id);
    if (one.lesson == asked.lesson.player.lesson().name && found != one.answers.end())
      bars.ghosts.push_back(&found->second.numbers);
  }
  // The button below stays in sight where that is possible.
  const float height =
      std::clamp(asked.context().area.height() * 0.34f, asked.style().px(130), asked.style().px(250));
  draw_predicted_bars(asked.context(), asked.lesson.column.take(height, asked.style().px(10)), bars,
                      asked.draft.dragging);
  if (asked.open() && asked.hand_in(asked.context().tr("Reveal"), true)) asked.give(asked.draft.answer);
}

void ask(const AskedQuestion& asked, const lessons::Pick& question) {
  using What = lessons::Pick::What;
  if (question.what == What::cell) return pick_cell(asked, question);
  const session::Document& document = asked.lesson.now.document;
  const Dimensions& d = document.dimensions();
  std::vector<std::string> labels;
  if (question.what == What::head) {
    for (std::size_t h = 0; h < d.n_heads; ++h) labels.push_back(asked.context().say("head {0}", h + 1));
  } else {
    labels = question.what == What::column ? *document.input().key_tokens() : *document.input().tokens;
  }
  pick_one(asked, labels);
}

void ask(const AskedQuestion& asked, const lessons::EnterValue&) {
  if (!asked.open()) {
    asked.lesson.paragraph(
        Runs{{asked.state().answer.text, asked.context().look(TextSize::title, Face::mono), 0.0f}},
        asked.style().px(8));
    return;
  }
  Rect line = asked.lesson.column.take(asked.style().px(40), asked.style().px(10));
  const std::string_view label = asked.context().tr("Check");
  const Rect check = line.cut_right(std::max(button_width(asked.context(), label), asked.style().px(100)),
                                    asked.style().px(10));
  const TextFieldResult typed =
      text_field(asked.context(), {PanelId::lesson, "value"}, line, asked.draft.answer.text,
                 asked.context().tr("a number, 3/4 or √2"));
  if (typed.commit) asked.draft.answer.text = *typed.commit;
  const bool pressed = button(asked.context(), {PanelId::lesson, "answer"}, check, label,
                              {.kind = ButtonKind::primary, .enabled = !asked.draft.answer.text.empty()});
  if ((typed.commit || pressed) && !asked.draft.answer.text.empty()) asked.give(asked.draft.answer);
}

}  // namespace attn::ui
