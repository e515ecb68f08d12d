#include "app/panels/settings_parts.h"

#include <algorithm>

#include "app/panels/matrix_fields.h"
#include "app/widgets/lock.h"

namespace attn::ui {

bool settings_open(const ScenarioColumn& column) {
  return column.input().config.attend_over == AttendOver::tokens;
}

void settings_heading(ScenarioColumn& column, std::string_view text) {
  column.context.text.draw_in(*column.context.list, column.take(column.style().px(26), column.style().px(2)),
                              column.context.look(TextSize::body, column.context.colours().ink_muted), text);
}

void explain_setting(ScenarioColumn& column, std::string_view text, bool mistake) {
  PanelContext& context = column.context;
  const Style& style = column.style();
  if (mistake) {
    Rect line = column.take(style.px(26), 0);
    draw_mistake_dot(context, {line.min.x + style.px(6), line.centre().y});
    line.cut_left(style.px(18));
    context.text.draw_in(*context.list, line,
                         context.look(TextSize::body, context.colours().warning, Face::sans_bold),
                         context.tr("a common mistake"));
  }
  column.y += context.text.draw_paragraph(*context.list, {column.x, column.y},
                                          context.look(TextSize::body, context.colours().ink_muted), text,
                                          column.width);
  column.y += style.px(8);
}

void show_formula(ScenarioColumn& column, const Formula& formula) {
  PanelContext& context = column.context;
  const float size = column.style().text(TextSize::label);
  for (const Formula& line : break_lines(formula, context.text, size, column.width)) {
    const FormulaBox box = measure(line, context.text, size);
    const Rect area = column.take(box.height() + column.style().px(8), 0);
    draw(*context.list, line, context.text, size, formula_colours(context.colours()),
         {std::max(area.min.x, area.centre().x - box.width / 2),
          area.centre().y + (box.ascent - box.descent) / 2});
  }
  column.y += column.style().px(4);
}

std::optional<std::size_t> settings_choice(ScenarioColumn& column, const WidgetId& id,
                                           std::string_view locked_as, std::span<const ChoiceItem> items,
                                           std::size_t chosen, bool enabled) {
  const LockedPart lock(column.context, locked_as);
  const ChoiceListResult result =
      choice_list(column.context, id, {column.x, column.y}, column.width, items, chosen, enabled);
  column.y += result.height + column.style().px(6);
  return result.picked;
}

bool settings_switch(ScenarioColumn& column, const WidgetId& id, std::string_view label,
                     const Formula& formula, bool on, bool enabled) {
  PanelContext& context = column.context;
  Rect line = column.take(column.style().px(32), 0);
  const float size = column.style().text(TextSize::body);
  const FormulaBox box = measure(formula, context.text, size);
  const Rect right = line.cut_right(box.width, column.style().px(8));
  draw(*context.list, formula, context.text, size, formula_colours(context.colours()),
       {right.min.x, right.centre().y + (box.ascent - box.descent) / 2});
  return toggle(context, id, line, label, on, enabled);
}

void settings_number(ScenarioColumn& column, const WidgetId& id, std::string_view label, double value,
                     const NumberFieldOptions& options, const std::function<session::Edit(double)>& edit) {
  const LockedPart lock(column.context, edit(value));
  NumberFieldOptions own = options;
  own.problem = problem_with(column.context, edit);
  const NumberFieldResult result = number_field(column.context, id, column.labelled(label), value, own);
  post_edit(column.context, result, edit);
  column.error(result.error);
}

NumberFieldOptions whole_number(double low, double high) {
  NumberFieldOptions options;
  options.integer = true;
  options.step = 1.0;
  options.low = low;
  options.high = high;
  return options;
}

}  // namespace attn::ui
