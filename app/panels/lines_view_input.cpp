// Mouse and keys of the lines: who asks, alone or with others, and who answers.

#include "app/panels/lines_view.h"
#include "app/panels/map_view.h"
#include "app/widgets/pipeline.h"

namespace attn::ui {

using session::Key;

void LinesView::use_mouse(const Interaction& use) {
  if (use.hovered && mouse_row_) {
    context_.hover_next.query = mouse_row_;
  } else if (use.hovered && mouse_column_) {
    const CellRef cell = scene_.cell(row_, *mouse_column_);
    context_.hover_next.key = mouse_column_;
    tooltip(context_, cell_tooltip(scene_, cell));
  }
  if (!use.clicked || !use.released) return;
  const ImGuiIO& io = ImGui::GetIO();
  if (mouse_column_) {
    context_.widgets.choose(WidgetId(PanelId::heatmap, "line_key").at(*mouse_column_));
    context_.post(session::Select{scene_.cell(row_, *mouse_column_)});
  } else if (mouse_row_ && io.KeyCtrl) {
    add_or_remove(*mouse_row_);
  } else if (mouse_row_ && io.KeyShift) {
    add_up_to(*mouse_row_);
  } else if (mouse_row_) {
    context_.widgets.choose(WidgetId(PanelId::heatmap, "line_query").at(*mouse_row_));
    context_.post(session::SetAlsoRows{});
    context_.post(session::Select{scene_.cell(*mouse_row_, column_)});
  }
}

void LinesView::add_or_remove(std::size_t row) const {
  std::vector<std::size_t> rows = rows_;
  if (!draws(row)) {
    rows.push_back(row);
  } else if (rows.size() > 1) {
    std::erase(rows, row);
    if (row == row_) context_.post(session::Select{scene_.cell(rows.front(), column_)});
  }
  context_.post(session::SetAlsoRows{rows});
}

void LinesView::add_up_to(std::size_t row) const {
  std::vector<std::size_t> rows = rows_;
  for (std::size_t i = std::min(row, row_); i <= std::max(row, row_); ++i) rows.push_back(i);
  context_.post(session::SetAlsoRows{rows});
}

/// Up and down choose who asks, with Shift one more; left and right choose among the answers.
void LinesView::use_keys(const WidgetId& id) {
  const bool adds = ImGui::GetIO().KeyShift;
  const auto go = [&](Key key, int rows, int columns) {
    if (!context_.widgets.take(id, key)) return;
    if (!scene_.selected_here()) {
      context_.post(session::ShowStage{scene_.stage()});
      return;
    }
    context_.post(session::MoveSelection{rows, columns});
    if (rows != 0) context_.post(session::SetAlsoRows{adds ? rows_ : std::vector<std::size_t>{}});
  };
  go(Key::up, -1, 0);
  go(Key::down, 1, 0);
  go(Key::left, 0, -1);
  go(Key::right, 0, 1);
}

}  // namespace attn::ui
