#pragma once
// How the scores of one line of the table came to be, as one formula.

#include "app/widgets/conventions.h"
#include "app/widgets/formula.h"
#include "core/attention/input.h"

namespace attn::ui {

/// "s₁ⱼ = q₁ · kⱼ ÷ √2" for the scores of one query, as the reader writes it; "sᵢ₁ = qᵢ · k₁ ÷ √2" for those
/// of one key. `at` counts the query (the key) from 0. Empty where there is no short formula: other scores
/// than the dot product, a bias of distance, attention over features.
Formula score_line_formula(const Input& input, const Dimensions& d, std::size_t at, bool of_key,
                           const Conventions& conventions);

}  // namespace attn::ui
