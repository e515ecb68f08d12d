#pragma once
// A line of text held against the sentences that it may be.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/message.h"

namespace attn::session {

/// What stands in `line` where `pattern` has {0}, {1}, … in this order, or nothing where it is another line.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view line);

/// The first of `known` that `line` is, with its arguments; else nothing.
std::optional<Message> first_match(const std::vector<Message>& known, std::string_view line);

}  // namespace attn::session
