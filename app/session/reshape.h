#pragma once
// Parameters carried over to other sizes: what is shared by all edits that change widths or heads.

#include <cstddef>

#include "core/attention/input.h"

namespace attn::session {

/// Gives every parameter of `input`, whose sizes are `from`, the shape that `to` asks for. Each head keeps
/// its own columns (rows of W_O); key/value heads are copied or left out so that every query head reads what
/// it read before. What is new continues the identity where the parameter is one, and is 0 elsewhere. An
/// identity stays one where the new shape is square. `input.config` is that of `to`, except `combine`. Throws
/// EditRefused where a parameter would be larger than the window can hold.
void reshape_parameters(Input& input, const Dimensions& from, const Dimensions& to);

/// `m` cut, or continued with zeros, to another number of columns.
SharedMatrix with_columns(const SharedMatrix& m, std::size_t columns);

}  // namespace attn::session
