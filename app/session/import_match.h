#pragma once
// Which settings give the attention weights that came along with q and k.

#include <vector>

#include "app/session/import.h"

namespace attn::session {

/// Tries the usual scales and masks on `scenario` and keeps those that come nearest to `weights` (one matrix
/// a head, or their mean); says how near that is. Without `weights`, or where trying would take long, the
/// scale stays ÷ √d_k, and that is said.
void match_settings(io::Scenario& scenario, const std::vector<Matrix>& weights, bool compare,
                    std::vector<Message>& notes);

/// How far the scenario's outputs are from those that came along.
void compare_output(const io::Scenario& scenario, const Matrix& output, std::vector<Message>& notes);

}  // namespace attn::session
