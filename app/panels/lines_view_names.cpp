// The names at both ends of the lines, and what each word gets.

#include <cmath>

#include "app/panels/lines_view.h"
#include "app/widgets/number_format.h"

namespace attn::ui {

/// Who stands where, in the words of the sentence: rows or columns of the map.
void LinesView::draw_sides(const Rect& line) const {
  const bool cross = scene_.input().source.has_value();
  const bool turned = scene_.transposed();
  const std::string_view asks =
      cross    ? turned ? context_.tr("target columns ask") : context_.tr("target rows ask")
         : turned ? context_.tr("columns ask")
               : context_.tr("rows ask");
  const std::string_view answers =
      cross    ? turned ? context_.tr("source rows answer") : context_.tr("source columns answer")
         : turned ? context_.tr("rows answer")
               : context_.tr("columns answer");
  const auto side = [&](std::string_view words, Colour colour, Align align) {
    context_.text.draw_in(*context_.list, line, context_.look(TextSize::body, colour), words, align);
  };
  side(asks, scene_.row_colour(), Align::left);
  side(answers, scene_.column_colour(), Align::right);
}

/// Names that have no room beside those that matter more are left out.
void LinesView::draw_names(const Rect& content) const {
  draw_column_of_names(content, asking_, true);
  draw_column_of_names(content, answering_, false);
}

void LinesView::draw_column_of_names(const Rect& content, const WordColumn& column, bool asking) const {
  const float px = style().text(TextSize::body);
  const std::size_t first = column.at(content.min.y);
  const std::size_t last = column.at(content.max.y) + 1;
  std::vector<std::size_t> order;
  const auto matters = [&](std::size_t i) { return emphasis(i, asking) > 0.0; };
  const float apart = px * 1.2f;
  // Names at even places stand between, where they are all small.
  const auto stride = static_cast<std::size_t>(std::max(1.0f, std::ceil(apart * 1.6f / column.row)));
  // Of thousands only what may be named is looked at further.
  constexpr std::size_t kLookedAt = 2000;
  const bool many = last - first > kLookedAt;
  for (std::size_t i = first; i < last; ++i)
    if (!many || i % stride == 0 || matters(i)) order.push_back(i);
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return emphasis(a, asking) > emphasis(b, asking); });
  std::vector<float> taken;
  for (const std::size_t i : order) {
    register_word(content, column, i, asking);
    if (column.row < apart && !matters(i) && i % stride != 0) continue;
    // The first and the last stay whole at the edges.
    const float y = std::clamp(column.y(i), content.min.y + px * 0.6f, content.max.y - px * 0.6f);
    if (std::ranges::any_of(taken, [&](float other) { return std::abs(other - y) < apart; })) continue;
    taken.push_back(y);
    draw_name(content, i, y, asking);
  }
}

/// What must be named first: what is pointed at, what is selected, then who answers with much.
double LinesView::emphasis(std::size_t i, bool asking) const {
  if (asking) {
    if (hovered_row_ == i) return 4.0;
    if (i == row_) return 3.0;
    return draws(i) && rows_.size() <= 12 ? 2.0 : 0.0;
  }
  if (hovered_column_ == i) return 4.0;
  if (i == column_) return 3.0;
  const bool of_hovered = hovered_row_ && i < hovered_shares_.size();
  const double sum = of_hovered ? static_cast<double>(hovered_shares_[i]) : hovered_row_ ? 0.0 : sums_[i];
  return sum >= 0.05 * static_cast<double>(rows_.size()) ? std::min(2.0, sum) : 0.0;
}

void LinesView::draw_name(const Rect& content, std::size_t i, float y, bool asking) const {
  const Theme& theme = context_.colours();
  const bool selected = asking ? draws(i) : i == column_;
  const bool hovered = asking ? hovered_row_ == i : hovered_column_ == i;
  const Colour strong = asking ? scene_.row_colour() : scene_.column_colour();
  const TextLook look = context_.look(TextSize::body,
                                      hovered    ? theme.accent
                                      : selected ? strong
                                                 : theme.ink_muted,
                                      selected || hovered ? Face::sans_bold : Face::sans);
  const float half = look.px * 0.7f;
  const Rect rect = asking ? Rect{{content.min.x, y - half}, {left_ - style().px(8), y + half}}
                           : Rect{{right_ + style().px(8), y - half},
                                  {content.max.x - number_width_ - style().px(4), y + half}};
  context_.text.draw_in(*context_.list, rect, look, name(asking, i), asking ? Align::right : Align::left);
  if (asking) return;
  const Rect place{{content.max.x - number_width_ - style().px(2), y - half}, {content.max.x, y + half}};
  draw_share(place, i, selected);
}

/// What the word gets of the one that is pointed at, or of all that are selected together.
void LinesView::draw_share(const Rect& place, std::size_t j, bool strong) const {
  const std::size_t of = hovered_row_.value_or(row_);
  const bool sum = summed() && !hovered_row_;
  const CellState state = scene_.cells().state(of, j);
  const Theme& theme = context_.colours();
  const TextLook look{Face::mono, style().text(TextSize::body), strong ? theme.ink : theme.ink_muted};
  if (!sum && state == CellState::hidden) {
    draw_hatching(*context_.list, style(), place.inset(style().px(2)));
    return;
  }
  const int decimals = std::min(2, context_.session.settings().decimals);
  std::string text = "?";
  if (!sum) {
    text = cell_text_to_fit(scene_.cells(), of, j, decimals, digits_);
  } else if (std::ranges::all_of(rows_, [&](std::size_t i) { return known(scene_.head(), i, j); })) {
    text = format_to_fit(sums_[j], decimals, digits_);
  }
  context_.text.draw_in(*context_.list, place, look, text, Align::right);
}

void LinesView::register_word(const Rect& content, const WordColumn& column, std::size_t i,
                              bool asking) const {
  const float half = column.row / 2;
  const float y = column.y(i);
  const Rect rect = asking ? Rect{{content.min.x, y - half}, {left_, y + half}}
                           : Rect{{right_, y - half}, {content.max.x, y + half}};
  const WidgetId id =
      asking ? WidgetId{PanelId::heatmap, "line_query"} : WidgetId{PanelId::heatmap, "line_key"};
  context_.widgets.add(id.at(i), rect.intersection(content), Focusable::no);
}

}  // namespace attn::ui
