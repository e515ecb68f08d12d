#include "app/session/playhead.h"

#include <algorithm>
#include <utility>

namespace attn::session {
namespace {

bool is_given(Stage stage) { return stage == Stage::x || stage == Stage::source_x; }

}  // namespace

StepOrder::StepOrder(const Input& input, const Dimensions& d)
    : by_rows_(d.n_queries > kCellTokens || d.n_keys > kCellTokens) {
  for (const Stage stage : stages_of(input)) {
    if (is_given(stage)) continue;
    const StageShape shape = shape_of(stage, input, d);
    parts_[index(stage)] = {count_, shape.rows, by_rows_ ? 1 : shape.columns};
    count_ += part(stage).moments();
    stages_.push_back(stage);
  }
}

bool StepOrder::has(Stage stage) const { return part(stage).moments() != 0; }

std::optional<Moment> StepOrder::moment(std::size_t position) const {
  if (position == 0 || count_ == 0) return std::nullopt;
  const std::size_t i = std::min(position, count_) - 1;
  const auto after = std::ranges::find_if(stages_, [&](Stage stage) { return i < end_of(stage); });
  const Part& p = part(*after);
  return Moment{*after, (i - p.begin) / p.columns, (i - p.begin) % p.columns};
}

std::optional<std::size_t> StepOrder::position_of(const Moment& m) const {
  if (!has(m.stage)) return std::nullopt;
  const Part& p = part(m.stage);
  const std::size_t row = std::min(m.row, p.rows - 1);
  const std::size_t column = std::min(m.column, p.columns - 1);
  return p.begin + row * p.columns + column + 1;
}

std::size_t StepOrder::begin_of(Stage stage) const { return part(stage).begin; }
std::size_t StepOrder::end_of(Stage stage) const { return part(stage).begin + part(stage).moments(); }

std::size_t StepOrder::next_stage(std::size_t position) const {
  for (const Stage stage : stages_) {
    if (end_of(stage) > position) return end_of(stage);
  }
  return count_;
}

std::size_t StepOrder::previous_stage(std::size_t position) const {
  std::size_t before = 0;
  for (const Stage stage : stages_) {
    if (end_of(stage) < position) before = end_of(stage);
  }
  return before;
}

bool StepOrder::computed(std::size_t position, const CellRef& cell) const {
  if (is_given(cell.stage)) return true;
  if (!has(cell.stage)) return false;
  const Part& p = part(cell.stage);
  return p.begin + cell.row * p.columns + (by_rows_ ? 0 : cell.column) < position;
}

bool StepOrder::complete(std::size_t position, Stage stage) const {
  return is_given(stage) || (has(stage) && position >= end_of(stage));
}

Playhead::Playhead(StepOrder order) : order_(std::move(order)), position_(order_.count()) {}

double Playhead::fraction() const {
  return order_.count() == 0 ? 1.0 : static_cast<double>(position_) / static_cast<double>(order_.count());
}

void Playhead::go(std::size_t position) {
  playing_ = false;
  position_ = std::min(position, order_.count());
}

void Playhead::go(const Moment& m) {
  if (const auto position = order_.position_of(m)) go(*position);
}

void Playhead::step_forward() { go(position_ + 1); }
void Playhead::step_back() { go(position_ == 0 ? 0 : position_ - 1); }

void Playhead::play() {
  if (at_end()) position_ = 0;
  playing_ = true;
  carried_ = 0.0;
}

bool Playhead::advance(double seconds, double speed) {
  if (!playing_) return false;
  carried_ += std::max(seconds, 0.0) * speed * kMomentsPerSecond;
  const std::size_t left = order_.count() - position_;
  const std::size_t steps = carried_ < static_cast<double>(left) ? static_cast<std::size_t>(carried_) : left;
  carried_ -= static_cast<double>(steps);
  position_ += steps;
  if (at_end()) playing_ = false;
  return steps != 0;
}

void Playhead::change_order(StepOrder order) {
  const bool was_at_end = at_end();
  const std::optional<Moment> m = moment();
  const std::vector<Stage> before = std::exchange(order_, std::move(order)).stages();
  if (was_at_end) {
    position_ = order_.count();
    return;
  }
  position_ = 0;
  if (!m) return;
  if (const auto position = order_.position_of(*m)) {
    position_ = *position;
    return;
  }
  for (const Stage stage : before) {
    if (stage == m->stage) break;
    if (order_.has(stage)) position_ = order_.end_of(stage);
  }
}

}  // namespace attn::session
