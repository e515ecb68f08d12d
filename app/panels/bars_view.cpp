// One row as bars: its scores, their exponentials, and the shares that these are of their sum. A score or an
// exponential that is dragged asks "what if" and changes nothing; a share that is dragged pulls the words.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/panels/attention_views.h"
#include "app/panels/map_view.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/scroll_area.h"

namespace attn::ui {
namespace {

using session::Key;
using session::softmax_line;
using session::SoftmaxLine;

constexpr double kNudge = 0.1;
constexpr double kPullNudge = 0.05;
constexpr float kDragFrom = 3.0f;

enum class Part { scores, exponentials, shares };

class BarsView {
 public:
  BarsView(const AttentionScene& scene, BarsMemory& memory)
      : scene_(scene), context_(scene.context()), memory_(memory) {
    const CellRef& selected = scene.view().selection;
    const StageShape& shape = scene.shape();
    by_column_ = scene.over_queries();
    row_ = std::min(selected.row, shape.rows - 1);
    column_ = std::min(selected.column, shape.columns - 1);
    count_ = by_column_ ? shape.rows : shape.columns;
    forget_old_question();
    read();
  }

  void draw(Rect content) {
    if (scores_.empty()) return;
    Rect foot = content.cut_bottom(style().px(32), style().px(6));
    const Rect sums = content.cut_bottom(style().px(26), style().px(4));
    Rect heads = content.cut_top(style().px(24), style().px(2));
    measure(content);
    draw_titles(heads);
    const WidgetId id(PanelId::heatmap, "bars");
    const Interaction use = interact(context_, id, content, true, style().small_rounding());
    const float height = row_height_ * static_cast<float>(count_);
    if (memory_.seen != selected()) {
      memory_.seen = selected();
      const float top = row_height_ * static_cast<float>(selected());
      scroll_to(content, top, top + row_height_, memory_.scroll);
    }
    scroll_area(context_, content, height, memory_.scroll);
    context_.list->PushClipRect(content.min, content.max, true);
    const auto first = static_cast<std::size_t>(memory_.scroll / row_height_);
    for (std::size_t i = first; i < count_ && row_rect(content, i).min.y < content.max.y; ++i)
      draw_row(content, i);
    context_.list->PopClipRect();
    draw_sums(sums);
    draw_foot(foot);
    use_mouse(use, content);
    use_keys(id);
  }

 private:
  const Style& style() const { return context_.style; }
  bool raw() const { return scene_.input().config.normalise == Normalise::none; }
  std::size_t selected() const { return by_column_ ? row_ : column_; }
  CellRef cell(std::size_t i) const { return by_column_ ? scene_.cell(i, column_) : scene_.cell(row_, i); }
  CellRef masked_cell(std::size_t i) const {
    CellRef c = cell(i);
    c.stage = Stage::masked;
    return c;
  }
  bool asking_what_if() const { return memory_.what_if && !memory_.what_if->scores.empty(); }

  // ---- numbers ----

  /// A question belongs to one line of one state of the document.
  void forget_old_question() {
    const CellRef line = by_column_ ? scene_.cell(0, column_) : scene_.cell(row_, 0);
    if (memory_.line == line && memory_.revision == scene_.trace().revision()) return;
    if (!memory_.drag || !memory_.drag->pulls || !(memory_.line == line)) memory_.drag.reset();
    memory_.line = line;
    memory_.revision = scene_.trace().revision();
    memory_.what_if.reset();
  }

