#pragma once
// How two computations of the same trace are compared: a derived error bound for every cell, and the
// worst cell in units of that bound.

#include <optional>
#include <string>

#include "core/attention/arrays.h"
#include "core/attention/input.h"

namespace attn {

/// For every cell of every stage, how far float32 may be from the exact value: rounding of this stage's
/// own operations plus the errors that arrive from the stages before, to first order with a margin.
/// `exact` is the float64 forward pass. The derivation is in compare.cpp, stage by stage.
Arrays<double> error_bounds(const Input& input, const Arrays<double>& exact);

/// The worst cell of one stage.
struct StageError {
  Stage stage = Stage::x;
  CellRef worst;
  double found = 0.0;
  double expected = 0.0;
  double difference = 0.0;
  double bound = 0.0;
  double ratio = 0.0;   ///< difference ÷ bound; infinite where a NaN or the −∞ pattern differs
  std::string problem;  ///< set when the −∞ or NaN pattern differs, empty otherwise
  bool within() const { return problem.empty() && ratio <= 1.0; }
};

/// Compares found with expected cell by cell: first the pattern of −∞ (+∞ and NaN too), then the finite
/// cells against bound. A NaN never passes.
StageError compare_stage(Stage stage, const Arrays<float>& found, const Arrays<double>& expected,
                         const Arrays<double>& bound);

}  // namespace attn
