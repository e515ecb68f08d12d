// What a step asks, and what is said to the answer.

#include <fmt/format.h>

#include <algorithm>

#include "app/panels/lesson_bars.h"
#include "app/panels/lesson_panel.h"
#include "app/panels/lesson_words.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

using lessons::Answer;
using session::InLesson;

constexpr PanelId kPanel = PanelId::lesson;

void give(const LessonColumn& lesson, const Answer& answer) {
  lesson.context().post(InLesson{session::GiveLessonAnswer{answer.numbers, answer.text}});
}

/// The button that hands an answer in.
bool hand_in(const LessonColumn& lesson, std::string_view label, bool enabled) {
  PanelContext& context = lesson.context();
  const Style& style = context.style;
  Rect line = lesson.column.take(style.px(38), style.px(10));
  const float width = std::max(button_width(context, label) + style.px(24), style.px(130));
  return button(context, {kPanel, "answer"}, line.cut_left(width), label,
                {.kind = ButtonKind::primary, .enabled = enabled});
}

/// A sign and a line, wrapped beside it.
void marked_line(const LessonColumn& lesson, Colour colour, const Runs& words) {
  PanelContext& context = lesson.context();
  const Style& style = context.style;
  const float indent = style.px(14);
  const float top = lesson.column.y;
  const float height = context.text.draw_paragraph(*context.list, {lesson.column.x + indent, top}, words,
                                                   lesson.column.width - indent);
  context.list->AddRectFilled({lesson.column.x, top + style.px(3)},
                              {lesson.column.x + style.px(4), top + height - style.px(3)}, colour,
                              style.px(2));
  lesson.column.y += height + style.px(8);
}

bool toggled(Answer& answer, std::size_t i, bool several) {
  const auto value = static_cast<double>(i);
  const auto found = std::ranges::find(answer.numbers, value);
  if (found != answer.numbers.end()) {
    if (!several) return false;
    answer.numbers.erase(found);
    return true;
  }
  if (!several) answer.numbers.clear();
  answer.numbers.push_back(value);
  std::ranges::sort(answer.numbers);
  return true;
}

/// One kind of question each.
struct Asked {
  const LessonColumn& lesson;
  LessonDraft& draft;

  PanelContext& context() const { return lesson.context(); }
  const Style& style() const { return lesson.style(); }
  const lessons::StepState& state() const { return lesson.player.state(); }
  bool open() const { return !state().done(); }

  void operator()(const lessons::Predict& question) const {
    const auto named = lessons::named_cell(question.row, lesson.now, lesson.room.scenes());
    if (!named) return;
    const std::vector<std::string>& keys = *lesson.now.document.input().key_tokens();
    if (draft.answer.numbers.size() != keys.size())
      draft.answer.numbers.assign(keys.size(), 1.0 / static_cast<double>(keys.size()));
    PredictedBars bars{keys, &draft.answer.numbers, {}, {}, open()};
    if (!open()) bars.real = lessons::evaluate_list(question.row, lesson.now, lesson.room.scenes());
    for (const lessons::ClassAnswers& one : lesson.room.class_answers()) {
      const auto found = one.answers.find(lesson.step().id);
      if (one.lesson == lesson.player.lesson().name && found != one.answers.end())
        bars.ghosts.push_back(&found->second.numbers);
    }
    // The button below stays in sight where that is possible.
    const float height = std::clamp(context().area.height() * 0.34f, style().px(130), style().px(250));
    draw_predicted_bars(context(), lesson.column.take(height, style().px(10)), bars, draft.dragging);
    if (open() && hand_in(lesson, context().tr("Reveal"), true)) give(lesson, draft.answer);
  }

  void operator()(const lessons::Pick& question) const {
    using What = lessons::Pick::What;
    if (question.what == What::cell) return pick_cell(question);
    const session::Document& document = lesson.now.document;
    const Dimensions& d = document.dimensions();
    std::vector<std::string> labels;
    if (question.what == What::head) {
      for (std::size_t h = 0; h < d.n_heads; ++h) labels.push_back(context().say("head {0}", h + 1));
    } else {
      labels = question.what == What::column ? *document.input().key_tokens() : *document.input().tokens;
    }
    pick_one(labels);
  }

