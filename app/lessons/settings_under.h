#pragma once
// The settings that with(…) changes, as edits of a document. Part of evaluate.h.

#include <string_view>
#include <vector>

#include "app/lessons/value.h"
#include "app/session/edit.h"

namespace attn::lessons {

/// "score", "scale", "temperature", …: the settings that with(…) knows.
bool is_setting_of_with(std::string_view name);

/// Throws ExpressionError where the setting does not take that value: a word that it does not know, a number
/// in place of a word.
session::Edit edit_of_setting(std::string_view name, const Value& value);

}  // namespace attn::lessons
