#include "app/panels/lesson_pick.h"

#include "app/panels/lesson_panel.h"
#include "app/widgets/pipeline.h"

namespace attn::ui {
namespace {

using lessons::Answer;

/// What a widget stands for, as far as it says.
struct Meant {
  std::optional<std::size_t> query;  ///< a word that asks
  std::optional<std::size_t> key;    ///< a word that answers
  std::optional<std::size_t> head;
  std::optional<CellRef> cell;
};

/// A row of vectors belongs to a word on one side, or to the same word on both.
Meant row_of_vectors(Stage stage, std::size_t row, bool one_sequence) {
  Meant meant;
  if (one_sequence || !rows_are_keys(stage)) meant.query = row;
  if (one_sequence || rows_are_keys(stage)) meant.key = row;
  return meant;
}

Meant meaning_of(const WidgetId& id, const Input& input) {
  const bool one = !input.source.has_value();
  const std::string_view kind = id.kind.text;
  const auto query = [&] { return Meant{id.row, one ? id.row : std::nullopt, {}, {}}; };
  const auto key = [&] { return Meant{one ? id.row : std::nullopt, id.row, {}, {}}; };
  if (id.panel == PanelId::scenario) {
    if (kind == "word") return query();
    if (kind == "source_word") return key();
    if (kind == "head_map") return {{}, {}, id.head, {}};
    return {};
  }
  if (!id.row) return {};
  if (id.panel == PanelId::vectors) {
    if (kind == "arrow" && id.stage) return row_of_vectors(*id.stage, *id.row, one);
    return {};
  }
  if (id.panel != PanelId::heatmap && id.panel != PanelId::pipeline) return {};
  if (kind == "line_query" || kind == "asking_word") return query();
  if (kind == "line_key" || kind == "word") return key();
  if (!id.stage || input.config.attend_over == AttendOver::features) return {};
  const bool scores = is_score_like(*id.stage);
  if (kind == "row_name") return scores ? query() : row_of_vectors(*id.stage, *id.row, one);
  if (kind == "column_name") return scores ? key() : Meant{};
  if (kind != "cell" || !id.column) return {};
  Meant meant = scores ? Meant{} : row_of_vectors(*id.stage, *id.row, one);
  meant.cell = CellRef{*id.stage, id.head.value_or(0), *id.row, *id.column};
  return meant;
}

Answer at_place(std::size_t i) { return {{static_cast<double>(i)}, {}}; }

}  // namespace

std::optional<Answer> picked_by(const WidgetId& chosen, const lessons::Pick& question,
                                const session::Document& document) {
  const Meant meant = meaning_of(chosen, document.input());
  const bool table = meant.cell && is_score_like(meant.cell->stage);
  switch (question.what) {
    case session::Pickable::token:
      return meant.query ? std::optional(at_place(*meant.query)) : std::nullopt;
    case session::Pickable::row:
      if (table) return at_place(meant.cell->row);
      return meant.query ? std::optional(at_place(*meant.query)) : std::nullopt;
    case session::Pickable::column:
      if (table) return at_place(meant.cell->column);
      return meant.key ? std::optional(at_place(*meant.key)) : std::nullopt;
    case session::Pickable::head:
      return meant.head ? std::optional(at_place(*meant.head)) : std::nullopt;
    case session::Pickable::cell:
      if (!meant.cell || meant.cell->stage != question.stage) return std::nullopt;
      return Answer{{static_cast<double>(meant.cell->row), static_cast<double>(meant.cell->column)}, {}};
  }
  return std::nullopt;
}

void answer_by_choice(PanelContext& context, const lessons::Player& player) {
  const lessons::Step& step = player.step();
  const auto* const pick = step.question ? std::get_if<lessons::Pick>(&step.question->kind) : nullptr;
  if (pick == nullptr || player.state().done()) return;
  for (const WidgetId& chosen : context.widgets.chosen()) {
    const auto answer = picked_by(chosen, *pick, context.session.document());
    if (!answer) continue;
    context.memory.get<LessonDraft>().answer = *answer;
    context.post(session::InLesson{session::GiveLessonAnswer{answer->numbers, answer->text}});
    return;
  }
}

}  // namespace attn::ui
