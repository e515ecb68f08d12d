#include "app/panels/bars_line.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/number_format.h"

namespace attn::ui {

using session::softmax_line;

BarsLine::BarsLine(const AttentionScene& scene, BarsMemory& memory)
    : scene_(scene),
      over_queries_(scene.over_queries()),
      row_(std::min(scene.view().selection.row, scene.shape().rows - 1)),
      column_(std::min(scene.view().selection.column, scene.shape().columns - 1)),
      count_(over_queries_ ? scene.shape().rows : scene.shape().columns) {
  const CellRef first = over_queries_ ? scene.cell(0, column_) : scene.cell(row_, 0);
  if (!(memory.line == first) || memory.revision != scene.trace().revision()) {
    if (!memory.drag || !memory.drag->pulls || !(memory.line == first)) memory.drag.reset();
    memory.line = first;
    memory.revision = scene.trace().revision();
    memory.what_if.reset();
  }
  read(memory);
}

void BarsLine::read(const BarsMemory& memory) {
  const CellRect rect = over_queries_ ? CellRect{0, column_, count_, 1} : CellRect{row_, 0, 1, count_};
  const Read scores = scene_.trace().read(Stage::masked, scene_.head(), rect);
  const Read shares = scene_.trace().read(scene_.stage(), scene_.head(), rect);
  if (!scores.ready() || !shares.ready()) return;
  asking_ = memory.what_if && !memory.what_if->scores.empty();
  for (std::size_t i = 0; i < count_; ++i) {
    scores_.push_back(static_cast<double>(over_queries_ ? scores.values(i, 0) : scores.values(0, i)));
    true_shares_.push_back(static_cast<double>(over_queries_ ? shares.values(i, 0) : shares.values(0, i)));
    asked_.push_back(asking_ && memory.what_if->asks(i));
  }
  line_ =
      softmax_line(asking_ ? memory.what_if->applied_to(scores_) : scores_, scene_.input().config.normalise);
  // Without a question the shares are the trace's own, dropout included.
  if (!asking_) line_.shares = true_shares_;
  fit_range(rect);
  if (high_ - low_ < 1e-9) high_ = low_ + 1.0;
  largest_exponential_ = std::max(
      1.0, *std::ranges::max_element(line_.exponentials.empty() ? line_.shares : line_.exponentials));
  largest_share_ = scene_.shares() ? 1.0 : high_;
}

void BarsLine::fit_range(const CellRect& rect) {
  low_ = 0.0;
  high_ = 0.0;
  const auto take_in = [&](double score) {
    if (!std::isfinite(score)) return;
    low_ = std::min(low_, score);
    high_ = std::max(high_, score);
  };
  for (const double score : line_.scores) take_in(score);
  // While something is dragged the range grows for a bar that would leave it, and never shrinks.
  const Trace* const calm = scene_.subject().calm;
  if (calm == nullptr) return;
  const Read before = calm->read(Stage::masked, scene_.head(), rect);
  for (std::size_t i = 0; before.ready() && i < before.values.rows; ++i) {
    for (const float score : before.values.row(i)) take_in(static_cast<double>(score));
  }
}

std::vector<BarPart> BarsLine::parts() const {
  if (raw()) return {BarPart::scores, BarPart::shares};
  return {BarPart::scores, BarPart::exponentials, BarPart::shares};
}

CellRef BarsLine::score_cell(std::size_t i) const {
  CellRef c = cell(i);
  c.stage = Stage::masked;
  return c;
}

bool BarsLine::known(BarPart part, std::size_t i) const {
  return scene_.subject().playhead.computed(part == BarPart::scores ? score_cell(i) : cell(i));
}

bool BarsLine::hidden(std::size_t i) const {
  const CellRef c = cell(i);
  return hidden_cell(scene_.input(), Stage::masked, c.row, c.column);
}

double BarsLine::value(BarPart part, std::size_t i) const {
  switch (part) {
    case BarPart::scores:
      return line_.scores[i];
    case BarPart::exponentials:
      return line_.exponentials[i];
    case BarPart::shares:
      return line_.shares[i];
  }
  return 0.0;
}

std::optional<double> BarsLine::sum(BarPart part) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (!known(part, i)) return std::nullopt;
    sum += value(part, i);
  }
  // Adding n float32 shares leaves a difference in the seventh digit, which nobody put there.
  if (std::abs(sum - std::round(sum)) <= 1e-6 * static_cast<double>(count_ + 1)) return std::round(sum);
  return sum;
}

std::string BarsLine::text(BarPart part, std::size_t i, std::size_t most) const {
  if (!known(part, i)) return "?";
  const int decimals = scene_.context().session.settings().decimals;
  const int shown = part == BarPart::scores ? std::min(decimals, 2) : decimals;
  // A question has no exact form, and an exponential is no cell of a stage.
  const bool of_the_trace = part == BarPart::scores ? !asked_[i] : part == BarPart::shares ? !asking_ : false;
  if (!of_the_trace) return format_to_fit(value(part, i), shown, most);
  StageCells cells = scene_.cells();
  const CellRef c = part == BarPart::scores ? score_cell(i) : cell(i);
  cells.stage = c.stage;
  return cell_text_to_fit(cells, c.row, c.column, shown, most);
}

// ---- where bars begin and end ----

double BarsLine::zero(BarPart part) const {
  return part == BarPart::scores || (raw() && part == BarPart::shares) ? -low_ / (high_ - low_) : 0.0;
}

double BarsLine::length(BarPart part, std::size_t i) const {
  const double v = value(part, i);
  if (!std::isfinite(v)) return 0.0;
  if (part == BarPart::exponentials) return v / largest_exponential_;
  return part == BarPart::shares && !raw() ? v / largest_share_ : v / (high_ - low_);
}

double BarsLine::drag_range(BarPart part) const {
  return part == BarPart::exponentials ? largest_exponential_ : std::max(4.0, high_ - low_);
}

}  // namespace attn::ui
