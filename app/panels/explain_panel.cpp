#include <algorithm>

#include "app/panels/explain_parts.h"
#include "app/panels/reason_panel.h"
#include "app/widgets/formula_explainer.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/stand_in_note.h"
#include "core/io/scenario.h"

namespace attn::ui {
namespace {

constexpr std::size_t kMostSteps = 14;

/// An output by heads, where the attention card does not show that already.
void draw_parts(ExplainView& view) {
  const session::Subject& subject = view.subject;
  const Stage shown = subject.view.stage;
  if (subject.trace == nullptr || !subject.current || !has_head_parts(*subject.trace)) return;
  if (shown == Stage::output || shown == Stage::concat) return;
  const std::size_t head = std::min(subject.view.head, subject.trace->dimensions().n_heads - 1);
  const float height = height_of_head_parts(view.context, *subject.trace, view.area.width());
  draw_head_parts(view.context, PanelId::explain, *subject.trace, view.cell.row, view.cell.column, head,
                  {{view.area.min.x, view.y}, {view.area.max.x, view.y + height}}, view.memory.parts);
  view.y += height + view.style().px(6);
}

void draw_all(ExplainView& view) {
  draw_explain_trail(view);
  draw_explained_number(view);
  if (!view.subject.playhead.computed(view.cell)) {
    view.paragraph(view.context.tr("Not computed yet: step forward."), view.colours().ink_muted);
    return;
  }
  std::vector<ExplainStep> steps = explain_steps(view.explainer, view.cell, kMostSteps);
  for (const session::ExplainPath& path : view.subject.view.explain_open) {
    if (const auto node = node_at(view.explainer, view.cell, path))
      steps.insert(steps.end() - 1, {*node, path, true});
  }
  for (std::size_t i = 0; i < steps.size(); ++i) draw_explain_step(view, steps[i], i, i + 1 == steps.size());
  draw_hiding_masks(view);
  if (view.cell.stage == Stage::weights || view.cell.stage == Stage::dropped) draw_effects(view);
  if (view.cell.stage == Stage::output) draw_parts(view);
}

}  // namespace

ExplainView::ExplainView(const session::Subject& subject_of, PanelContext& context_of,
                         Explainer& explainer_of, ExplainMemory& memory_of, const Rect& area_of)
    : subject(subject_of),
      context(context_of),
      explainer(explainer_of),
      memory(memory_of),
      area(area_of),
      y(area_of.min.y),
      input(subject_of.document.input()),
      cell(subject_of.view.explained()),
      decimals(context_of.session.settings().decimals),
      exact(context_of.session.settings().exact_numbers
                ? &context_of.memory.get<ExplainerCache>().exact_of(subject_of.document)
                : nullptr),
      conventions(conventions_of(context_of.session.settings())) {
  if (const auto& names = subject.document.scenario().feature_names) features = *names;
  if (memory.shown == cell) return;
  memory.shown = cell;
  memory.pages.clear();
  memory.effects = 0;
}

void ExplainView::paragraph(std::string_view text, Colour colour) {
  y += context.text.draw_paragraph(*context.list, {area.min.x, y}, context.look(TextSize::body, colour), text,
                                   area.width());
  y += style().px(6);
}

StepOptions ExplainView::step_options() const {
  StepOptions options;
  options.decimals = decimals;
  options.exact = exact;
  options.conventions = conventions;
  options.features = features;
  return options;
}

Formula ExplainView::symbol_of(const CellRef& of) const {
  return cell_symbol(of, true, conventions, feature_name(input, features, of));
}

std::string ExplainView::symbol_text(const CellRef& of) const {
  return cell_symbol_text(of, conventions, feature_name(input, features, of));
}

void draw_explanation(const session::Subject& subject, PanelContext& context, const Rect& area_of_tab) {
  const Style& style = context.style;
  Rect content = area_of_tab;
  ExplainMemory& memory = context.memory.get<ExplainMemory>();
  Explainer& explainer = context.memory.get<ExplainerCache>().of(subject.document);
  // The scroll bar stands in the padding; a little room keeps focus rings whole.
  const float ring = style.px(5);
  draw_stand_in_note(context, subject.document, subject.view.explained().stage, content);
  ImGui::SetCursorScreenPos({content.min.x - ring, content.min.y - ring});
  ImGui::BeginChild("explanation",
                    {content.width() + ring + style.padding() - style.px(3), content.height() + 2 * ring},
                    false, ImGuiWindowFlags_NoNav);
  PanelContext inner = context;
  inner.list = ImGui::GetWindowDrawList();
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const Rect area{add(origin, {ring, ring}),
                  {origin.x + ring + content.width(), origin.y + ring + content.height()}};
  ExplainView view(subject, inner, explainer, memory, area);
  draw_all(view);
  // Tells ImGui how far the contents reach, for scrolling.
  ImGui::SetCursorScreenPos({area.min.x, view.y - 1.0f});
  ImGui::Dummy({1, 1});
  ImGui::EndChild();
}

}  // namespace attn::ui
