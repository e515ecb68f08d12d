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
    memory.data.reset();
  }
  read(memory);
}

void BarsLine::read(BarsMemory& memory) {
  asking_ = memory.what_if && !memory.what_if->scores.empty();
  // Of a long text the numbers are not gone through again in every frame.
  if (!asking_ && memory.data && memory.data->scores.size() == count_ &&
      memory.data_calm == scene_.subject().calm) {
    data_ = memory.data;
    return;
  }
  memory.data.reset();
  const CellRect rect = over_queries_ ? CellRect{0, column_, count_, 1} : CellRect{row_, 0, 1, count_};
  const Read scores = scene_.trace().read(Stage::masked, scene_.head(), rect);
  const Read shares = scene_.trace().read(scene_.stage(), scene_.head(), rect);
  if (!scores.ready() || !shares.ready()) return;
  const auto data = std::make_shared<BarsData>();
  for (std::size_t i = 0; i < count_; ++i) {
    data->scores.push_back(static_cast<double>(over_queries_ ? scores.values(i, 0) : scores.values(0, i)));
    data->true_shares.push_back(
        static_cast<double>(over_queries_ ? shares.values(i, 0) : shares.values(0, i)));
    data->asked.push_back(asking_ && memory.what_if->asks(i));
  }
  session::SoftmaxLine& line = data->line;
  line = softmax_line(asking_ ? memory.what_if->applied_to(data->scores) : data->scores,
                      scene_.input().config.normalise);
  // Without a question the shares are the trace's own, dropout included.
  if (!asking_) line.shares = data->true_shares;
  fit_range(rect, *data);
  if (data->high - data->low < 1e-9) data->high = data->low + 1.0;
  data->largest_exponential =
      std::max(1.0, *std::ranges::max_element(line.exponentials.empty() ? line.shares : line.exponentials));
  data->largest_share = scene_.shares() ? 1.0 : data->high;
  for (const double e : line.exponentials) data->exponentials_sum += e;
  for (const double share : line.shares) data->shares_sum += share;
  data_ = data;
  if (asking_) return;
  memory.data = data;
  memory.data_calm = scene_.subject().calm;
}

void BarsLine::fit_range(const CellRect& rect, BarsData& data) const {
  data.low = 0.0;
  data.high = 0.0;
  const auto take_in = [&](double score) {
    if (!std::isfinite(score)) return;
    data.low = std::min(data.low, score);
    data.high = std::max(data.high, score);
  };
  for (const double score : data.line.scores) take_in(score);
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
      return data_->line.scores[i];
    case BarPart::exponentials:
      return data_->line.exponentials[i];
    case BarPart::shares:
      return data_->line.shares[i];
  }
  return 0.0;
}

std::optional<double> BarsLine::sum(BarPart part) const {
  const session::Playhead& playhead = scene_.subject().playhead;
  if (!playhead.complete(part == BarPart::scores ? Stage::masked : scene_.stage())) {
    for (std::size_t i = 0; i < count_; ++i)
      if (!known(part, i)) return std::nullopt;
  }
  double sum = data_->shares_sum;
  if (part == BarPart::exponentials) sum = data_->exponentials_sum;
  // Adding n float32 shares leaves a difference in the seventh digit, which nobody put there.
  if (std::abs(sum - std::round(sum)) <= 1e-6 * static_cast<double>(count_ + 1)) return std::round(sum);
  return sum;
}

std::string BarsLine::text(BarPart part, std::size_t i, std::size_t most) const {
  if (!known(part, i)) return "?";
  const int decimals = scene_.context().session.settings().decimals;
  const int shown = part == BarPart::scores ? std::min(decimals, 2) : decimals;
  // A question has no exact form, and an exponential is no cell of a stage.
  const bool of_the_trace = part == BarPart::scores   ? !data_->asked[i]
                            : part == BarPart::shares ? !asking_
                                                      : false;
  if (!of_the_trace) return format_to_fit(value(part, i), shown, most);
  StageCells cells = scene_.cells();
  const CellRef c = part == BarPart::scores ? score_cell(i) : cell(i);
  cells.stage = c.stage;
  return cell_text_to_fit(cells, c.row, c.column, shown, most);
}

// ---- where bars begin and end ----

double BarsLine::zero(BarPart part) const {
  return part == BarPart::scores || (raw() && part == BarPart::shares)
             ? -data_->low / (data_->high - data_->low)
             : 0.0;
}

double BarsLine::length(BarPart part, std::size_t i) const {
  const double v = value(part, i);
  if (!std::isfinite(v)) return 0.0;
  if (part == BarPart::exponentials) return v / data_->largest_exponential;
  return part == BarPart::shares && !raw() ? v / data_->largest_share : v / (data_->high - data_->low);
}

double BarsLine::drag_range(BarPart part) const {
  return part == BarPart::exponentials ? data_->largest_exponential : std::max(4.0, data_->high - data_->low);
}

}  // namespace attn::ui
