#pragma once
// The worked examples that travel inside the program.

#include <string_view>
#include <vector>

#include "app/session/document.h"

namespace attn::session {

/// The example that opens when no file is named.
inline constexpr std::string_view kDefaultExample = "three_words";

/// "three_words", "three_words_scaled", "asymmetric_twin", "twelve_words_en", "twelve_words_zh".
std::vector<std::string_view> builtin_names();

/// Throws std::out_of_range where there is no example of that name.
Document builtin_scenario(std::string_view name);

}  // namespace attn::session
