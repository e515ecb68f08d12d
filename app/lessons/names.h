#pragma once
// The names that expressions know without being told: sizes, settings, parameters. Part of evaluate.h.

#include <optional>
#include <string_view>

#include "app/lessons/value.h"
#include "app/session/document.h"

namespace attn::lessons {

/// "w_q", "b_v", "bilinear", …
std::optional<ParameterId> parameter_from_name(std::string_view name);
/// Biases and the additive v: lists in expressions, not matrices of one row.
bool is_vector(ParameterId id);

/// Sizes ("n_keys", "d_k"), settings as words ("score"), "causal", "temperature", "pi", "infinity", "true"
/// and "false". Nothing for any other name.
std::optional<Value> known_name(std::string_view name, const session::Document& document);
bool is_known_name(std::string_view name);

}  // namespace attn::lessons
