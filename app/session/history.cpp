#include "app/session/history.h"

#include <utility>

namespace attn::session {

History::History(Document start, std::uint64_t byte_limit)
    : byte_limit_(byte_limit), current_(start), saved_(std::move(start)) {}

void History::push(Document next, Message label, std::optional<MovedWord> moved) {
  commit();
  if (next == current_) return;
  for (const Step& step : redo_) bytes_ -= step.bytes;
  redo_.clear();
  const std::uint64_t bytes = current_.bytes_not_shared_with(next);
  undo_.push_back({std::exchange(current_, std::move(next)), std::move(label), bytes, moved});
  bytes_ += bytes;
  keep_within_limit();
}

void History::begin() {
  commit();
  gesture_ = Gesture{current_, {}, {}};
}

void History::preview(Document next, Message label, std::optional<MovedWord> moved) {
  gesture_ = Gesture{std::move(next), std::move(label), moved};
}

void History::commit() {
  if (!gesture_) return;
  Gesture gesture = *std::exchange(gesture_, std::nullopt);
  push(std::move(gesture.preview), std::move(gesture.label), gesture.moved);
}

void History::cancel() { gesture_.reset(); }

void History::undo() {
  if (!can_undo()) return;
  Step step = std::move(undo_.back());
  undo_.pop_back();
  bytes_ -= step.bytes;
  const std::uint64_t bytes = current_.bytes_not_shared_with(step.document);
  redo_.push_back(
      {std::exchange(current_, std::move(step.document)), std::move(step.label), bytes, step.moved});
  bytes_ += bytes;
  keep_within_limit();
}

void History::redo() {
  if (!can_redo()) return;
  Step step = std::move(redo_.back());
  redo_.pop_back();
  bytes_ -= step.bytes;
  const std::uint64_t bytes = current_.bytes_not_shared_with(step.document);
  undo_.push_back(
      {std::exchange(current_, std::move(step.document)), std::move(step.label), bytes, step.moved});
  bytes_ += bytes;
  keep_within_limit();
}

std::optional<Message> History::undo_label() const {
  if (!can_undo()) return std::nullopt;
  return undo_.back().label;
}

std::optional<Message> History::redo_label() const {
  if (!can_redo()) return std::nullopt;
  return redo_.back().label;
}

void History::reset(Document start) { *this = History(std::move(start), byte_limit_); }

void History::keep_within_limit() {
  // The step next to the document stays on each side, however large: the last action can be undone.
  const auto drop_farthest = [this](std::deque<Step>& steps) {
    bytes_ -= steps.front().bytes;
    steps.pop_front();
  };
  while (bytes_ > byte_limit_ && undo_.size() > 1) drop_farthest(undo_);
  while (bytes_ > byte_limit_ && redo_.size() > 1) drop_farthest(redo_);
}

}  // namespace attn::session
