#pragma once
// Inputs to compose heads in, and what their attention weights then are.

#include <cmath>

#include "core/attention/attention.h"
#include "core/composer/compose_head.h"
#include "tests/support/inputs.h"

namespace attn::tests {

/// n tokens: `content` columns of seeded numbers, then one-hot positions; h heads of d_k and d_v columns, all
/// parameters seeded.
inline Input with_positions(std::size_t n, std::size_t content, std::size_t heads, std::size_t d_k) {
  Input input;
  input.tokens = numbered_tokens(n);
  const SharedMatrix words = random_matrix(n, content, 7);
  Matrix x(n, content + n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t c = 0; c < content; ++c) x(i, c) = words(i, c);
    x(i, content + i) = 1.0f;
  }
  input.x = SharedMatrix(x);
  input.config.heads = heads;
  std::uint64_t seed = 20;
  for (const ParameterId id : {ParameterId::w_q, ParameterId::w_k, ParameterId::w_v}) {
    input.parameters[id] = random_matrix(content + n, heads * d_k, seed++);
  }
  return input;
}

inline Matrix weights_of(const Input& input, std::size_t head) {
  Arrays<float> arrays;
  const Dimensions d = validate(input);
  forward(input, d, arrays);
  Matrix result(d.n_queries, d.n_keys);
  const auto values = arrays.head(Stage::weights, head);
  for (std::size_t i = 0; i < d.n_queries; ++i) {
    for (std::size_t j = 0; j < d.n_keys; ++j) result(i, j) = values(i, j);
  }
  return result;
}

inline double distance_of(const Input& input, std::size_t head, const Wish& wish) {
  const auto distance = wish_distance(wished_keys(input, wish), view(weights_of(input, head)));
  return distance ? distance->mean : -1.0;
}

inline Wish wish_for(Wish::Kind kind) {
  Wish wish;
  wish.kind = kind;
  return wish;
}

inline Wish wish_for_feature(std::optional<std::size_t> query, std::size_t key) {
  Wish wish = wish_for(Wish::Kind::feature);
  wish.query_feature = query;
  wish.key_feature = key;
  return wish;
}

}  // namespace attn::tests
