#include "app/panels/lines_view.h"

#include <fmt/format.h>

#include <cmath>

#include "app/widgets/scroll_area.h"

namespace attn::ui {

LinesView::LinesView(const AttentionScene& scene, LinesMemory& memory)
    : scene_(scene),
      context_(scene.context()),
      memory_(memory),
      heads_(drawn_heads(scene)),
      row_(std::min(scene.view().selection.row, scene.shape().rows - 1)),
      column_(std::min(scene.view().selection.column, scene.shape().columns - 1)) {
  rows_ = scene.view().also_rows;
  // So many rows are read and summed in every frame; of more the first ones.
  constexpr std::size_t kCellsAFrame = std::size_t{1} << 20;
  const std::size_t most = std::max<std::size_t>(1, kCellsAFrame / scene.shape().columns);
  if (rows_.size() > most) rows_.resize(most);
  if (!std::ranges::binary_search(rows_, row_)) rows_.insert(std::ranges::lower_bound(rows_, row_), row_);
}

void LinesView::draw(Rect content) {
  draw_lines_controls(scene_, heads_, content, needs_more_than(content.height()));
  const Rect foot = content.cut_bottom(style().px(24), style().px(4));
  draw_sides(content.cut_top(style().px(24), style().px(4)));
  const WidgetId id(PanelId::heatmap, "lines");
  const Interaction use = interact(context_, id, content, true, style().small_rounding());
  place(content);
  find_pointed(use, content);
  collect();
  context_.list->PushClipRect(content.min, content.max, true);
  draw_all_lines();
  draw_names(content);
  context_.list->PopClipRect();
  if (!scene_.subject().current)
    context_.list->AddRectFilled(content.min, content.max, with_alpha(context_.colours().panel, 0.45f));
  draw_foot(foot);
  use_mouse(use);
  use_keys(id);
}

void LinesView::place(const Rect& content) {
  const auto widest = [&](std::size_t count, bool asking) {
    float width = 0.0f;
    const TextLook look = context_.look(TextSize::body, Face::sans_bold);
    for (std::size_t i = 0; i < std::min<std::size_t>(count, 200); ++i)
      width = std::max(width, context_.text.measure(look, name(asking, i)).x);
    return std::min(width, content.width() * 0.27f);
  };
  digits_ = scene_.cells().exact ? 5 : 4;  // "11/12", "0.05"
  number_width_ =
      context_.text.measure({Face::mono, style().text(TextSize::body), 0}, std::string(digits_, '0')).x;
  left_ = content.min.x + widest(scene_.shape().rows, true) + style().px(8);
  right_ =
      content.max.x - number_width_ - style().px(8) - widest(scene_.shape().columns, false) - style().px(8);
  const bool fits = scene_.view().lines_fit || !needs_more_than(content.height() + style().px(80));
  const auto column = [&](std::size_t count) {
    const float fitting = content.height() / static_cast<float>(count);
    const float row = fits ? std::min(fitting, style().px(34)) : readable();
    return WordColumn{count, row, content.min.y};
  };
  asking_ = column(scene_.shape().rows);
  answering_ = column(scene_.shape().columns);
  if (fits) {
    memory_.scroll = 0.0f;
    return;
  }
  if (memory_.seen != row_) {
    memory_.seen = row_;
    const auto i = static_cast<float>(row_);
    scroll_to(content, i * asking_.row, (i + 1) * asking_.row, memory_.scroll);
  }
  scroll_area(context_, content, readable() * static_cast<float>(longest()), memory_.scroll);
  asking_.top -= std::round(memory_.scroll);
  answering_.top -= std::round(memory_.scroll);
}

/// The word under the mouse here, else the one that another panel points at.
void LinesView::find_pointed(const Interaction& use, const Rect& content) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const auto inside = [&](const WordColumn& column) {
    return mouse.y >= column.top && mouse.y < column.top + column.row * static_cast<float>(column.count);
  };
  if (use.hovered || use.clicked) {
    const float middle = (left_ + right_) / 2;
    const float reach = (right_ - left_) * 0.2f;
    if (mouse.x < middle - reach && inside(asking_)) mouse_row_ = asking_.at(mouse.y);
    if (mouse.x > middle + reach && inside(answering_)) mouse_column_ = answering_.at(mouse.y);
  }
  if (!content.contains(mouse)) {
    hovered_row_ = context_.hover.query;
    if (!hovered_row_) hovered_column_ = context_.hover.key;
  } else {
    hovered_row_ = mouse_row_;
    hovered_column_ = mouse_column_;
  }
  if (hovered_row_ && *hovered_row_ >= asking_.count) hovered_row_.reset();
  if (hovered_column_ && *hovered_column_ >= answering_.count) hovered_column_.reset();
}

void LinesView::draw_foot(const Rect& foot) const {
  std::string note;
  if (found_ > lines_.size()) {
    note = context_.say("the {shown} strongest of {all} lines", fmt::arg("shown", lines_.size()),
                        fmt::arg("all", found_));
  } else if (summed()) {
    note = context_.say("summed over {count} words", fmt::arg("count", rows_.size()));
  } else {
    note = context_.tr("Ctrl+click or Shift+↓ adds a word");
  }
  context_.text.draw_in(*context_.list, foot, context_.look(TextSize::body, context_.colours().ink_muted),
                        note);
}

void draw_lines_view(const AttentionScene& scene, LinesMemory& memory, Rect content) {
  LinesView(scene, memory).draw(content);
}

}  // namespace attn::ui