  void read() {
    const CellRect rect = by_column_ ? CellRect{0, column_, count_, 1} : CellRect{row_, 0, 1, count_};
    const Read scores = scene_.trace().read(Stage::masked, scene_.head(), rect);
    const Read shares = scene_.trace().read(scene_.stage(), scene_.head(), rect);
    if (!scores.ready() || !shares.ready()) return;
    for (std::size_t i = 0; i < count_; ++i) {
      scores_.push_back(static_cast<double>(by_column_ ? scores.values(i, 0) : scores.values(0, i)));
      true_shares_.push_back(static_cast<double>(by_column_ ? shares.values(i, 0) : shares.values(0, i)));
    }
    line_ = softmax_line(asking_what_if() ? memory_.what_if->applied_to(scores_) : scores_,
                         scene_.input().config.normalise);
    // Without a question the shares are the trace's own, dropout included.
    if (!asking_what_if()) line_.shares = true_shares_;
    low_ = 0.0;
    high_ = 0.0;
    for (const double score : line_.scores) {
      if (!std::isfinite(score)) continue;
      low_ = std::min(low_, score);
      high_ = std::max(high_, score);
    }
    if (high_ - low_ < 1e-9) high_ = low_ + 1.0;
    largest_exponential_ = std::max(
        1.0, *std::ranges::max_element(line_.exponentials.empty() ? line_.shares : line_.exponentials));
    largest_share_ = scene_.shares() ? 1.0 : high_;
  }
  bool known(Part part, std::size_t i) const {
    return scene_.subject().playhead.computed(part == Part::scores ? masked_cell(i) : cell(i));
  }
  bool hidden(std::size_t i) const {
    const CellRef c = cell(i);
    return hidden_cell(scene_.input(), Stage::masked, c.row, c.column);
  }
  double value(Part part, std::size_t i) const {
    switch (part) {
      case Part::scores:
        return line_.scores[i];
      case Part::exponentials:
        return line_.exponentials[i];
      case Part::shares:
        return line_.shares[i];
    }
    return 0.0;
  }

  // ---- layout ----

  std::vector<Part> parts() const {
    if (raw()) return {Part::scores, Part::shares};
    return {Part::scores, Part::exponentials, Part::shares};
  }

  void measure(const Rect& content) {
    const TextLook look = context_.look(TextSize::body, Face::sans_bold);
    float widest = 0.0f;
    for (std::size_t i = 0; i < std::min<std::size_t>(count_, 200); ++i)
      widest = std::max(widest, context_.text.measure(look, name(i)).x);
    name_width_ = std::min(widest, content.width() * 0.24f);
    row_height_ = std::clamp(content.height() / static_cast<float>(count_), style().px(29), style().px(44));
    const auto n = static_cast<float>(parts().size());
    gap_ = style().px(8);
    part_width_ = (content.width() - name_width_ - gap_ * n) / n;
    left_ = content.min.x + name_width_ + gap_;
  }
  std::string name(std::size_t i) const { return by_column_ ? scene_.row_name(i) : scene_.column_name(i); }
  Rect row_rect(const Rect& content, std::size_t i) const {
    const float top = content.min.y + row_height_ * static_cast<float>(i) - std::round(memory_.scroll);
    return {{content.min.x, top}, {content.max.x, top + row_height_}};
  }
  Rect part_rect(const Rect& row, std::size_t place) const {
    const float left = left_ + (part_width_ + gap_) * static_cast<float>(place);
    return {{left, row.min.y + style().px(2)}, {left + part_width_, row.max.y - style().px(2)}};
  }

  // ---- drawing ----

  void draw_titles(const Rect& line) const {
    const TextLook look = context_.look(TextSize::body, context_.colours().ink_muted);
    for (std::size_t p = 0; p < parts().size(); ++p) {
      const Rect place = part_rect(line, p);
      std::string_view title = context_.tr("score");
      if (parts()[p] == Part::exponentials) {
        const bool removed = scene_.input().config.normalise == Normalise::softmax;
        title = removed ? "exp(s − max)" : "exp(s)";
        if (context_.text.measure(look, title).x > place.width()) title = "exp";
      } else if (parts()[p] == Part::shares) {
        title = raw() ? context_.tr("weight") : context_.tr("share");
      }
      context_.text.draw_in(*context_.list, {{place.min.x, line.min.y}, {place.max.x, line.max.y}}, look,
                            title, Align::right);
    }
  }

