#pragma once
// The formulas of the settings, as they stand beside the answers.

#include <string>

#include "app/widgets/formula.h"
#include "core/attention/config.h"

namespace attn::ui {

Formula formula_of(Score score);        ///< q·k, …
Formula formula_of(Scale::Kind kind);   ///< s, s ÷ √d_k, c·s
Formula cosine_formula();               ///< cos(q, k) = q·k/|q||k|
Formula temperature_formula();          ///< s/T
Formula formula_of(Position position);  ///< x + p, …
Formula formula_of(Normalise normalise);
Formula formula_of(SoftmaxAxis axis);
Formula formula_of(Combine combine);
Formula formula_of(AttendOver attend_over);
Formula causal_formula();    ///< j ≤ i
Formula window_formula();    ///< |i − j| ≤ w
Formula dropout_formula();   ///< α′ = α/(1 − p) or 0
Formula heads_formula();     ///< W_Q: d_model × h·d_k
Formula kv_heads_formula();  ///< W_K: d_source × g·d_k
Formula self_formula();      ///< Q, K, V from X
Formula cross_formula();     ///< Q from X, K and V from Z
/// d_k with its index below, for the names of widths.
Formula width_symbol(const std::string& index, Ink ink = Ink::text);

}  // namespace attn::ui
