#include <algorithm>

#include "core/update/drag_trace.h"

namespace attn {

std::shared_ptr<kernel::Block<float>> DragReads::room(std::size_t numbers) {
  const std::lock_guard lock(mutex_);
  for (const auto& kept : rooms_) {
    if (kept.use_count() != 1 || kept->capacity() < numbers) continue;
    return kept;
  }
  auto made = std::make_shared<kernel::Block<float>>();
  made->at_least(numbers);
  rooms_.push_back(made);
  return made;
}

std::pair<std::uint64_t, DragReads::Wanted> DragReads::begin() {
  const std::lock_guard lock(mutex_);
  // Of a trace that no frame has shown nothing was read, and that says nothing.
  if (!read_.maps.empty() || !read_.output_rows.empty()) known_ = std::exchange(read_, {});
  return {++newest_, known_};
}

void DragReads::read_map(std::uint64_t trace, const Map& map) {
  const std::lock_guard lock(mutex_);
  if (trace != newest_ || read_.maps.size() == kMostMaps) return;
  if (std::ranges::find(read_.maps, map) == read_.maps.end()) read_.maps.push_back(map);
}

void DragReads::read_output(std::uint64_t trace, std::size_t row) {
  const std::lock_guard lock(mutex_);
  if (trace != newest_) return;
  const std::size_t first = row / Drag::kOutputRows * Drag::kOutputRows;
  if (std::ranges::find(read_.output_rows, first) == read_.output_rows.end())
    read_.output_rows.push_back(first);
}

}  // namespace attn
