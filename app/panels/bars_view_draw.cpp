// What the bars look like: a soft bar a number, which stands inside it or beside its end, never across it.

#include <algorithm>
#include <cmath>

#include "app/panels/bars_view.h"
#include "app/widgets/bar_number.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

WidgetId widget(BarPart part) {
  switch (part) {
    case BarPart::scores:
      return {PanelId::heatmap, "bar_score"};
    case BarPart::exponentials:
      return {PanelId::heatmap, "bar_exponential"};
    case BarPart::shares:
      break;
  }
  return {PanelId::heatmap, "bar_share"};
}

}  // namespace

void BarsView::draw_formula(const Rect& line, const Formula& formula) const {
  const float size = style().text(TextSize::body) * 1.1f;
  const FormulaBox box = ui::measure(formula, context_.text, size);
  if (box.width > line.width()) return;
  const float baseline = line.centre().y + (box.ascent - box.descent) / 2;
  ui::draw(*context_.list, formula, context_.text, size, formula_colours(context_.colours()),
           {line.min.x, std::round(baseline)});
}

void BarsView::draw_titles(const Rect& line) const {
  const TextLook look = context_.look(TextSize::body, context_.colours().ink_muted);
  const std::vector<BarPart> parts = line_.parts();
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const Rect place = part_rect(line, p);
    std::string_view title = context_.tr("score");
    if (parts[p] == BarPart::exponentials) {
      const bool removed = scene_.input().config.normalise == Normalise::softmax;
      title = removed ? "exp(s − max)" : "exp(s)";
      if (context_.text.measure(look, title).x > place.width()) title = "exp";
    } else if (parts[p] == BarPart::shares) {
      title = line_.raw() ? context_.tr("weight") : context_.tr("share");
    }
    context_.text.draw_in(*context_.list, {{place.min.x, line.min.y}, {place.max.x, line.max.y}}, look, title,
                          Align::left);
  }
}

void BarsView::draw_row(const Rect& content, std::size_t i) const {
  const Rect row = row_rect(content, i);
  const Theme& theme = context_.colours();
  const CellRef here = line_.cell(i);
  const bool by_column = line_.over_queries();
  const bool is_selected = i == line_.selected() && scene_.selected_here();
  const bool is_hovered = (by_column ? context_.hover.query : context_.hover.key) == i;
  if (is_selected || is_hovered) {
    context_.list->AddRectFilled({row.min.x - style().px(3), row.min.y},
                                 {row.max.x + style().px(3), row.max.y},
                                 is_hovered ? theme.box_hover : theme.accent_soft, style().px(4));
  }
  const Colour strong = by_column ? scene_.row_colour() : scene_.column_colour();
  const TextLook look = context_.look(TextSize::body, is_selected ? strong : theme.ink,
                                      is_selected ? Face::sans_bold : Face::sans);
  context_.text.draw_in(*context_.list, {row.min, {row.min.x + name_width_, row.max.y}}, look, line_.name(i),
                        Align::right);
  const std::vector<BarPart> parts = line_.parts();
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const Rect place = part_rect(row, p);
    draw_bar(place, parts[p], i);
    context_.widgets.add(widget(parts[p]).at(here), place.intersection(content), Focusable::no);
  }
}

void BarsView::draw_bar(const Rect& place, BarPart part, std::size_t i) const {
  ImDrawList& list = *context_.list;
  const Theme& theme = context_.colours();
  const float rounding = style().px(3);
  const bool asked = asking_what_if() && memory_.what_if->asks(i);
  std::optional<BarEnds> bar;
  list.AddRectFilled(place.min, place.max, theme.box, rounding);
  if (line_.hidden(i) && !asked) {
    list.AddRectFilled(place.min, place.max, theme.hatch_background, rounding);
    draw_hatching(list, style(), place);
  } else if (line_.known(part, i)) {
    const float from = place.min.x + place.width() * static_cast<float>(line_.zero(part));
    const float to = std::clamp(from + place.width() * static_cast<float>(line_.length(part, i)), place.min.x,
                                place.max.x);
    bar = BarEnds{from, to};
    Colour colour = theme.accent;
    if (part == BarPart::scores)
      colour = line_.value(part, i) < 0.0 ? theme.diverging_low : theme.diverging_high;
    if (part == BarPart::exponentials) colour = theme.ink_muted;
    list.AddRectFilled({std::min(from, to), place.min.y}, {std::max(from, to), place.max.y},
                       with_alpha(colour, 0.38f), rounding);
    // Its end, and a grip at the foot.
    list.AddLine({to, place.min.y}, {to, place.max.y}, with_alpha(colour, 0.6f), style().line());
    list.AddRectFilled({to - style().px(2), place.max.y - style().px(8)}, {to + style().px(2), place.max.y},
                       colour, style().px(1));
    if (part == BarPart::shares && asking_what_if()) draw_true_share(place, i);
  }
  if (asked && part == BarPart::scores)
    list.AddRect(place.min, place.max, theme.accent, rounding, 0, style().px(2));
  draw_bar_number(place, bar, part, i, asked ? theme.accent : theme.ink);
}

