// Words in two columns, who asks at the left and who answers at the right, and a line from each to each as
// thick as its share. Several words and several heads can be drawn together; their shares are summed.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/panels/attention_views.h"
#include "app/panels/lines_controls.h"
#include "app/panels/map_view.h"
#include "app/widgets/controls.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/scroll_area.h"

namespace attn::ui {
namespace {

using session::Key;

/// More lines than these are a grey cloud, and too many corners for one list of ImGui: the strongest are
/// drawn.
constexpr std::size_t kMostLines = 800;
/// What is weaker cannot be seen.
constexpr float kFaintest = 0.004f;

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
  LinesView(const AttentionScene& scene, LinesMemory& memory)
      : scene_(scene),
        context_(scene.context()),
        memory_(memory),
        heads_(drawn_heads(scene)),
        row_(std::min(scene.view().selection.row, scene.shape().rows - 1)),
        column_(std::min(scene.view().selection.column, scene.shape().columns - 1)) {
    rows_ = scene.view().also_rows;
    if (!std::ranges::binary_search(rows_, row_)) rows_.insert(std::ranges::lower_bound(rows_, row_), row_);
  }

  void draw(Rect content) {
    draw_lines_controls(scene_, heads_, content, needs_more_than(content.height()));
    const Rect foot = content.cut_bottom(style().px(24), style().px(4));
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

 private:
  const Style& style() const { return context_.style; }
  float readable() const { return style().px(27); }
  std::size_t longest() const { return std::max(scene_.shape().rows, scene_.shape().columns); }
  bool needs_more_than(float height) const {
    return static_cast<float>(longest()) * readable() > height - style().px(80);
  }
  bool summed() const { return rows_.size() > 1; }
  bool draws(std::size_t row) const { return std::ranges::binary_search(rows_, row); }

  // ---- layout ----

  void place(const Rect& content) {
    const auto widest = [&](std::size_t count, bool asking) {
      float width = 0.0f;
      const TextLook look = context_.look(TextSize::body, Face::sans_bold);
      for (std::size_t i = 0; i < std::min<std::size_t>(count, 200); ++i)
        width = std::max(width, context_.text.measure(look, name(asking, i)).x);
      return std::min(width, content.width() * 0.27f);
    };
    number_width_ = context_.text.measure({Face::mono, style().text(TextSize::body), 0}, "0.00").x;
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

  std::string name(bool asking, std::size_t i) const {
    return asking ? scene_.row_name(i) : scene_.column_name(i);
  }

  /// The word under the mouse here, else the one that another panel points at.
  void find_pointed(const Interaction& use, const Rect& content) {
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

  // ---- lines ----

  /// All lines that may be drawn: of the selected words and of what is pointed at.
  void collect() {
    sums_.assign(answering_.count, 0.0);
    const auto least = static_cast<float>(scene_.view().line_threshold);
    const auto most = static_cast<float>(scene_.shares() ? 1.0 : scene_.cells().scale.high);
    for (std::size_t h = 0; h < heads_.size(); ++h) {
      const Read read = scene_.trace().read_head(scene_.stage(), heads_[h].head);
      if (!read.ready()) continue;
      for (std::size_t i = 0; i < read.values.rows; ++i) {
        const bool selected = draws(i);
        if (!selected && !hovered_column_ && hovered_row_ != i) continue;
        for (std::size_t j = 0; j < read.values.columns; ++j) {
          if (!selected && hovered_row_ != i && hovered_column_ != j) continue;
          const float value = read.values(i, j);
          if (selected && h == 0) sums_[j] += static_cast<double>(value);
          const float strength = std::min(1.0f, std::abs(value) / most);
          if (!(strength >= std::max(least, kFaintest))) continue;
          if (!known(heads_[h].head, i, j)) continue;
          lines_.push_back({i, j, h, strength});
        }
      }
    }
    found_ = lines_.size();
    const auto weaker = [](const WeightLine& a, const WeightLine& b) { return a.strength > b.strength; };
    if (lines_.size() > kMostLines) {
      std::ranges::nth_element(lines_, lines_.begin() + kMostLines, weaker);
      lines_.resize(kMostLines);
    }
    // The strongest lies on top.
    std::ranges::sort(lines_,
                      [](const WeightLine& a, const WeightLine& b) { return a.strength < b.strength; });
  }
  bool known(std::size_t head, std::size_t i, std::size_t j) const {
    return !scene_.cells().incomplete() || scene_.subject().playhead.computed({scene_.stage(), head, i, j});
  }
  bool points_at(const WeightLine& line) const {
    if (hovered_row_) return line.row == *hovered_row_;
    if (hovered_column_) return line.column == *hovered_column_;
    return true;
  }

  void draw_all_lines() const {
    for (const bool pointed : {false, true}) {
      for (const WeightLine& line : lines_)
        if (points_at(line) == pointed) draw_line(line, pointed);
    }
  }

  void draw_line(const WeightLine& line, bool pointed) const {
    if (!pointed && !draws(line.row)) return;
    const float opacity = pointed ? 0.14f + 0.86f * line.strength : 0.05f;
    const float thickest = std::min(style().px(13), std::max(style().px(4), asking_.row * 0.6f));
    const float width = std::max(1.0f, thickest * line.strength);
    // Heads lie beside each other, not over each other.
    const float shift = (static_cast<float>(line.head) - static_cast<float>(heads_.size() - 1) / 2) *
                        std::min(style().px(4), asking_.row * 0.5f / static_cast<float>(heads_.size()));
    const ImVec2 from{left_, asking_.y(line.row) + shift};
    const ImVec2 to{right_, answering_.y(line.column) + shift};
    const float bend = (right_ - left_) * 0.45f;
    const int segments = lines_.size() > 300 ? 10 : 24;
    context_.list->AddBezierCubic(from, {from.x + bend, from.y}, {to.x - bend, to.y}, to,
                                  with_alpha(heads_[line.head].colour, opacity), width, segments);
  }

  // ---- names ----

  /// Names that have no room beside those that matter more are left out.
  void draw_names(const Rect& content) const {
    draw_column_of_names(content, asking_, true);
    draw_column_of_names(content, answering_, false);
  }

  void draw_column_of_names(const Rect& content, const WordColumn& column, bool asking) const {
    const float px = style().text(TextSize::body);
    const std::size_t first = column.at(content.min.y);
    const std::size_t last = column.at(content.max.y) + 1;
    std::vector<std::size_t> order;
    const auto matters = [&](std::size_t i) { return emphasis(i, asking) > 0.0; };
    for (std::size_t i = first; i < last; ++i) order.push_back(i);
    std::ranges::stable_sort(
        order, [&](std::size_t a, std::size_t b) { return emphasis(a, asking) > emphasis(b, asking); });
    const float apart = px * 1.22f;
    // Names at even places stand between, where they are all small.
    const auto stride = static_cast<std::size_t>(std::max(1.0f, std::ceil(apart * 1.6f / column.row)));
    std::vector<float> taken;
    for (const std::size_t i : order) {
      register_word(content, column, i, asking);
      if (column.row < apart && !matters(i) && i % stride != 0) continue;
      // The first and the last stay whole at the edges.
      const float y = std::clamp(column.y(i), content.min.y + px * 0.7f, content.max.y - px * 0.7f);
      if (std::ranges::any_of(taken, [&](float other) { return std::abs(other - y) < apart; })) continue;
      taken.push_back(y);
      draw_name(content, i, y, asking);
    }
  }

  /// What must be named first: what is pointed at, what is selected, then who answers with much.
  double emphasis(std::size_t i, bool asking) const {
    if (asking) {
      if (hovered_row_ == i) return 4.0;
      if (i == row_) return 3.0;
      return draws(i) && rows_.size() <= 12 ? 2.0 : 0.0;
    }
    if (hovered_column_ == i) return 4.0;
    if (i == column_) return 3.0;
    const double sum = hovered_row_ ? share(*hovered_row_, i) : sums_[i];
    return sum >= 0.05 * static_cast<double>(rows_.size()) ? std::min(2.0, sum) : 0.0;
  }

  double share(std::size_t i, std::size_t j) const {
    const Read read = scene_.trace().read_cell(scene_.cell(i, j));
    return read.ready() ? static_cast<double>(read.values(0, 0)) : 0.0;
  }

  void draw_name(const Rect& content, std::size_t i, float y, bool asking) const {
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
  void draw_share(const Rect& place, std::size_t j, bool strong) const {
    const std::size_t of = hovered_row_.value_or(row_);
    const bool sum = summed() && !hovered_row_;
    const CellState state = scene_.cells().state(of, j);
    const Theme& theme = context_.colours();
    const TextLook look{Face::mono, style().text(TextSize::body), strong ? theme.ink : theme.ink_muted};
    if (!sum && state == CellState::hidden) {
      draw_hatching(*context_.list, style(), place.inset(style().px(2)));
      return;
    }
    const double value = sum ? sums_[j] : share(of, j);
    const bool known =
        sum ? std::ranges::all_of(rows_, [&](std::size_t i) { return this->known(scene_.head(), i, j); })
            : state != CellState::unknown;
    context_.text.draw_in(
        *context_.list, place, look,
        known ? format_to_fit(value, std::min(2, context_.session.settings().decimals), 4) : "?",
        Align::right);
  }

  void register_word(const Rect& content, const WordColumn& column, std::size_t i, bool asking) const {
    const float half = column.row / 2;
    const float y = column.y(i);
    const Rect rect = asking ? Rect{{content.min.x, y - half}, {left_, y + half}}
                             : Rect{{right_, y - half}, {content.max.x, y + half}};
    const WidgetId id =
        asking ? WidgetId{PanelId::heatmap, "line_query"} : WidgetId{PanelId::heatmap, "line_key"};
    context_.widgets.add(id.at(i), rect.intersection(content), Focusable::no);
  }

  void draw_foot(const Rect& foot) const {
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

  // ---- mouse and keys ----

  void use_mouse(const Interaction& use) {
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
      context_.post(session::Select{scene_.cell(row_, *mouse_column_)});
    } else if (mouse_row_ && io.KeyCtrl) {
      add_or_remove(*mouse_row_);
    } else if (mouse_row_ && io.KeyShift) {
      add_up_to(*mouse_row_);
    } else if (mouse_row_) {
      context_.post(session::SetAlsoRows{});
      context_.post(session::Select{scene_.cell(*mouse_row_, column_)});
    }
  }

  void add_or_remove(std::size_t row) const {
    std::vector<std::size_t> rows = rows_;
    if (!draws(row)) {
      rows.push_back(row);
    } else if (rows.size() > 1) {
      std::erase(rows, row);
      if (row == row_) context_.post(session::Select{scene_.cell(rows.front(), column_)});
    }
    context_.post(session::SetAlsoRows{rows});
  }

  void add_up_to(std::size_t row) const {
    std::vector<std::size_t> rows = rows_;
    for (std::size_t i = std::min(row, row_); i <= std::max(row, row_); ++i) rows.push_back(i);
    context_.post(session::SetAlsoRows{rows});
  }

  /// Up and down choose who asks, with Shift one more; left and right choose among the answers.
  void use_keys(const WidgetId& id) {
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
  float number_width_ = 0.0f;
  std::optional<std::size_t> mouse_row_;
  std::optional<std::size_t> mouse_column_;
  std::optional<std::size_t> hovered_row_;
  std::optional<std::size_t> hovered_column_;
  std::vector<WeightLine> lines_;
  std::vector<double> sums_;  ///< over the selected words, of the head that is shown
  std::size_t found_ = 0;
};

}  // namespace

void draw_lines_view(const AttentionScene& scene, LinesMemory& memory, Rect content) {
  LinesView(scene, memory).draw(content);
}

}  // namespace attn::ui
