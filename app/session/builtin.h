#pragma once
// The worked examples that travel inside the program.

#include <string_view>
#include <vector>

#include "app/session/document.h"
#include "core/io/scenario.h"

namespace attn::session {

/// The example that opens when no file is named.
inline constexpr std::string_view kDefaultExample = "three_words";

/// The files of assets/scenarios: "three_words", "three_words_scaled", "asymmetric_twin", …
std::vector<std::string_view> builtin_names();

/// What a gallery shows of an example before it is opened.
struct BuiltinTitle {
  std::string_view name;
  io::LocalisedText title;
  io::LocalisedText description;
};
/// Every example, in the order of the gallery; read once.
const std::vector<BuiltinTitle>& builtin_titles();

/// Throws std::out_of_range where there is no example of that name.
Document builtin_scenario(std::string_view name);

}  // namespace attn::session