/// Where the share really is, while a question is asked.
void BarsView::draw_true_share(const Rect& place, std::size_t i) const {
  const float x =
      place.min.x + place.width() * static_cast<float>(std::clamp(line_.true_share_length(i), 0.0, 1.0));
  for (float y = place.min.y; y < place.max.y; y += style().px(6)) {
    context_.list->AddLine({x, y}, {x, std::min(y + style().px(3), place.max.y)}, context_.colours().ink,
                           style().px(1.5f));
  }
}

void BarsView::draw_bar_number(const Rect& place, std::optional<BarEnds> bar, BarPart part, std::size_t i,
                               Colour ink) const {
  const TextLook look{Face::mono, style().text(TextSize::body), ink};
  const float advance = context_.text.measure(look, "0").x;
  const float pad = style().px(5);
  const auto fitting = [&](const Rect& rect) {
    return line_.text(part, i, static_cast<std::size_t>(std::max(0.0f, rect.width() / advance)));
  };
  const Rect inner = place.inset(pad, 0);
  const std::string whole = fitting(inner);
  if (!bar) {
    context_.text.draw_in(*context_.list, inner, look, whole, Align::left);
    return;
  }
  const float width = advance * static_cast<float>(characters(whole));
  const BarNumberPlace number = place_bar_number(place, bar->from, bar->to, width, pad);
  context_.text.draw_in(*context_.list, number.rect, look, fitting(number.rect), number.align);
}

void BarsView::draw_sums(const Rect& line) const {
  const Theme& theme = context_.colours();
  context_.text.draw_in(*context_.list, {line.min, {line.min.x + name_width_, line.max.y}},
                        context_.look(TextSize::body, theme.ink_muted), "Σ", Align::right);
  const std::vector<BarPart> parts = line_.parts();
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (parts[p] == BarPart::scores) continue;
    const std::optional<double> sum = line_.sum(parts[p]);
    const Rect place = part_rect(line, p);
    context_.text.draw_in(*context_.list,
                          {{place.min.x + style().px(5), line.min.y}, {place.max.x, line.max.y}},
                          {Face::mono, style().text(TextSize::body), theme.ink_muted},
                          sum ? format_number(*sum, context_.session.settings().decimals) : "?", Align::left);
  }
}

void BarsView::draw_foot(Rect foot) {
  const Theme& theme = context_.colours();
  if (asking_what_if()) {
    const std::string_view reset = context_.tr("Reset");
    if (button(context_, {PanelId::heatmap, "what_if_reset"},
               foot.cut_right(button_width(context_, reset), style().px(8)), reset))
      memory_.what_if.reset();
    context_.list->AddRectFilled(foot.min, foot.max, theme.accent_soft, style().small_rounding());
    context_.text.draw_in(*context_.list, foot.inset(style().px(8), 0),
                          context_.look(TextSize::body, theme.accent, Face::sans_bold),
                          context_.tr("what if: nothing is changed"));
    return;
  }
  const std::string_view note = scene_.can_pull(line_.cell(line_.selected()).row)
                                    ? context_.tr("drag a score: what if · a share: pull")
                                    : context_.tr("drag a score: what if");
  context_.text.draw_in(*context_.list, foot, context_.look(TextSize::body, theme.ink_muted), note);
}

}  // namespace attn::ui
