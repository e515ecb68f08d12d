#pragma once
// Which sign may stand in a line of arithmetic: "=" only between what is equal as it is shown.

#include <string_view>

#include "app/widgets/formula_steps.h"

namespace attn::ui {

/// A product that is written out inside its sum.
bool is_product(const ExplainNode& node);
/// A product that is written out where it is divided as well: 8 × 0.25 ÷ 2.
bool is_written_out(const ExplainNode& node);

/// Whether a number stands on screen as it is: in its exact form, or with decimals that were not rounded.
bool stands_exactly(const ExplainNode& node, const StepOptions& options);
/// Whether every number of the node's arithmetic stands there as it is.
bool exact_operands(Explainer& explainer, const ExplainNode& node, const StepOptions& options);

/// The sign between the arithmetic as shown and the result as shown: "=" or "≈"; empty where words stand
/// between them.
std::string_view step_sign(Explainer& explainer, const ExplainNode& node, const StepOptions& options);

/// The sign between a number's name and its value as shown: "=" where the decimals are the number, or where
/// the arithmetic that it comes from is equal as shown; else "≈".
std::string_view value_sign(Explainer& explainer, ExplainNode node, const StepOptions& options);

}  // namespace attn::ui
