#pragma once
// How a number came to be, in one line: "1×3 + 2×4 = 11", from a node of the explain tree, with every
// number in the colour of where it comes from.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/widgets/conventions.h"
#include "app/widgets/formula.h"
#include "core/attention/exact_values.h"
#include "core/attention/explain.h"

namespace attn::ui {

/// A line of arithmetic. The numbers in it that can be asked about are tagged with their place in `nodes`.
struct StepLine {
  Formula formula;  ///< a row, so that it can be broken into lines
  std::vector<ExplainNode> nodes;
  std::vector<std::vector<std::size_t>>
      paths;  ///< of each of them: which child of which child of the line's node
  /// What stands between the name of the number and this line: "=", or "≈" where the line begins with
  /// arithmetic of which a number is rounded.
  std::string_view lead_sign = "=";
};

struct StepOptions {
  int decimals = 4;
  std::size_t max_terms = 6;   ///< of a sum; the others are "…"
  std::size_t first_term = 0;  ///< where a long sum begins: pages
  bool with_result = true;     ///< "= 11" or "≈ 0.9503" at the end
  /// Writes numbers in their exact form where they have one that reads well; null: decimals.
  ExactValues* exact = nullptr;
  bool level_fractions = false;  ///< exact numbers as 11/√2, for a line that is no higher than its letters
  Conventions conventions{};
  std::span<const std::string> features{};  ///< names of the columns of x; empty: they are numbered
};

/// The arithmetic of one node. Hidden, dropped and empty cells are said in words: pass the translated ones.
struct StepWords {
  std::string hidden;   ///< "hidden by the mask"
  std::string nothing;  ///< "nothing to share"
  std::string dropped;  ///< "removed by dropout"
};

/// `node` must come from `explainer`.
StepLine step_line(Explainer& explainer, const ExplainNode& node, const StepWords& words,
                   const StepOptions& options);

/// The exact form of a number where it is shown instead of decimals: none without `exact`, where it has none,
/// or where decimals read better.
std::optional<Exact> shown_exactly(ExactValues* exact, const ExplainNode& node);

/// The colour of a number: of its stage or of its parameter.
Ink ink_of(const ExplainNode& node);

}  // namespace attn::ui
