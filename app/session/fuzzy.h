#pragma once
// How well a few typed letters fit a text: for lists that are filtered while typing.

#include <optional>
#include <string_view>

namespace attn::session {

/// Whether every typed character stands in `text` in that order; the larger the better: letters that follow
/// each other, beginnings of words and short texts count more. Capital letters of English and spaces in
/// `typed` do not matter. Nothing where they do not all stand there. An empty `typed` fits everything with 0.
std::optional<double> fuzzy_match(std::string_view typed, std::string_view text);

}  // namespace attn::session
