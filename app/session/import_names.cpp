#include "app/session/import_names.h"

#include <array>
#include <string>

#include "core/io/text.h"

namespace attn::session {
namespace {

struct Alias {
  std::string_view text;  ///< in small letters
  ArrayRole role;
  bool transposed = false;
};

using R = ArrayRole;

constexpr Alias kAliases[] = {
    {"x", R::x},
    {"input", R::x},
    {"inputs", R::x},
    {"embeddings", R::x},
    {"hidden_states", R::x},
    {"source_x", R::source_x},
    {"source", R::source_x},
    {"memory", R::source_x},
    {"context", R::source_x},
    {"encoder_hidden_states", R::source_x},
    {"q", R::q},
    {"query", R::q},
    {"queries", R::q},
    {"k", R::k},
    {"key", R::k},
    {"keys", R::k},
    {"v", R::v},
    {"value", R::v},
    {"values", R::v},
    {"weights", R::weights},
    {"alpha", R::weights},
    {"attention_weights", R::weights},
    {"attn_weights", R::weights},
    {"attn_output_weights", R::weights},
    {"attention_probs", R::weights},
    {"attentions", R::weights},
    {"attention", R::weights},
    {"attn", R::weights},
    {"output", R::output},
    {"attn_output", R::output},
    {"w_q", R::w_q},
    {"wq", R::w_q},
    {"w_k", R::w_k},
    {"wk", R::w_k},
    {"w_v", R::w_v},
    {"wv", R::w_v},
    {"w_o", R::w_o},
    {"wo", R::w_o},
    {"q_proj.weight", R::w_q, true},
    {"q_proj_weight", R::w_q, true},
    {"query.weight", R::w_q, true},
    {"to_q.weight", R::w_q, true},
    {"wq.weight", R::w_q, true},
    {"k_proj.weight", R::w_k, true},
    {"k_proj_weight", R::w_k, true},
    {"key.weight", R::w_k, true},
    {"to_k.weight", R::w_k, true},
    {"wk.weight", R::w_k, true},
    {"v_proj.weight", R::w_v, true},
    {"v_proj_weight", R::w_v, true},
    {"value.weight", R::w_v, true},
    {"to_v.weight", R::w_v, true},
    {"wv.weight", R::w_v, true},
    {"out_proj.weight", R::w_o, true},
    {"o_proj.weight", R::w_o, true},
    {"to_out.weight", R::w_o, true},
    {"to_out.0.weight", R::w_o, true},
    {"wo.weight", R::w_o, true},
    {"b_q", R::b_q},
    {"bq", R::b_q},
    {"q_proj.bias", R::b_q},
    {"query.bias", R::b_q},
    {"to_q.bias", R::b_q},
    {"b_k", R::b_k},
    {"bk", R::b_k},
    {"k_proj.bias", R::b_k},
    {"key.bias", R::b_k},
    {"to_k.bias", R::b_k},
    {"b_v", R::b_v},
    {"bv", R::b_v},
    {"v_proj.bias", R::b_v},
    {"value.bias", R::b_v},
    {"to_v.bias", R::b_v},
    {"b_o", R::b_o},
    {"bo", R::b_o},
    {"out_proj.bias", R::b_o},
    {"o_proj.bias", R::b_o},
    {"to_out.bias", R::b_o},
    {"to_out.0.bias", R::b_o},
    {"in_proj_weight", R::in_proj_weight, true},
    {"in_proj.weight", R::in_proj_weight, true},
    {"in_proj_bias", R::in_proj_bias},
    {"in_proj.bias", R::in_proj_bias},
    {"tokens", R::tokens},
    {"words", R::tokens},
    {"source_tokens", R::source_tokens},
    {"padding", R::padding},
    {"key_padding_mask", R::padding},
    {"allow", R::allow},
    {"heads", R::heads},
    {"n_heads", R::heads},
    {"num_heads", R::heads},
    {"num_attention_heads", R::heads},
    {"kv_heads", R::kv_heads},
    {"n_kv_heads", R::kv_heads},
    {"num_kv_heads", R::kv_heads},
    {"num_key_value_heads", R::kv_heads},
    {"scenario", R::scenario},
};

constexpr std::array<std::string_view, 24> kNames = {"x",
                                                     "source_x",
                                                     "q",
                                                     "k",
                                                     "v",
                                                     "weights",
                                                     "output",
                                                     "w_q",
                                                     "w_k",
                                                     "w_v",
                                                     "w_o",
                                                     "b_q",
                                                     "b_k",
                                                     "b_v",
                                                     "b_o",
                                                     "in_proj_weight",
                                                     "in_proj_bias",
                                                     "tokens",
                                                     "source_tokens",
                                                     "padding",
                                                     "allow",
                                                     "heads",
                                                     "kv_heads",
                                                     "scenario"};

}  // namespace

std::optional<ArrayName> role_of(std::string_view name) {
  const std::string lower = io::lower_case(name);
  const Alias* best = nullptr;
  for (const Alias& alias : kAliases) {
    if (!std::string_view(lower).ends_with(alias.text)) continue;
    const std::size_t before = lower.size() - alias.text.size();
    if (before > 0 && lower[before - 1] != '.' && lower[before - 1] != '/') continue;
    if (!best || alias.text.size() > best->text.size()) best = &alias;
  }
  if (!best) return std::nullopt;
  return ArrayName{best->role, best->transposed};
}

std::string_view name(ArrayRole role) { return kNames[static_cast<std::size_t>(role)]; }

}  // namespace attn::session
