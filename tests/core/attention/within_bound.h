#pragma once
// Every stage against float64, within the bound that is derived for it; a failure shows the worst cell.

#include <cstdlib>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/attention/attention.h"
#include "core/attention/compare.h"

namespace attn::test {

/// ATTN_TOLERANCE_SCALE=0 makes every bound zero, so that a run prints its true residuals.
inline double tolerance_scale() {
  const char* text = std::getenv("ATTN_TOLERANCE_SCALE");
  return text == nullptr ? 1.0 : std::atof(text);
}

inline void check_within_bound(const Input& input, const Arrays<float>& found, const std::string& what) {
  Arrays<double> exact;
  forward<double>(input, validate(input), exact);
  const Arrays<double> bound = error_bounds(input, exact);
  for (const Stage stage : stages_of(input)) {
    const StageError error = compare_stage(stage, found, exact, bound);
    INFO(fmt::format("{}: {}[{}][{},{}] found {} expected {} difference {} bound {} {}", what, name(stage),
                     error.worst.head, error.worst.row, error.worst.column, error.found, error.expected,
                     error.difference, error.bound, error.problem));
    CHECK(error.problem.empty());
    CHECK(error.ratio <= tolerance_scale());
  }
}

}  // namespace attn::test
