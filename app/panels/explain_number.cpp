// The upper end of an explanation: which cells were asked about, and the number itself.

#include <fmt/format.h>

#include <algorithm>

#include "app/panels/explain_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/exact_format.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/formula_signs.h"
#include "app/widgets/heatmap.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

/// "W_Q is the identity", with the letter as formulas write it; empty where the parameter is given.
Formula identity_remark(const ExplainView& view) {
  const std::optional<ParameterId> parameter = projected_with(view.cell.stage, view.input);
  if (!parameter || view.input.parameters[*parameter]) return {};
  const std::string_view message = view.context.tr("{parameter} is the identity");
  constexpr std::string_view kPlace = "{parameter}";
  const std::size_t at = message.find(kPlace);
  if (at == std::string_view::npos) return word(std::string(message), Ink::quiet);
  return row({word(std::string(message.substr(0, at)), Ink::quiet), parameter_letter(*parameter),
              word(std::string(message.substr(at + kPlace.size())), Ink::quiet)});
}

/// q₁ = x₁ W_Q, or S = Q Kᵀ: where the vector or the matrix comes from.
void draw_origin(ExplainView& view) {
  const Formula formula = row_formula(view.input, view.cell, view.conventions);
  if (formula.empty()) return;
  const auto line = [&](const Formula& what, float px, float x) {
    const FormulaBox box = measure(what, view.context.text, px);
    ui::draw(*view.context.list, what, view.context.text, px, formula_colours(view.colours()),
             {x, view.y + box.ascent});
    return box;
  };
  const float px = view.style().text(TextSize::label);
  const float small = view.style().text(TextSize::body);
  const Formula remark = identity_remark(view);
  const FormulaBox box = measure(formula, view.context.text, px);
  const FormulaBox beside = measure(remark, view.context.text, small);
  const float gap = view.style().px(14);
  line(formula, px, view.area.min.x);
  if (!remark.empty() && box.width + gap + beside.width <= view.area.width()) {
    const float top = view.y;
    view.y += box.ascent - beside.ascent;
    line(remark, small, view.area.min.x + box.width + gap);
    view.y = top;
  } else if (!remark.empty()) {
    view.y += box.height() + view.style().px(2);
    line(remark, small, view.area.min.x);
  }
  view.y += box.height() + view.style().px(8);
}

/// One cell of the trail as a button; what was asked after it is left by a click.
void draw_crumb(ExplainView& view, std::size_t i, const Rect& rect, const std::string& name) {
  const auto& trail = view.subject.view.explain_trail;
  const bool selected = i == 0;
  const std::string tip =
      (selected ? std::string(view.context.tr("the selected cell")) + ": " : std::string()) +
      view.sentence(trail[i]);
  ButtonOptions options;
  options.kind = ButtonKind::quiet;
  options.chosen = i + 1 == trail.size();
  options.tooltip = tip;
  if (button(view.context, WidgetId(PanelId::explain, "crumb").at(i), rect, name, options)) {
    for (std::size_t k = i + 1; k < trail.size(); ++k) view.context.post(session::ExplainBack{});
  }
  // Framed as it is in the map.
  if (selected) {
    draw_selection_frame(*view.context.list, view.style(), rect.inset(view.style().px(2), view.style().px(3)),
                         view.style().small_rounding());
  }
}

}  // namespace

void draw_explain_trail(ExplainView& view) {
  const auto& trail = view.subject.view.explain_trail;
  if (trail.empty()) return;
  const Style& style = view.style();
  Rect line{{view.area.min.x, view.y}, {view.area.max.x, view.y + style.px(32)}};
  view.y += style.px(40);
  ButtonOptions back;
  back.tooltip = view.context.tr("Back");
  if (icon_button(view.context, {PanelId::explain, "back"}, line.cut_left(style.px(36), style.px(6)),
                  Icon::back, back)) {
    view.context.post(session::ExplainBack{});
  }
  std::vector<std::string> names;
  std::vector<float> widths;
  for (const CellRef& cell : trail) {
    names.push_back(view.symbol_text(cell));
    widths.push_back(button_width(view.context, names.back()));
  }
  const float gap = style.px(20);
  const auto sign = [&](std::string_view text) {
    view.context.text.draw_in(*view.context.list, line.cut_left(gap),
                              view.context.look(TextSize::body, view.colours().ink_muted), text,
                              Align::centre);
  };
  // The selected cell and the newest always have room; those between them leave, the oldest first.
  const float room = line.width() - widths.front() - gap;
  std::size_t first = trail.size() - 1;
  float used = trail.size() > 1 ? widths.back() : 0.0f;
  while (first > 1 && used + widths[first - 1] + gap + (first > 2 ? 2 * gap : 0.0f) <= room)
    used += widths[--first] + gap;
  draw_crumb(view, 0, line.cut_left(std::min(widths[0], line.width() / 2)), names[0]);
  if (trail.size() == 1) return;
  if (first > 1) {
    sign("›");
    sign("…");
  }
  for (std::size_t i = first; i < trail.size(); ++i) {
    sign("›");
    draw_crumb(view, i, line.cut_left(std::min(widths[i], line.width())), names[i]);
  }
}

void draw_explained_number(ExplainView& view) {
  const bool known = view.subject.playhead.computed(view.cell);
  const ExplainNode node = view.explainer.cell(view.cell);
  const std::optional<Exact> exact = known ? shown_exactly(view.exact, node) : std::nullopt;
  std::string value = known ? format_number(node.value, view.decimals) : "?";
  std::string sign = known ? std::string(value_sign(view.explainer, node, view.step_options())) : "=";
  if (!exact && (value.starts_with('<') || value.starts_with('>'))) {
    sign = value.substr(0, 1);
    value.erase(0, 1);
  }
  float px = view.style().text(TextSize::focus);
  Formulas parts = {view.symbol_of(view.cell), word(" " + sign + " ")};
  if (exact) parts.push_back(exact_formula(*exact, Ink::text));
  const Formula formula = row(std::move(parts));
  const auto look = [&] { return TextLook{Face::sans_bold, px * 0.95f, view.colours().ink}; };
  const auto value_width = [&] { return exact ? 0.0f : view.context.text.measure(look(), value).x; };
  // A long number is written smaller rather than cut.
  while (px > view.style().text(TextSize::label) &&
         measure(formula, view.context.text, px).width + value_width() > view.area.width()) {
    px *= 0.92f;
  }
  const FormulaBox box = measure(formula, view.context.text, px);
  const float baseline = view.y + std::max(px * 1.05f, box.ascent);
  ui::draw(*view.context.list, formula, view.context.text, px, formula_colours(view.colours()),
           {view.area.min.x, baseline});
  if (!exact) {
    const ImFont* font = view.context.text.font(Face::sans_bold, look().px);
    view.context.text.draw(
        *view.context.list,
        {view.area.min.x + box.width, baseline - font->Ascent * look().px / font->FontSize}, look(), value);
  }
  const float height = std::max(px * 1.38f, box.height() + px * 0.3f);
  view.context.widgets.add(
      WidgetId(PanelId::explain, "value").at(view.cell),
      {{view.area.min.x, view.y}, {view.area.min.x + box.width + value_width(), view.y + height}},
      Focusable::no);
  view.y += height;
  view.paragraph(view.sentence(view.cell), view.colours().ink_muted);
  draw_origin(view);
  view.y += view.style().px(2);
}

}  // namespace attn::ui
