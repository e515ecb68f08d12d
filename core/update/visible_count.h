#pragma once
// How many cells of a table the mask leaves.

#include <cstddef>

#include "core/attention/config.h"

namespace attn {

/// Of the keys [first, first + count) of a query.
std::size_t visible_keys(const MaskConfig& mask, std::size_t query, std::size_t first, std::size_t count);

}  // namespace attn