  void draw_row(const Rect& content, std::size_t i) const {
    const Rect row = row_rect(content, i);
    const Theme& theme = context_.colours();
    const CellRef here = cell(i);
    const bool is_selected = i == selected() && scene_.selected_here();
    const bool is_hovered = (by_column_ ? context_.hover.query : context_.hover.key) == i;
    if (is_selected || is_hovered)
      context_.list->AddRectFilled({row.min.x - style().px(3), row.min.y},
                                   {row.max.x + style().px(3), row.max.y},
                                   is_hovered ? theme.box_hover : theme.accent_soft, style().px(4));
    const Colour strong = by_column_ ? scene_.row_colour() : scene_.column_colour();
    const TextLook look = context_.look(TextSize::body, is_selected ? strong : theme.ink,
                                        is_selected ? Face::sans_bold : Face::sans);
    context_.text.draw_in(*context_.list, {row.min, {row.min.x + name_width_, row.max.y}}, look, name(i),
                          Align::right);
    for (std::size_t p = 0; p < parts().size(); ++p) {
      const Rect place = part_rect(row, p);
      draw_bar(place, parts()[p], i);
      context_.widgets.add(widget(parts()[p]).at(here), place.intersection(content), Focusable::no);
    }
  }
  static WidgetId widget(Part part) {
    switch (part) {
      case Part::scores:
        return {PanelId::heatmap, "bar_score"};
      case Part::exponentials:
        return {PanelId::heatmap, "bar_exponential"};
      case Part::shares:
        break;
    }
    return {PanelId::heatmap, "bar_share"};
  }

  /// A soft bar under its number.
  void draw_bar(const Rect& place, Part part, std::size_t i) const {
    ImDrawList& list = *context_.list;
    const Theme& theme = context_.colours();
    const float rounding = style().px(3);
    const bool asked = asking_what_if() && memory_.what_if->asks(i);
    list.AddRectFilled(place.min, place.max, theme.box, rounding);
    if (hidden(i) && !asked) {
      list.AddRectFilled(place.min, place.max, theme.hatch_background, rounding);
      draw_hatching(list, style(), place);
    } else if (known(part, i)) {
      const double v = value(part, i);
      const auto zero = static_cast<float>(part == Part::scores || raw() ? -low_ / (high_ - low_) : 0.0);
      const double length = part == Part::exponentials       ? v / largest_exponential_
                            : part == Part::shares && !raw() ? v / largest_share_
                                                             : v / (high_ - low_);
      const float from = place.min.x + place.width() * zero;
      const float to =
          std::clamp(from + place.width() * static_cast<float>(std::isfinite(length) ? length : 0.0),
                     place.min.x, place.max.x);
      Colour colour = theme.accent;
      if (part == Part::scores) colour = v < 0.0 ? theme.diverging_low : theme.diverging_high;
      if (part == Part::exponentials) colour = theme.ink_muted;
      list.AddRectFilled({std::min(from, to), place.min.y}, {std::max(from, to), place.max.y},
                         with_alpha(colour, 0.38f), rounding);
      // An edge that leaves the number legible, and a grip at its foot.
      list.AddLine({to, place.min.y}, {to, place.max.y}, with_alpha(colour, 0.6f), style().line());
      list.AddRectFilled({to - style().px(2), place.max.y - style().px(8)}, {to + style().px(2), place.max.y},
                         colour, style().px(1));
      if (part == Part::shares && asking_what_if()) draw_true_share(place, i);
    }
    if (asked && part == Part::scores)
      list.AddRect(place.min, place.max, theme.accent, rounding, 0, style().px(2));
    draw_bar_number(place, part, i, asked);
  }

  /// Where the share really is, while a question is asked.
  void draw_true_share(const Rect& place, std::size_t i) const {
    const float x = place.min.x + place.width() * static_cast<float>(
                                                      std::clamp(true_shares_[i] / largest_share_, 0.0, 1.0));
    for (float y = place.min.y; y < place.max.y; y += style().px(6))
      context_.list->AddLine({x, y}, {x, std::min(y + style().px(3), place.max.y)}, context_.colours().ink,
                             style().px(1.5f));
  }

