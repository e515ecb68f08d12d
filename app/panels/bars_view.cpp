#include "app/panels/bars_view.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/score_line_formula.h"
#include "app/widgets/scroll_area.h"

namespace attn::ui {

BarsView::BarsView(const AttentionScene& scene, BarsMemory& memory)
    : scene_(scene), context_(scene.context()), memory_(memory), line_(scene, memory) {}

void BarsView::draw(Rect content) {
  if (line_.empty()) return;
  const Rect foot = content.cut_bottom(style().px(32), style().px(6));
  const Rect sums = content.cut_bottom(style().px(26), style().px(4));
  const Formula formula = score_line_formula(scene_.input(), scene_.trace().dimensions(), line_.fixed(),
                                             line_.over_queries(), scene_.conventions());
  if (!formula.empty()) draw_formula(content.cut_top(style().px(28), style().px(2)), formula);
  const Rect titles = content.cut_top(style().px(24), style().px(2));
  measure(content);
  draw_titles(titles);
  const WidgetId id(PanelId::heatmap, "bars");
  const Interaction use = interact(context_, id, content, true, style().small_rounding());
  const float height = row_height_ * static_cast<float>(line_.count());
  if (memory_.seen != line_.selected()) {
    memory_.seen = line_.selected();
    const float top = row_height_ * static_cast<float>(line_.selected());
    scroll_to(content, top, top + row_height_, memory_.scroll);
  }
  scroll_area(context_, content, height, memory_.scroll);
  context_.list->PushClipRect(content.min, content.max, true);
  const auto first = static_cast<std::size_t>(memory_.scroll / row_height_);
  for (std::size_t i = first; i < line_.count() && row_rect(content, i).min.y < content.max.y; ++i)
    draw_row(content, i);
  context_.list->PopClipRect();
  // Below the last row, where all of them are seen.
  const float lift = std::max(0.0f, content.height() - height);
  draw_sums({{sums.min.x, sums.min.y - lift}, {sums.max.x, sums.max.y - lift}});
  draw_foot(foot);
  use_mouse(use, content);
  use_keys(id);
}

void BarsView::measure(const Rect& content) {
  const TextLook look = context_.look(TextSize::body, Face::sans_bold);
  float widest = 0.0f;
  for (std::size_t i = 0; i < std::min<std::size_t>(line_.count(), 200); ++i)
    widest = std::max(widest, context_.text.measure(look, line_.name(i)).x);
  name_width_ = std::min(widest, content.width() * 0.24f);
  row_height_ =
      std::clamp(content.height() / static_cast<float>(line_.count()), style().px(29), style().px(44));
  const auto n = static_cast<float>(line_.parts().size());
  gap_ = style().px(8);
  part_width_ = (content.width() - name_width_ - gap_ * n) / n;
  left_ = content.min.x + name_width_ + gap_;
}

Rect BarsView::row_rect(const Rect& content, std::size_t i) const {
  const float top = content.min.y + row_height_ * static_cast<float>(i) - std::round(memory_.scroll);
  return {{content.min.x, top}, {content.max.x, top + row_height_}};
}

Rect BarsView::part_rect(const Rect& row, std::size_t place) const {
  const float left = left_ + (part_width_ + gap_) * static_cast<float>(place);
  return {{left, row.min.y + style().px(2)}, {left + part_width_, row.max.y - style().px(2)}};
}

std::optional<std::size_t> BarsView::row_at(const Rect& content, float y) const {
  const float place = (y - content.min.y + std::round(memory_.scroll)) / row_height_;
  if (place < 0.0f || place >= static_cast<float>(line_.count())) return std::nullopt;
  return static_cast<std::size_t>(place);
}

std::optional<BarPart> BarsView::part_at(const Rect& content, float x) const {
  for (std::size_t p = 0; p < line_.parts().size(); ++p) {
    const Rect place = part_rect(content, p);
    if (x >= place.min.x && x < place.max.x) return line_.parts()[p];
  }
  return std::nullopt;
}

void draw_bars_view(const AttentionScene& scene, BarsMemory& memory, Rect content) {
  BarsView(scene, memory).draw(content);
}

}  // namespace attn::ui