  /// Buttons beside each other, as many as fit in a line.
  void pick_one(const std::vector<std::string>& labels) const {
    Rect line = lesson.column.take(style().control_height(), style().px(8));
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const float width =
          std::min(std::max(button_width(context(), labels[i]), style().px(52)), lesson.column.width);
      if (width > line.width()) line = lesson.column.take(style().control_height(), style().px(8));
      const bool chosen =
          std::ranges::find(draft.answer.numbers, static_cast<double>(i)) != draft.answer.numbers.end();
      if (button(context(), WidgetId(kPanel, "choice").at(i), line.cut_left(width, style().px(8)), labels[i],
                 {.enabled = open(), .chosen = chosen})) {
        draft.answer.numbers = {static_cast<double>(i)};
        give(lesson, draft.answer);
      }
    }
    lesson.column.y += style().px(4);
  }

  void pick_cell(const lessons::Pick& question) const {
    const session::Subject& subject = lesson.column.subject;
    const CellRef& cell = subject.view.selection;
    const bool here = cell.stage == question.stage;
    const Input& input = lesson.now.document.input();
    std::string words(context().tr("Click a cell of the map."));
    if (here && is_score_like(cell.stage) && input.config.attend_over == AttendOver::tokens) {
      words = context().say("Selected: {0} asks, {1} answers", input.tokens->at(cell.row),
                            input.key_tokens()->at(cell.column));
    } else if (here) {
      words = context().say("Selected: row {0}, column {1}", cell.row + 1, cell.column + 1);
    }
    lesson.paragraph(Runs{{words, context().look(TextSize::body, context().colours().ink_muted), 0.0f}},
                     style().px(6));
    if (open() && hand_in(lesson, context().tr("That one"), here))
      give(lesson, {{static_cast<double>(cell.row), static_cast<double>(cell.column)}, {}});
  }

  void operator()(const lessons::Choose& question) const {
    options(question.options, question.several);
    if (open() && hand_in(lesson, question.vote ? context().tr("Vote") : context().tr("Check"),
                          !draft.answer.numbers.empty()))
      give(lesson, draft.answer);
  }
  void operator()(const lessons::Foresee& question) const {
    options(question.options, true);
    if (open() && hand_in(lesson, context().tr("Check"), !draft.answer.numbers.empty()))
      give(lesson, draft.answer);
  }

  void options(const std::vector<lessons::Option>& all, bool several) const {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool chosen =
          std::ranges::find(draft.answer.numbers, static_cast<double>(i)) != draft.answer.numbers.end();
      if (option(i, all[i], chosen, several) && toggled(draft.answer, i, several)) context().animating = true;
    }
    lesson.column.y += style().px(4);
  }

  /// A box with a mark and a text that wraps; all of it can be clicked.
  bool option(std::size_t i, const lessons::Option& option, bool chosen, bool several) const {
    const Theme& theme = context().colours();
    ImDrawList& list = *context().list;
    const float side = style().px(20);
    const float pad = style().px(8);
    const Runs runs = lesson.runs(option.text, context().look(TextSize::body));
    const std::vector<Line> lines =
        context().text.wrap(runs, lesson.column.width - side - 3 * pad -
                                      style().px(lesson.room.class_answers().empty() ? 0 : 44));
    float height = 0.0f;
    for (const Line& line : lines) height += line.height;
    const Rect box = lesson.column.take(std::max(height, side) + pad, style().px(6));
    const WidgetId id = WidgetId(kPanel, "option").at(i);
    const Interaction mouse = interact(context(), id, box, open());
    list.AddRectFilled(box.min, box.max,
                       chosen                    ? theme.accent_soft
                       : mouse.hovered && open() ? theme.box_hover
                                                 : theme.box,
                       style().small_rounding());
    const ImVec2 centre{box.min.x + pad + side / 2,
                        box.min.y + pad / 2 + (lines.empty() ? side : lines[0].height) / 2};
    const Rect mark{{centre.x - side / 2, centre.y - side / 2}, {centre.x + side / 2, centre.y + side / 2}};
    const float rounding = several ? style().px(4) : side / 2;
    list.AddRectFilled(mark.min, mark.max, chosen ? theme.accent : theme.field, rounding);
    list.AddRect(mark.min, mark.max, chosen ? theme.accent : theme.ink_muted, rounding, 0, style().px(1.5f));
    if (chosen) draw_icon(list, mark, Icon::tick, theme.on_accent);
    context().text.draw(list, {box.min.x + side + 2 * pad, box.min.y + pad / 2}, lines);
    draw_class_count(box, i);
    focus_ring(context(), id, box, style().small_rounding());
    return mouse.clicked && open();
  }

  /// How many of a class ticked this one.
  void draw_class_count(const Rect& box, std::size_t i) const {
    std::size_t count = 0;
    for (const lessons::ClassAnswers& one : lesson.room.class_answers()) {
      const auto found = one.answers.find(lesson.step().id);
      if (one.lesson == lesson.player.lesson().name && found != one.answers.end())
        count += static_cast<std::size_t>(std::ranges::count(found->second.numbers, static_cast<double>(i)));
    }
    if (count > 0) {
      context().text.draw_in(*context().list, box.inset(style().px(8), 0),
                             context().look(TextSize::body, context().colours().ink_muted, Face::mono),
                             fmt::format("×{}", count), Align::right);
    }
  }

  void operator()(const lessons::EnterValue&) const {
    if (!open()) {
      lesson.paragraph(Runs{{state().answer.text, context().look(TextSize::title, Face::mono), 0.0f}},
                       style().px(8));
      return;
    }
    Rect line = lesson.column.take(style().px(40), style().px(10));
    const std::string_view label = context().tr("Check");
    const Rect check =
        line.cut_right(std::max(button_width(context(), label), style().px(100)), style().px(10));
    const TextFieldResult typed = text_field(context(), {kPanel, "value"}, line, draft.answer.text,
                                             context().tr("a number, 3/4 or √2"));
    if (typed.commit) draft.answer.text = *typed.commit;
    const bool pressed = button(context(), {kPanel, "answer"}, check, label,
                                {.kind = ButtonKind::primary, .enabled = !draft.answer.text.empty()});
    if ((typed.commit || pressed) && !draft.answer.text.empty()) give(lesson, draft.answer);
  }

  void operator()(const lessons::Strike& question) const {
    excerpt(question);
    if (question.translation.by_language.contains(std::string(context().catalogue.language()))) {
      lesson.paragraph(
          lesson.runs(question.translation, context().look(TextSize::body, context().colours().ink_muted)),
          style().px(10));
    }
    if (open() && hand_in(lesson, context().tr("Check"), !draft.answer.numbers.empty()))
      give(lesson, draft.answer);
  }

  /// The facsimile: lines as they are printed, in which pieces can be struck out.
  void excerpt(const lessons::Strike& question) const {
    const Theme& theme = context().colours();
    ImDrawList& list = *context().list;
    const float pad = style().px(10);
    const float top = lesson.column.y;
    const TextLook look = context().look(TextSize::body, Face::mono);
    const float line_height = std::round(look.px * 1.75f);
    const float left = lesson.column.x + pad;
    const float right = lesson.column.x + lesson.column.width - pad;
    list.ChannelsSplit(2);
    list.ChannelsSetCurrent(1);
    float x = left;
    float y = top + pad;
    std::size_t place = 0;
    for (const lessons::Piece& piece : question.pieces) {
      const bool can = !piece.id.empty();
      const bool struck = can && std::ranges::find(draft.answer.numbers, static_cast<double>(place)) !=
                                     draft.answer.numbers.end();
      draw_piece(piece, can ? std::optional(place) : std::nullopt, struck, look, {left, right, line_height},
                 x, y);
      if (can) ++place;
    }
    y += line_height + pad;
    list.ChannelsSetCurrent(0);
    list.AddRectFilled({lesson.column.x, top}, {lesson.column.x + lesson.column.width, y}, theme.field,
                       style().small_rounding());
    list.AddRect({lesson.column.x, top}, {lesson.column.x + lesson.column.width, y}, theme.field_border,
                 style().small_rounding());
    list.ChannelsMerge();
    lesson.column.y = y + style().px(10);
  }

  struct Page {
    float left;
    float right;
    float line_height;
  };
  void draw_piece(const lessons::Piece& piece, std::optional<std::size_t> place, bool struck,
                  const TextLook& look, const Page& page, float& x, float& y) const {
    const Theme& theme = context().colours();
    std::string_view rest = piece.text;
    bool first = true;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      while (!line.empty()) {
        std::string_view fits = piece_that_fits(line, look, page, x);
        if (fits.empty()) {
          x = page.left;
          y += page.line_height;
          fits = piece_that_fits(line, look, page, x);
          if (fits.empty()) fits = line.substr(0, 1);
        }
        const float width = context().text.measure(look, fits).x;
        const Rect rect{{x, y}, {x + width, y + page.line_height}};
        if (place) draw_strikeable(rect, *place, struck, first);
        TextLook own = look;
        if (struck) own.colour = theme.error;
        context().text.draw(*context().list, {x, y + (page.line_height - look.px) / 2 - style().px(3)}, own,
                            fits);
        if (struck) {
          context().list->AddLine({rect.min.x - style().px(2), rect.centre().y},
                                  {rect.max.x + style().px(2), rect.centre().y}, theme.error,
                                  style().px(2.5f));
        }
        x += width;
        line.remove_prefix(fits.size());
        first = false;
      }
      if (end == rest.size()) return;
      rest.remove_prefix(end + 1);
      x = page.left;
      y += page.line_height;
    }
  }
  /// The bytes of a Chinese comma or full stop at the beginning, which belongs to the line before.
  static std::size_t hanging(std::string_view text) {
    for (const std::string_view mark : {"。", "，", "、", "；", "：", "？", "！", "）", "”"})
      if (text.starts_with(mark)) return mark.size();
    return 0;
  }
  /// As many whole characters as the rest of the line has room for; a word that fits a line is not cut, and
  /// no line begins with a full stop: it hangs over the edge instead.
  std::string_view piece_that_fits(std::string_view line, const TextLook& look, const Page& page,
                                   float x) const {
    if (x + context().text.measure(look, line).x <= page.right) return line;
    const std::string_view fits = whole_characters(line, look, page, x);
    if (fits.empty() && x <= page.left + 1.0f) return fits;
    return line.substr(0, fits.size() + hanging(line.substr(fits.size())));
  }
  std::string_view whole_characters(std::string_view line, const TextLook& look, const Page& page,
                                    float x) const {
    std::size_t best = 0;
    for (std::size_t i = 1; i <= line.size(); ++i) {
      if (i < line.size() && (static_cast<unsigned char>(line[i]) & 0xC0U) == 0x80U) continue;
      if (x + context().text.measure(look, line.substr(0, i)).x > page.right) break;
      const bool breaks = i == line.size() || line[i] == ' ' || line[i - 1] == ' ' || line[i - 1] == ',' ||
                          (static_cast<unsigned char>(line[i]) & 0x80U) != 0 ||
                          (static_cast<unsigned char>(line[i - 1]) & 0x80U) != 0 || x <= page.left + 1.0f;
      if (breaks) best = i;
    }
    return line.substr(0, best);
  }
  void draw_strikeable(const Rect& rect, std::size_t place, bool struck, bool first) const {
    const Theme& theme = context().colours();
    const WidgetId id = WidgetId(kPanel, "piece").at(place, first ? 0 : 1);
    const Interaction mouse = interact(context(), id, rect, open(), style().px(4));
    const Colour back = mouse.hovered && open() ? theme.accent_soft : struck ? theme.error_soft : theme.box;
    context().list->AddRectFilled({rect.min.x - style().px(1), rect.min.y + style().px(2)},
                                  {rect.max.x + style().px(1), rect.max.y - style().px(2)}, back,
                                  style().px(4));
    context().list->AddLine({rect.min.x, rect.max.y - style().px(3)},
                            {rect.max.x, rect.max.y - style().px(3)}, with_alpha(theme.accent, 0.6f),
                            style().px(1.5f));
    if (mouse.clicked && toggled(draft.answer, place, true)) context().animating = true;
  }
};

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
  const lessons::LessonText& ask = step.question ? step.question->ask : step.task->ask;
  lesson.paragraph(lesson.runs(ask, context.look(TextSize::label, Face::sans_bold)), style.px(10));
  if (step.question) {
    std::visit(Asked{lesson, lesson_draft(lesson)}, step.question->kind);
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
