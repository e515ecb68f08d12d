#pragma once
// Explanations as plain text, for terminals, worksheets and tests.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/attention/explain.h"

namespace attn {

struct ExplainTextOptions {
  std::size_t depth = 3;  ///< levels below the first line; 0 shows only that line
  int decimals = 4;       ///< 0 to 15
  std::shared_ptr<const std::vector<std::string>> feature_names{};  ///< of the columns of x; null: numbers
};

/// How a cell came to be, as an indented tree in UTF-8, one number a line and "\n" after each:
///
///     α[0][0,2] ≈ 0.9503 ≈ exp(0) ÷ 1.0523  (x1 listens to x3)
///       score − maximum = 0 = 11 − 11
///       …
///
/// A line gives the number under every name that it has, then its arithmetic. "=" stands only between what is
/// equal as it is shown; where decimals were rounded it is "≈". A sum of many terms shows its largest
/// ones and how much the others are together. What was opened once is not opened again.
/// Throws std::out_of_range as Explainer::cell does.
std::string explain_text(Explainer& explainer, const CellRef& cell, const ExplainTextOptions& options = {});

}  // namespace attn
