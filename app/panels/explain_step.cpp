// One step of an explanation: its title, its arithmetic, and what a click on each number does.

#include <fmt/format.h>

#include <algorithm>

#include "app/panels/explain_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/mask_layers.h"
#include "app/widgets/pipeline.h"

namespace attn::ui {
namespace {

constexpr std::size_t kTermsOnAPage = 6;

StepWords words(const ExplainView& view, const ExplainNode& node) {
  std::string hidden(view.context.tr("hidden by the mask"));
  if (node.cell && node.cell->stage == Stage::masked)
    hidden = hidden_words(view.context, view.input.config.mask, node.cell->row, node.cell->column);
  return {std::move(hidden), std::string(view.context.tr("nothing to share")),
          std::string(view.context.tr("removed by dropout"))};
}

/// q₁·k₃ before the products of a raw score.
Formula left_side(const ExplainView& view, const ExplainNode& node, std::string_view sign) {
  if (!node.cell || node.cell->stage != Stage::scores || view.input.config.score != Score::dot ||
      view.input.config.attend_over == AttendOver::features) {
    return {};
  }
  const bool rope = present(Stage::q_rotated, view.input);
  const CellRef q{rope ? Stage::q_rotated : Stage::q, 0, node.cell->row, 0};
  const CellRef k{rope ? Stage::k_rotated : Stage::k, 0, node.cell->column, 0};
  return row({score_product(cell_symbol(q, false, view.conventions), cell_symbol(k, false, view.conventions),
                            view.conventions),
              word(" " + std::string(sign) + " ")});
}

/// The page of a sum that is read first: in a row of an identity, that of the one factor that is not 0.
std::size_t first_page(const ExplainView& view, const ExplainNode& sum) {
  const ExplainNode term = view.explainer.child(sum, 0);
  if (term.role != Role::term || term.n_children < 2) return 0;
  const ExplainNode factor = view.explainer.child(term, 1);
  if (!factor.parameter || view.input.parameters[factor.parameter->id]) return 0;
  return factor.parameter->column / kTermsOnAPage * kTermsOnAPage;
}

std::size_t& page_of(ExplainView& view, const ExplainNode& sum, std::size_t step) {
  auto& pages = view.memory.pages;
  if (pages.size() <= step) pages.resize(step + 1);
  if (!pages[step]) pages[step] = first_page(view, sum);
  return *pages[step];
}

void draw_step_buttons(ExplainView& view, const ExplainStep& step, std::size_t index, bool long_sum,
                       Rect& title) {
  const float side = title.height();
  if (step.opened &&
      icon_button(view.context, WidgetId(PanelId::explain, "close").at(index),
                  title.cut_right(side, view.style().px(4)), Icon::close, {ButtonKind::quiet})) {
    view.context.post(session::ExplainClose{step.path});
  }
  if (!long_sum) return;
  std::size_t& first = page_of(view, step.node, index);
  const std::size_t count = step.node.n_children;
  ButtonOptions options;
  options.kind = ButtonKind::quiet;
  options.enabled = first + kTermsOnAPage < count;
  if (icon_button(view.context, WidgetId(PanelId::explain, "next_terms").at(index),
                  title.cut_right(side * 1.2f, view.style().px(2)), Icon::step_forward, options)) {
    first += kTermsOnAPage;
  }
  options.enabled = first > 0;
  if (icon_button(view.context, WidgetId(PanelId::explain, "previous_terms").at(index),
                  title.cut_right(side * 1.2f, view.style().px(4)), Icon::step_back, options)) {
    first -= std::min(first, kTermsOnAPage);
  }
  const TextLook look = view.context.look(TextSize::small, view.colours().ink_muted);
  const std::string place =
      view.context.say("{first}–{last} of {count}", fmt::arg("first", first + 1),
                       fmt::arg("last", std::min(first + kTermsOnAPage, count)), fmt::arg("count", count));
  view.context.text.draw_in(*view.context.list,
                            title.cut_right(view.context.text.measure(look, place).x + view.style().px(4)),
                            look, place, Align::right);
}

/// Every number of a step can be asked about in turn.
void use_numbers(ExplainView& view, const ExplainStep& step, const StepLine& line, std::size_t index,
                 const std::vector<FormulaHit>& hits) {
  for (const FormulaHit& hit : hits) {
    const ExplainNode& node = line.nodes[hit.tag];
    const std::optional<CellRef> target = target_of(view.explainer, node);
    const bool leads = target && *target != view.cell;
    const bool opens = !node.cell && !target && node.n_children > 0 && !node.parameter;
    if (!leads && !opens && !node.parameter) continue;
    const WidgetId id = WidgetId(PanelId::explain, "number").at(index, hit.tag);
    const Rect rect = hit.rect.inset(-view.style().px(1), -view.style().px(1));
    const Interaction use = interact(view.context, id, rect, leads || opens, view.style().px(3));
    if (node.parameter) continue;
    if (use.hovered) {
      view.context.list->AddLine({rect.min.x, rect.max.y}, rect.max, view.colours().accent,
                                 view.style().px(2));
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      if (target) {
        view.context.hover_next = hover_of(view.input, *target);
        tooltip(view.context, view.symbol_text(*target) + ": " + view.sentence(*target));
      } else {
        tooltip(view.context, step_title(view.context, view.input, node));
      }
    }
    if (!use.clicked) continue;
    if (leads) {
      view.context.post(session::ExplainFollow{*target});
    } else {
      session::ExplainPath path = step.path;
      path.insert(path.end(), line.paths[hit.tag].begin(), line.paths[hit.tag].end());
      view.context.post(session::ExplainOpen{path});
    }
  }
}

}  // namespace

void draw_explain_step(ExplainView& view, const ExplainStep& step, std::size_t index, bool last) {
  const Theme& theme = view.colours();
  StepOptions options = view.step_options();
  options.max_terms = kTermsOnAPage;
  const bool long_sum = step.node.operation == Operation::sum && step.node.n_children > kTermsOnAPage;
  if (long_sum) options.first_term = page_of(view, step.node, index);
  const StepLine line = step_line(view.explainer, step.node, words(view, step.node), options);
  const Formula all = row({left_side(view, step.node, line.lead_sign), line.formula});
  const float pad = view.style().px(10);
  const float width = view.area.width() - 2 * pad;
  float px = view.style().text(TextSize::body);
  if (measure(all, view.context.text, px).width > width &&
      measure(all, view.context.text, px * 0.9f).width <= width)
    px *= 0.9f;
  const std::vector<Formula> lines = break_lines(all, view.context.text, px, width);
  const float title_height = view.style().px(25);
  float height = title_height + view.style().px(4);
  std::vector<FormulaBox> boxes;
  for (const Formula& f : lines) {
    boxes.push_back(measure(f, view.context.text, px));
    height += std::max(boxes.back().height(), px * 1.3f);
  }
  const Rect box{{view.area.min.x, view.y}, {view.area.max.x, view.y + height + view.style().px(4)}};
  view.context.list->AddRectFilled(box.min, box.max, theme.box, view.style().small_rounding());
  if (last) {
    view.context.list->AddRect(box.min, box.max, theme.accent, view.style().small_rounding(), 0,
                               view.style().px(2));
  }
  view.context.widgets.add(WidgetId(PanelId::explain, "step").at(index), box, Focusable::no);
  Rect title{{box.min.x + pad, box.min.y + view.style().px(4)}, {box.max.x - pad, box.min.y + title_height}};
  draw_step_buttons(view, step, index, long_sum, title);
  view.context.text.draw_in(*view.context.list, title, view.context.look(TextSize::body, theme.ink_muted),
                            fmt::format("{} {}", index + 1, step_title(view.context, view.input, step.node)));
  float y = box.min.y + title_height + view.style().px(2);
  std::vector<FormulaHit> hits;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const float line_height = std::max(boxes[i].height(), px * 1.3f);
    const float baseline = y + (line_height + boxes[i].ascent - boxes[i].descent) / 2;
    ui::draw(*view.context.list, lines[i], view.context.text, px, formula_colours(theme),
             {box.min.x + pad, baseline}, &hits);
    y += line_height;
  }
  use_numbers(view, step, line, index, hits);
  view.y = box.max.y + view.style().px(6);
}

}  // namespace attn::ui
