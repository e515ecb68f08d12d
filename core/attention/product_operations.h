#pragma once
// How much arithmetic a stage is, for saying how much of what a processor can do it gets.

#include <span>

#include "core/attention/input.h"
#include "core/attention/trace.h"

namespace attn {

/// Multiplications and additions that the products behind these cells of every head need. 0 for a stage
/// without products, and for those that are not counted: attention over features, scores other than q · k.
/// `visible_alone`: what causal mask and window hide is left out, as where a pass skips it.
double product_operations(Stage stage, const Input& input, const Dimensions& d,
                          std::span<const CellRect> cells, bool visible_alone);

}  // namespace attn
