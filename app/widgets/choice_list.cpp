#include "app/widgets/choice_list.h"

#include <algorithm>
#include <vector>

#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

using session::Key;

struct Row {
  float height = 0.0f;
  FormulaBox formula;
  bool below = false;  ///< the formula stands under the label
};

Row measure_row(const PanelContext& context, const ChoiceItem& item, float width) {
  const Style& style = context.style;
  Row row{style.px(32), {}, false};
  if (item.formula.empty()) return row;
  row.formula = measure(item.formula, context.text, style.text(TextSize::body));
  const float label = context.text.measure(context.look(TextSize::body), item.label).x;
  row.below = style.px(item.mistake ? 46 : 30) + label + row.formula.width > width;
  const float formula_height = row.formula.height() + style.px(6);
  row.height = row.below ? row.height + formula_height : std::max(row.height, formula_height);
  return row;
}

}  // namespace

void draw_mistake_dot(const PanelContext& context, ImVec2 at) {
  context.list->AddCircleFilled(at, context.style.px(4), context.colours().warning);
}

ChoiceListResult choice_list(PanelContext& context, const WidgetId& id, ImVec2 position, float width,
                             std::span<const ChoiceItem> items, std::size_t chosen, bool enabled) {
  const Style& style = context.style;
  const Theme& theme = context.colours();
  const float inset = style.px(3);
  enabled = enabled && !context.locked;
  std::vector<Row> rows;
  float height = 2 * inset;
  for (const ChoiceItem& item : items) {
    rows.push_back(measure_row(context, item, width - 2 * inset));
    height += rows.back().height;
  }
  const Rect box{position, {position.x + width, position.y + height}};
  context.list->AddRectFilled(box.min, box.max, theme.button, style.small_rounding());
  context.list->AddRect(box.min, box.max, theme.button_border, style.small_rounding(), 0, style.line());
  ChoiceListResult result{std::nullopt, height};
  float y = position.y + inset;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const ChoiceItem& item = items[i];
    const Row& row = rows[i];
    const Rect area{{box.min.x + inset, y}, {box.max.x - inset, y + row.height}};
    y += row.height;
    const WidgetId own = id.at(i);
    const Interaction mouse = interact(context, own, area, enabled);
    const bool is_chosen = i == chosen;
    const float rounding = style.small_rounding() - inset * 0.5f;
    if (is_chosen) {
      context.list->AddRectFilled(
          area.min, area.max, enabled ? mix(theme.accent_soft, theme.accent, 0.06) : theme.track, rounding);
    } else if (mouse.hovered) {
      context.list->AddRectFilled(area.min, area.max, theme.button_hover, rounding);
    }
    const Colour ink = is_chosen ? enabled ? theme.accent : theme.ink_muted
                       : enabled ? theme.ink_muted
                                 : theme.ink_disabled;
    Rect line = area.inset(style.px(8), 0);
    if (row.below) line.max.y = line.min.y + style.px(32);
    context.text.draw_in(*context.list, line, context.look(TextSize::body, ink), item.label);
    if (item.mistake) {
      const float label = context.text.measure(context.look(TextSize::body), item.label).x;
      draw_mistake_dot(context, {line.min.x + label + style.px(12), line.centre().y});
    }
    if (!item.formula.empty()) {
      const float middle = row.below ? area.max.y - style.px(4) - row.formula.height() / 2 : line.centre().y;
      FormulaColours colours = formula_colours(theme);
      if (!enabled) colours.fill(theme.ink_disabled);
      draw(*context.list, item.formula, context.text, style.text(TextSize::body), colours,
           {line.max.x - row.formula.width, middle + (row.formula.ascent - row.formula.descent) / 2});
    }
    focus_ring(context, own, area, rounding);
    if (mouse.clicked && !is_chosen) result.picked = i;
    if (!enabled) continue;
    if (i > 0 && context.widgets.take(own, Key::up)) {
      result.picked = i - 1;
      context.widgets.focus(id.at(i - 1), true);
    } else if (i + 1 < items.size() && context.widgets.take(own, Key::down)) {
      result.picked = i + 1;
      context.widgets.focus(id.at(i + 1), true);
    }
  }
  if (result.picked == chosen) result.picked.reset();
  return result;
}

}  // namespace attn::ui
