#include "app/panels/attention_scene.h"

#include <fmt/format.h>

#include "app/widgets/formula_names.h"
#include "app/widgets/lock.h"
#include "app/widgets/pipeline.h"
#include "core/io/scenario.h"

namespace attn::ui {

AttentionScene::AttentionScene(const session::Subject& subject, PanelContext& context)
    : subject_(subject),
      context_(context),
      trace_(*subject.trace),
      input_(trace_.input()),
      stage_(trace_.has(subject.view.stage) ? subject.view.stage : Stage::weights),
      head_(shown_head(subject, stage_)),
      shape_(trace_.shape(stage_)),
      cells_{trace_,
             subject.playhead,
             stage_,
             head_,
             colour_scale(subject, stage_, context.colours().kind),
             exact_cells(context, subject)},
      conventions_(conventions_of(context.session.settings())) {}

bool AttentionScene::can_pull(std::size_t row) const {
  if (locks_pull(context_.session, row) || trace_.streams(stage_)) return false;
  switch (stage_) {
    case Stage::scores:
    case Stage::scaled:
    case Stage::biased:
    case Stage::masked:
    case Stage::weights:
    case Stage::head_outputs:
    case Stage::output:
      return subject_.current;
    default:
      return false;
  }
}

const session::PullReport* AttentionScene::pull() const {
  const auto& report = context_.session.pull();
  const bool shown = report && report->target.stage == stage_ && report->target.columns.size() == 1;
  return shown ? &*report : nullptr;
}

CellRef AttentionScene::focus() const {
  const auto inside = [&](const CellRef& c) { return c.row < shape_.rows && c.column < shape_.columns; };
  const auto& hovered = context_.hover.cell;
  if (hovered && is_score_like(hovered->stage) == score_like() && inside(*hovered)) return *hovered;
  const CellRef& selected = view().selection;
  return inside(selected) && selected.stage == stage_ ? selected : cell(0, 0);
}

std::string AttentionScene::row_name(std::size_t row) const {
  return name_of(row_word(input_, stage_, row), row, features());
}

std::string AttentionScene::column_name(std::size_t column) const {
  return name_of(column_word(input_, stage_, column), column, true);
}

std::string AttentionScene::name_of(std::string_view word, std::size_t i, bool feature) const {
  if (!word.empty()) return std::string(word);
  const auto& names = subject_.document.scenario().feature_names;
  const bool of_x = stage_ == Stage::x || stage_ == Stage::x_position || (features() && score_like());
  if (feature && of_x && names && i < names->size()) return (*names)[i];
  return fmt::format("{}", i + 1);
}

Colour AttentionScene::row_colour() const {
  return score_like() && !features() ? context_.colours().q : context_.colours().ink;
}

Colour AttentionScene::column_colour() const {
  return score_like() && !features() ? context_.colours().k : context_.colours().ink_muted;
}

}  // namespace attn::ui
