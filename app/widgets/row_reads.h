#pragma once
// Rows that are read again in every frame. A trace that makes a row when it is read (Trace::streams) makes it
// once.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/attention/trace.h"

namespace attn::ui {

class RowReads {
 public:
  static constexpr std::size_t kMostRows = 64;

  /// One row of a head. Good until the next call.
  const Read& row(const Trace& trace, Stage stage, std::size_t head, std::size_t row) {
    const CellRect rect{row, 0, 1, trace.shape(stage).columns};
    if (!trace.streams(stage)) return once_ = trace.read(stage, head, rect);
    if (trace_ != &trace || revision_ != trace.revision()) kept_.clear();
    trace_ = &trace;
    revision_ = trace.revision();
    ++clock_;
    const auto found = std::ranges::find_if(
        kept_, [&](const Kept& k) { return k.stage == stage && k.head == head && k.row == row; });
    if (found != kept_.end()) {
      found->used = clock_;
      return found->read;
    }
    once_ = trace.read(stage, head, rect);
    if (!once_.ready()) return once_;
    if (kept_.size() == kMostRows) kept_.erase(std::ranges::min_element(kept_, {}, &Kept::used));
    return kept_.emplace_back(Kept{stage, head, row, clock_, once_}).read;
  }

 private:
  struct Kept {
    Stage stage = Stage::x;
    std::size_t head = 0;
    std::size_t row = 0;
    std::uint64_t used = 0;
    Read read;
  };
  const Trace* trace_ = nullptr;
  std::uint64_t revision_ = 0;
  std::uint64_t clock_ = 0;
  std::vector<Kept> kept_;
  Read once_;
};

}  // namespace attn::ui