  void draw_bar_number(const Rect& place, Part part, std::size_t i, bool asked) const {
    const Theme& theme = context_.colours();
    const TextLook look{Face::mono, style().text(TextSize::body), asked ? theme.accent : theme.ink};
    std::string text = "?";
    if (known(part, i)) {
      const float advance = context_.text.measure(look, "0").x;
      const auto room = static_cast<std::size_t>((place.width() - style().px(8)) / advance);
      const int decimals = context_.session.settings().decimals;
      text = format_to_fit(value(part, i), part == Part::scores ? std::min(decimals, 2) : decimals, room);
    }
    context_.text.draw_in(*context_.list,
                          {{place.min.x, place.min.y}, {place.max.x - style().px(5), place.max.y}}, look,
                          text, Align::right);
  }

  void draw_sums(const Rect& line) const {
    const Theme& theme = context_.colours();
    context_.text.draw_in(*context_.list, {line.min, {line.min.x + name_width_, line.max.y}},
                          context_.look(TextSize::body, theme.ink_muted), "Σ", Align::right);
    for (std::size_t p = 0; p < parts().size(); ++p) {
      if (parts()[p] == Part::scores) continue;
      bool all_known = true;
      double sum = 0.0;
      for (std::size_t i = 0; i < count_; ++i) {
        all_known = all_known && known(parts()[p], i);
        sum += value(parts()[p], i);
      }
      // Adding n float32 shares leaves a difference in the seventh digit, which nobody put there.
      if (std::abs(sum - std::round(sum)) <= 1e-6 * static_cast<double>(count_ + 1)) sum = std::round(sum);
      const Rect place = part_rect(line, p);
      context_.text.draw_in(
          *context_.list, {{place.min.x, line.min.y}, {place.max.x - style().px(5), line.max.y}},
          {Face::mono, style().text(TextSize::body), theme.ink_muted},
          all_known ? format_number(sum, context_.session.settings().decimals) : "?", Align::right);
    }
  }

  void draw_foot(Rect foot) {
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
    const std::string_view note = scene_.can_pull() ? context_.tr("drag a score: what if · a share: pull")
                                                    : context_.tr("drag a score: what if");
    context_.text.draw_in(*context_.list, foot, context_.look(TextSize::body, theme.ink_muted), note);
  }

  // ---- mouse and keys ----

  std::optional<std::size_t> row_at(const Rect& content, float y) const {
    const float place = (y - content.min.y + std::round(memory_.scroll)) / row_height_;
    if (place < 0.0f || place >= static_cast<float>(count_)) return std::nullopt;
    return static_cast<std::size_t>(place);
  }
  std::optional<Part> part_at(const Rect& content, float x) const {
    for (std::size_t p = 0; p < parts().size(); ++p) {
      const Rect place = part_rect(content, p);
      if (x >= place.min.x && x < place.max.x) return parts()[p];
    }
    return std::nullopt;
  }

  void use_mouse(const Interaction& use, const Rect& content) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const auto row = row_at(content, mouse.y);
    if (use.hovered && row) {
      context_.hover_next = hover_of(scene_.input(), cell(*row));
      if (part_at(content, mouse.x)) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    }
    if (use.pressed && row) begin_drag(*row, part_at(content, mouse.x), mouse.x);
    if (!memory_.drag) return;
    if (use.held) {
      continue_drag(mouse.x);
      return;
    }
    if (memory_.drag->pulls && memory_.drag->moved) context_.post(session::EndPull{});
    memory_.drag.reset();
  }

  void begin_drag(std::size_t row, std::optional<Part> part, float x) {
    context_.post(session::Select{cell(row)});
    if (!part || !known(*part, row)) return;
    if (*part == Part::shares) {
      if (scene_.can_pull() && !hidden(row))
        memory_.drag = BarsMemory::Drag{row, x, true_shares_[row], part_width_, true, false, false};
      return;
    }
    const bool exponential = *part == Part::exponentials;
    if (hidden(row) && !std::isfinite(line_.scores[row])) return;  // a mask is no score
    memory_.drag = BarsMemory::Drag{
        row,         x,    exponential ? line_.exponentials[row] : line_.scores[row], part_width_, false,
        exponential, false};
    // The scale stands still under the hand.
    memory_.drag->range = exponential ? largest_exponential_ : std::max(4.0, high_ - low_);
  }

