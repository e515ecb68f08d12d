#pragma once
// Words in two columns, who asks at the left and who answers at the right, and a line from each to each as
// thick as its share. Several words and several heads can be drawn together; their shares are summed.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/attention_views.h"
#include "app/panels/lines_controls.h"
#include "app/widgets/controls.h"

namespace attn::ui {

struct WeightLine {
  std::size_t row = 0;
  std::size_t column = 0;
  std::size_t head = 0;   ///< place in the list of drawn heads
  float strength = 0.0f;  ///< 0 to 1
};

/// One column of words.
struct WordColumn {
  std::size_t count = 0;
  float row = 0.0f;  ///< height of one
  float top = 0.0f;  ///< of the first, on screen
  float y(std::size_t i) const { return top + row * (static_cast<float>(i) + 0.5f); }
  std::size_t at(float y_on_screen) const {
    return static_cast<std::size_t>(
        std::clamp((y_on_screen - top) / row, 0.0f, static_cast<float>(count) - 1));
  }
};

class LinesView {
 public:
  LinesView(const AttentionScene& scene, LinesMemory& memory);
  void draw(Rect content);

 private:
  const Style& style() const { return context_.style; }
  float readable() const { return style().px(27); }
  std::size_t longest() const { return std::max(scene_.shape().rows, scene_.shape().columns); }
  bool needs_more_than(float height) const {
    return static_cast<float>(longest()) * readable() > height - style().px(80);
  }
  bool summed() const { return rows_.size() > 1; }
  bool draws(std::size_t row) const { return std::ranges::binary_search(rows_, row); }
  std::string name(bool asking, std::size_t i) const {
    return asking ? scene_.row_name(i) : scene_.column_name(i);
  }

  void place(const Rect& content);
  void find_pointed(const Interaction& use, const Rect& content);
  void draw_foot(const Rect& foot) const;

  // lines_view_draw.cpp
  void collect();
  bool known(std::size_t head, std::size_t i, std::size_t j) const;
  bool points_at(const WeightLine& line) const;
  void draw_all_lines() const;
  void draw_line(const WeightLine& line, bool pointed) const;

  // lines_view_names.cpp
  void draw_sides(const Rect& line) const;
  void draw_names(const Rect& content) const;
  void draw_column_of_names(const Rect& content, const WordColumn& column, bool asking) const;
  double emphasis(std::size_t i, bool asking) const;
  void draw_name(const Rect& content, std::size_t i, float y, bool asking) const;
  void draw_share(const Rect& place, std::size_t j, bool strong) const;
  void register_word(const Rect& content, const WordColumn& column, std::size_t i, bool asking) const;

  // lines_view_input.cpp
  void use_mouse(const Interaction& use);
  void add_or_remove(std::size_t row) const;
  void add_up_to(std::size_t row) const;
  void use_keys(const WidgetId& id);

  const AttentionScene& scene_;
  PanelContext& context_;
  LinesMemory& memory_;
  std::vector<DrawnHead> heads_;
  std::size_t row_;
  std::size_t column_;
  std::vector<std::size_t> rows_;  ///< all selected, ascending
  WordColumn asking_;
  WordColumn answering_;
  float left_ = 0.0f;
  float right_ = 0.0f;
  std::size_t digits_ = 4;  ///< of a share
  float number_width_ = 0.0f;
  std::optional<std::size_t> mouse_row_;
  std::optional<std::size_t> mouse_column_;
  std::optional<std::size_t> hovered_row_;
  std::optional<std::size_t> hovered_column_;
  std::vector<WeightLine> lines_;
  std::vector<double> sums_;           ///< over the selected words, of the head that is shown
  std::vector<float> hovered_shares_;  ///< of the row that is pointed at, of the head that is shown
  std::size_t found_ = 0;
};

}  // namespace attn::ui
