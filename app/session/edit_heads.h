#pragma once
#include <cstddef>

#include "app/session/document.h"

namespace attn::session {

/// The input of `document` split into another number of heads; see SetHeads. Throws EditRefused.
Input with_heads(const Document& document, std::size_t heads);

}  // namespace attn::session