  void continue_drag(float x) {
    BarsMemory::Drag& drag = *memory_.drag;
    if (!drag.moved && std::abs(x - drag.from) < style().px(kDragFrom)) return;
    const double by = static_cast<double>((x - drag.from) / drag.width);
    if (drag.pulls) {
      if (drag.moved && !context_.session.pulling()) {
        memory_.drag.reset();  // Esc took it back
        return;
      }
      const double goal = std::clamp(drag.start + by, 0.0, 1.0);
      if (!drag.moved) {
        const CellRef target = cell(drag.place);
        context_.post(
            session::BeginPull{session::PullTarget::weight(target.head, target.row, target.column)});
      }
      if (!drag.moved || ImGui::GetIO().MouseDelta.x != 0.0f) context_.post(session::MovePull{{goal}});
      drag.moved = true;
      return;
    }
    if (key_pressed(Key::escape)) {
      memory_.what_if.reset();
      memory_.drag.reset();
      return;
    }
    drag.moved = true;
    ask(drag.place, drag.exponential ? score_of(drag.start + by * drag.range) : drag.start + by * drag.range);
  }

  /// The score whose exponential is this much.
  double score_of(double exponential) const {
    constexpr double kLeast = 1e-6;
    return line_.maximum + std::log(std::max(exponential, kLeast));
  }

  void ask(std::size_t place, double score) {
    if (!memory_.what_if) memory_.what_if.emplace();
    memory_.what_if->scores[place] = score;
  }

  /// Up and down go along the line, with Shift to another line; left and right ask what if, page up and down
  /// pull the share.
  void use_keys(const WidgetId& id) {
    const bool shift = ImGui::GetIO().KeyShift;
    const auto go = [&](Key key, int by) {
      if (!context_.widgets.take(id, key)) return;
      const bool along_columns = by_column_ == shift;
      if (!scene_.selected_here()) {
        context_.post(session::ShowStage{scene_.stage()});
      } else {
        context_.post(session::MoveSelection{along_columns ? 0 : by, along_columns ? by : 0});
      }
    };
    go(Key::up, -1);
    go(Key::down, 1);
    const auto nudge = [&](Key key, double by) {
      if (!context_.widgets.take(id, key)) return;
      if (known(Part::scores, selected()) && std::isfinite(line_.scores[selected()]))
        ask(selected(), line_.scores[selected()] + by * (shift ? 10.0 : 1.0));
    };
    nudge(Key::left, -kNudge);
    nudge(Key::right, kNudge);
    if (asking_what_if() && context_.widgets.take(id, Key::escape)) memory_.what_if.reset();
    if (!scene_.can_pull() || !known(Part::shares, selected())) return;
    const auto pull = [&](Key key, double by) {
      if (!context_.widgets.take(id, key)) return;
      const CellRef target = cell(selected());
      context_.post(session::BeginPull{session::PullTarget::weight(target.head, target.row, target.column)});
      context_.post(session::MovePull{{std::clamp(true_shares_[selected()] + by, 0.0, 1.0)}});
      context_.post(session::EndPull{});
    };
    pull(Key::page_up, kPullNudge);
    pull(Key::page_down, -kPullNudge);
  }

  const AttentionScene& scene_;
  PanelContext& context_;
  BarsMemory& memory_;
  bool by_column_ = false;  ///< softmax over the queries: the line is a column
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  std::size_t count_ = 0;
  std::vector<double> scores_;       ///< of the trace
  std::vector<double> true_shares_;  ///< of the trace
  SoftmaxLine line_;                 ///< as drawn: of the trace, or of the question
  double low_ = 0.0;
  double high_ = 1.0;
  double largest_exponential_ = 1.0;
  double largest_share_ = 1.0;
  float name_width_ = 0.0f;
  float row_height_ = 0.0f;
  float part_width_ = 0.0f;
  float gap_ = 0.0f;
  float left_ = 0.0f;
};

}  // namespace

void draw_bars_view(const AttentionScene& scene, BarsMemory& memory, Rect content) {
  BarsView(scene, memory).draw(content);
}

}  // namespace attn::ui
