#pragma once
// What an array of another program is, by its name: ours, those of the textbooks, and those under which
// PyTorch and Hugging Face keep the tensors of an attention layer.

#include <cstddef>
#include <optional>
#include <string_view>

namespace attn::session {

/// What an array stands for.
enum class ArrayRole {
  x,
  source_x,
  q,
  k,
  v,
  weights,
  output,
  w_q,
  w_k,
  w_v,
  w_o,
  b_q,
  b_k,
  b_v,
  b_o,
  in_proj_weight,  ///< PyTorch: W_Q, W_K and W_V below each other, transposed
  in_proj_bias,
  tokens,
  source_tokens,
  padding,
  allow,
  heads,
  kv_heads,
  scenario,  ///< of a trace file
};

struct ArrayName {
  ArrayRole role = ArrayRole::x;
  /// A parameter as torch.nn.Linear keeps it: columns × rows.
  bool transposed = false;
};

/// By the whole name, or by its last parts behind a point or a slash ("layers.0.self_attn.out_proj.weight").
/// Capital letters do not matter. Nothing for a name that says nothing.
std::optional<ArrayName> role_of(std::string_view name);

/// "q", "W_Q", "in_proj_weight": for messages.
std::string_view name(ArrayRole role);

}  // namespace attn::session
