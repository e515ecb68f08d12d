#pragma once
// Scores that a forward pass left out: what they are made from, and which heads of them somebody has read.

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

#include "core/attention/config.h"
#include "core/attention/stage.h"

namespace attn {

/// How scores, scaled and masked scores of a dot product follow from queries and keys.
struct ScoreRecipe {
  Stage queries = Stage::q;
  Stage keys = Stage::k;
  double factor = 1.0;  ///< score_factor()
  MaskConfig mask;
};

/// Which heads of the derived stages still have to be made. Any thread may ask; one at a time makes.
class DerivedScores {
 public:
  /// All heads of all three wait; nobody may be reading.
  void reset(const ScoreRecipe& recipe, std::size_t heads);
  /// Nothing is derived any more; nobody may be reading.
  void clear() { active_ = false; }

  const ScoreRecipe& recipe() const { return recipe_; }
  bool derives(Stage stage) const {
    return active_ && (stage == Stage::scores || stage == Stage::scaled || stage == Stage::masked);
  }
  bool waits(Stage stage, std::size_t head) const {
    return derives(stage) && made_[head].load(std::memory_order_acquire) <= step(stage);
  }
  std::mutex& making() const { return making_; }
  /// The stage of a head that is made next, and that it has been.
  Stage next(std::size_t head) const {
    constexpr std::array kOrder = {Stage::scores, Stage::scaled, Stage::masked};
    return kOrder[made_[head].load(std::memory_order_relaxed)];
  }
  void made(std::size_t head) const { made_[head].fetch_add(1, std::memory_order_release); }

 private:
  static unsigned step(Stage stage) { return stage == Stage::scores ? 0U : stage == Stage::scaled ? 1U : 2U; }

  bool active_ = false;
  ScoreRecipe recipe_;
  mutable std::mutex making_;
  mutable std::vector<std::atomic<unsigned>> made_;  ///< of each head, how many of the three
};

}  // namespace attn
