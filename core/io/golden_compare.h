#pragma once
// A computed trace against the expected arrays of a golden case, with the tolerance that the format
// promises for float32.

#include <string>
#include <vector>

#include "core/attention/arrays.h"
#include "core/attention/gradient.h"
#include "core/io/scenario.h"

namespace attn::io {

/// The worst cell of one expected array.
struct ArrayError {
  std::string array;    ///< "weights", "grad_x"
  double ratio = 0.0;   ///< |difference| ÷ tolerance; infinite when anything else is wrong
  std::string problem;  ///< one line when shape or the pattern of −∞ differs, or a NaN was found
};

/// One entry for each array of `golden.expected`, in its order.
///
/// Stages: 1e-5 · max(1, largest finite |expected| of that array), and 1e-4 in place of 1e-5 where the
/// largest finite |scaled| passes 100. The −∞ pattern is exact. `masked` with a hidden_value is compared
/// over the visible cells; the hidden ones must equal it.
/// Gradients: 1e-4 · max(1, largest |expected| over all gradient arrays of the case).
/// `gradients` may be null when the case expects none; one that does is then reported as a problem.
std::vector<ArrayError> compare_golden(const GoldenCase& golden, const Arrays<float>& found,
                                       const Gradients<float>* gradients);

}  // namespace attn::io
