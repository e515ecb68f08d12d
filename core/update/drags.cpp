#include "core/update/drags.h"

#include <utility>

#include "core/attention/ops.h"

namespace attn {

void Drags::pressed(std::shared_ptr<const StoredTrace> trace) {
  const Dimensions& d = trace->dimensions();
  const bool follows = Drag::serves(trace->input().config) && !is_unfused(d.n_queries, d.d_k, d.n_keys);
  if (!follows) trace.reset();
  const std::lock_guard lock(mutex_);
  drag_.reset();
  pressed_ = std::move(trace);
}

void Drags::make_ready() {
  const std::lock_guard lock(mutex_);
  if (!pressed_ || drag_) return;
  while (rooms_.size() < kRooms) rooms_.push_back(std::make_shared<Dragged>());
  for (const auto& kept : rooms_)
    if (kept.use_count() == 1) kept->copy(pressed_);
}

void Drags::forget() {
  const std::lock_guard lock(mutex_);
  drag_.reset();
  pressed_.reset();
}

std::shared_ptr<Dragged> Drags::room() {
  for (const auto& kept : rooms_)
    if (kept.use_count() == 1) return kept;
  if (rooms_.size() == kRooms) rooms_.erase(rooms_.begin());
  rooms_.push_back(std::make_shared<Dragged>());
  return rooms_.back();
}

std::shared_ptr<const Trace> Drags::follow(const Input& input, std::uint64_t revision) {
  const std::lock_guard lock(mutex_);
  if (!pressed_) return nullptr;
  auto moved = moved_words(pressed_->input(), input);
  if (!moved || moved->queries.size() > Drag::kMostWords || moved->keys.size() > Drag::kMostWords)
    return nullptr;
  if (!drag_ || !drag_->moves(*moved)) {
    drag_ = std::make_shared<Drag>(pressed_, std::move(*moved));
    reads_ = std::make_shared<DragReads>();
  }
  auto at = room();
  if (!drag_->move(input, *at)) return nullptr;
  auto trace = std::make_shared<DragTrace>(input, drag_, std::move(at), reads_, revision);
  trace->make_ready();
  return trace;
}

}  // namespace attn
