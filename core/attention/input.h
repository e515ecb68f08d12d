#pragma once
// Everything the engine needs to compute: tokens, vectors, parameters, settings. An immutable value
// with structural sharing: copying one costs a few pointers.

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/attention/config.h"
#include "core/attention/shared_matrix.h"

namespace attn {

using Tokens = std::shared_ptr<const std::vector<std::string>>;

/// The learned numbers of the layer. Vectors are matrices of one row.
enum class ParameterId {
  w_q,
  w_k,
  w_v,
  w_o,
  b_q,
  b_k,
  b_v,
  b_o,
  bilinear,
  additive_w_q,
  additive_w_k,
  additive_v,
};
inline constexpr std::size_t kParameterCount = 12;
inline constexpr std::array<ParameterId, kParameterCount> kParameterIds = {
    ParameterId::w_q,      ParameterId::w_k,          ParameterId::w_v,          ParameterId::w_o,
    ParameterId::b_q,      ParameterId::b_k,          ParameterId::b_v,          ParameterId::b_o,
    ParameterId::bilinear, ParameterId::additive_w_q, ParameterId::additive_w_k, ParameterId::additive_v};

/// "w_q", …, "additive_v": the name in gradients (grad_ + name) and widget ids.
std::string_view name(ParameterId id);
/// "weights.w_q", …, "weights.additive.v": the place in a scenario file, for messages.
std::string_view field(ParameterId id);

/// For w_q, w_k, w_v and w_o an absent value is the identity; an absent bias is no bias.
struct Parameters {
  std::array<std::optional<SharedMatrix>, kParameterCount> values;
  const std::optional<SharedMatrix>& operator[](ParameterId id) const {
    return values[static_cast<std::size_t>(id)];
  }
  std::optional<SharedMatrix>& operator[](ParameterId id) { return values[static_cast<std::size_t>(id)]; }
};

/// The key/value side of cross-attention.
struct Source {
  Tokens tokens;   ///< n_keys labels
  SharedMatrix x;  ///< [n_keys, d_source]
};

struct Input {
  Tokens tokens;                 ///< n_queries labels
  SharedMatrix x;                ///< [n_queries, d_model]
  std::optional<Source> source;  ///< absent: self-attention
  Parameters parameters;
  Config config;

  const Tokens& key_tokens() const { return source ? source->tokens : tokens; }
  const SharedMatrix& key_x() const { return source ? source->x : x; }
};

/// All sizes of one layer, derived from an Input and consistent with it.
struct Dimensions {
  std::size_t n_queries = 0;
  std::size_t n_keys = 0;
  std::size_t d_model = 0;
  std::size_t d_source = 0;
  std::size_t n_heads = 0;
  std::size_t n_kv_heads = 0;
  std::size_t d_k = 0;         ///< width of one query or key head
  std::size_t d_v = 0;         ///< width of one value head
  std::size_t d_additive = 0;  ///< hidden width of the additive score, 0 for the others
  std::size_t d_concat = 0;    ///< n_heads·d_v, or d_v when heads are averaged
  std::size_t d_out = 0;

  /// The key/value head that query head `head` reads.
  std::size_t kv_head(std::size_t head) const { return head / (n_heads / n_kv_heads); }
  bool operator==(const Dimensions&) const = default;
};

/// The rows and columns that a parameter must have; d_out of w_o and d_additive are as `d` says.
struct ParameterShape {
  std::size_t rows = 0;
  std::size_t columns = 0;
};
ParameterShape parameter_shape(const Dimensions& d, ParameterId id);

/// Checks every rule that ties the parts of an input together (shapes, ranges, which settings go with
/// which) and returns its sizes. Numbers inside the matrices are not looked at.
/// Throws std::invalid_argument: "attention.heads: expected a divisor of 6 (columns of x), found 4".
Dimensions validate(const Input& input);

/// True when everything but words and vectors is the same: parameters by pointer, settings by value.
bool same_layer(const Input& a, const Input& b);
/// True when both would give the same trace because everything is shared or equal by value of settings.
bool same_input(const Input& a, const Input& b);

/// One token at a position sees one key: all masks combined. i counts queries, j keys.
bool visible(const MaskConfig& mask, std::size_t i, std::size_t j);

/// What a raw score is multiplied by: scale and temperature together, in double.
double score_factor(const Config& config, const Dimensions& d);

}  // namespace attn
