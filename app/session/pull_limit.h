#pragma once
// What no choice of parameters can do: exact bounds on an attention weight that follow from where the
// keys' vectors lie.

#include <cstddef>
#include <optional>
#include <vector>

#include "core/attention/input.h"

namespace attn::session {

/// α of `key` can never exceed `bound`, whatever W_Q, W_K and their biases are, because its score is a
/// fixed mean of the scores of `tokens`.
struct PullLimit {
  enum class Kind {
    midpoint,   ///< exactly midway between two others: bound 1/3
    between,    ///< on the segment between two others
    duplicate,  ///< the same vector as the others: the same score, so an equal share
  };
  Kind kind = Kind::midpoint;
  double bound = 0.0;
  std::size_t key = 0;              ///< the pulled key
  std::vector<std::size_t> tokens;  ///< the keys that hold it back: two, or all copies
  double share = 0.5;               ///< its vector is (1 − share)·tokens[0] + share·tokens[1]
};

/// The tightest bound of these kinds for α[query][key], or nothing when none holds. It holds for scores
/// that are linear in the key (dot, bilinear) without rope, ALiBi or sinusoidal positions, for a softmax
/// over keys, among keys that the query sees. With k_m = (1−λ)k_a + λk_b the scores satisfy
/// s_m = (1−λ)s_a + λs_b, and by the weighted inequality of means e^{s_a−s_m} + e^{s_b−s_m} ≥ e^{H(λ)},
/// H the entropy of (λ, 1−λ) in nats; so α_m ≤ 1 / (1 + e^{H(λ)}): 1/3 at the midpoint, 1/2 at the ends.
/// Pairs are not searched among more than 1024 keys.
std::optional<PullLimit> limit_by_parameters(const Input& input, std::size_t query, std::size_t key);

}  // namespace attn::session
