// The lines themselves: which are drawn, and how.

#include <cmath>

#include "app/panels/lines_view.h"
#include "app/widgets/row_reads.h"

namespace attn::ui {
namespace {

/// More lines than these are a grey cloud, and too many corners for one list of ImGui: the strongest are
/// drawn.
constexpr std::size_t kMostLines = 800;
/// What is weaker cannot be seen.
constexpr float kFaintest = 0.004f;

}  // namespace

/// All lines that may be drawn: of the selected words and of what is pointed at.
void LinesView::collect() {
  sums_.assign(answering_.count, 0.0);
  const auto least = static_cast<float>(scene_.view().line_threshold);
  const auto most = static_cast<float>(scene_.shares() ? 1.0 : scene_.cells().scale.high);
  const auto add = [&](std::size_t h, std::size_t i, std::size_t j, float value) {
    const float strength = std::min(1.0f, std::abs(value) / most);
    if (!(strength >= std::max(least, kFaintest))) return;
    if (known(heads_[h].head, i, j)) lines_.push_back({i, j, h, strength});
  };
  const Trace& trace = scene_.trace();
  std::vector<std::size_t> rows = rows_;
  if (hovered_row_ && !draws(*hovered_row_)) rows.push_back(*hovered_row_);
  for (std::size_t h = 0; h < heads_.size(); ++h) {
    for (const std::size_t i : rows) {
      const Read& read = context_.memory.get<RowReads>().row(trace, scene_.stage(), heads_[h].head, i);
      if (!read.ready()) continue;
      const std::span<const float> values = read.values.row(0);
      if (h == 0 && draws(i)) {
        for (std::size_t j = 0; j < values.size(); ++j) sums_[j] += static_cast<double>(values[j]);
      }
      if (h == 0 && hovered_row_ == i) hovered_shares_.assign(values.begin(), values.end());
      for (std::size_t j = 0; j < values.size(); ++j) add(h, i, j, values[j]);
    }
    if (!hovered_column_) continue;
    const std::size_t j = *hovered_column_;
    const Read column = trace.read(scene_.stage(), heads_[h].head, {0, j, scene_.shape().rows, 1});
    for (std::size_t i = 0; column.ready() && i < column.values.rows; ++i)
      if (!draws(i)) add(h, i, j, column.values(i, 0));
  }
  found_ = lines_.size();
  const auto weaker = [](const WeightLine& a, const WeightLine& b) { return a.strength > b.strength; };
  if (lines_.size() > kMostLines) {
    std::ranges::nth_element(lines_, lines_.begin() + kMostLines, weaker);
    lines_.resize(kMostLines);
  }
  // The strongest lies on top.
  std::ranges::sort(lines_, [](const WeightLine& a, const WeightLine& b) { return a.strength < b.strength; });
}
bool LinesView::known(std::size_t head, std::size_t i, std::size_t j) const {
  return !scene_.cells().incomplete() || scene_.subject().playhead.computed({scene_.stage(), head, i, j});
}
bool LinesView::points_at(const WeightLine& line) const {
  if (hovered_row_) return line.row == *hovered_row_;
  if (hovered_column_) return line.column == *hovered_column_;
  return true;
}

void LinesView::draw_all_lines() const {
  for (const bool pointed : {false, true}) {
    for (const WeightLine& line : lines_)
      if (points_at(line) == pointed) draw_line(line, pointed);
  }
}

void LinesView::draw_line(const WeightLine& line, bool pointed) const {
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

}  // namespace attn::ui
