#pragma once
// How far scores reach that nobody has read yet: found without storing them.

#include <array>
#include <cstddef>

#include "core/attention/arrays.h"
#include "core/attention/stage.h"

namespace attn {

/// Largest magnitudes of the derived stages, over all heads; of the masked scores among those that are left.
struct DerivedRange {
  double scores = 0.0;
  double scaled = 0.0;
  double masked = 0.0;
  double operator[](Stage stage) const {
    return stage == Stage::scores ? scores : stage == Stage::scaled ? scaled : masked;
  }
};

/// The same numbers as a look at every cell gives. The scores must be derived (arrays.h).
DerivedRange derived_range(const Arrays<float>& arrays);

}  // namespace attn
