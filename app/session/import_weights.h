#pragma once
// A scenario that gives attention weights which are all that is known of a layer.

#include <vector>

#include "app/session/import.h"

namespace attn::session {

/// Every other number is a stand-in, and its views say so. x (and the source's) are one-hot, so that K and V
/// are the identity and the outputs are the attention weights once more. Where rows sum to 1, the scores are
/// log α and softmax gives α back to rounding; else the scores are α itself and nothing is normalised.
/// `tables`: one n × m matrix a head. Throws io::FormatError naming `name` for negative numbers and for sizes
/// whose stand-ins would be too large.
Input input_from_weights(const std::vector<Matrix>& tables, const std::string& name,
                         std::vector<Message>& notes);

}  // namespace attn::session
