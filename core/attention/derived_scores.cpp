#include "core/attention/derived_scores.h"

namespace attn {

void DerivedScores::reset(const ScoreRecipe& recipe, std::size_t heads) {
  recipe_ = recipe;
  if (made_.size() < heads) made_ = std::vector<std::atomic<unsigned>>(heads);
  for (auto& made : made_) made.store(0, std::memory_order_relaxed);
  active_ = true;
}

}  // namespace attn
