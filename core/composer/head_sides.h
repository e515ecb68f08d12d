#pragma once
// Both sides of one head as a wish asks for them.

#include "core/composer/head_parameters.h"
#include "core/composer/wish.h"

namespace attn {

/// What makes the queries and the keys of one head.
struct HeadSides {
  HeadProjection q;
  HeadProjection k;
};

/// The sides that carry out a wish, as compose_head() says. hindrance() must have nothing against it.
HeadSides composed_sides(const Input& input, const Dimensions& d, const Wish& wish, double strength);

}  // namespace attn
