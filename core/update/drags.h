#pragma once
// Inputs that come one after the other, as a backend sees them: which of them are movements of one gesture.

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "core/update/drag.h"
#include "core/update/drag_trace.h"

namespace attn {

/// Any thread may call.
class Drags {
 public:
  /// A whole pass, from which movements may follow.
  void pressed(std::shared_ptr<const StoredTrace> trace);
  /// Room for the movements that may follow, made while nobody waits.
  void make_ready();
  /// Lets go of it.
  void forget();
  /// The trace of an input that is the pressed one with a few words moved. Nothing where it is not, where
  /// such inputs are not followed (Drag::serves), where they are so small that they show the digits of
  /// ops.cpp (is_unfused), or where a number might leave float32.
  std::shared_ptr<const Trace> follow(const Input& input, std::uint64_t revision);

 private:
  /// One is on screen, one is drawn from when the next comes, one is being made.
  static constexpr std::size_t kRooms = 3;
  std::shared_ptr<Dragged> room();

  std::mutex mutex_;
  std::shared_ptr<const StoredTrace> pressed_;
  std::shared_ptr<const Drag> drag_;
  std::shared_ptr<DragReads> reads_;
  std::vector<std::shared_ptr<Dragged>> rooms_;
};

}  // namespace attn
