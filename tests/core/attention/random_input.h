#pragma once
// Small random inputs for property tests: the same on every machine.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/attention/input.h"

namespace attn::test {

/// SplitMix64: small, and its numbers do not depend on the standard library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
  bool coin() { return (next() & 1U) != 0; }
  /// A multiple of 1/64 in [−1, 1]: adding small powers of two to it is exact in float32.
  float number() { return (static_cast<float>(below(129)) - 64.0F) / 64.0F; }
  Matrix matrix(std::size_t rows, std::size_t columns) {
    Matrix m(rows, columns);
    for (std::size_t i = 0; i < rows; ++i) {
      for (float& value : m.row(i)) value = number();
    }
    return m;
  }

 private:
  std::uint64_t state_;
};

struct RandomShape {
  std::size_t n_queries = 4;
  std::size_t n_keys = 5;  ///< with a source
  std::size_t d_model = 3;
  std::size_t d_source = 5;  ///< with a source
  std::size_t d_k = 2;
  std::size_t d_v = 3;
  std::size_t d_additive = 2;
  std::size_t d_out = 2;
};

inline Tokens numbered_tokens(std::size_t n) {
  auto tokens = std::make_shared<std::vector<std::string>>();
  for (std::size_t i = 0; i < n; ++i) tokens->push_back("t" + std::to_string(i));
  return tokens;
}

/// Random vectors and every parameter that `config` can use, biases included.
inline Input random_input(const Config& config, bool with_source, Random& random, RandomShape shape = {}) {
  Input input;
  input.config = config;
  input.tokens = numbered_tokens(shape.n_queries);
  input.x = SharedMatrix(random.matrix(shape.n_queries, shape.d_model));
  std::size_t d_source = shape.d_model;
  if (with_source) {
    d_source = shape.d_source;
    input.source = Source{numbered_tokens(shape.n_keys), SharedMatrix(random.matrix(shape.n_keys, d_source))};
  }
  const bool features = config.attend_over == AttendOver::features;
  const std::size_t d_k = features ? shape.d_model : shape.d_k;
  const std::size_t kv_heads = config.kv_heads.value_or(config.heads);
  const std::size_t d_concat = config.combine == Combine::mean ? shape.d_v : config.heads * shape.d_v;
  const auto set = [&](ParameterId id, std::size_t rows, std::size_t columns) {
    input.parameters[id] = SharedMatrix(random.matrix(rows, columns));
  };
  set(ParameterId::w_q, shape.d_model, config.heads * d_k);
  set(ParameterId::b_q, 1, config.heads * d_k);
  set(ParameterId::w_k, d_source, kv_heads * d_k);
  set(ParameterId::b_k, 1, kv_heads * d_k);
  set(ParameterId::w_v, d_source, kv_heads * shape.d_v);
  if (!features) set(ParameterId::b_v, 1, kv_heads * shape.d_v);
  set(ParameterId::w_o, d_concat, shape.d_out);
  set(ParameterId::b_o, 1, shape.d_out);
  if (config.score == Score::bilinear) set(ParameterId::bilinear, d_k, d_k);
  if (config.score == Score::additive) {
    set(ParameterId::additive_w_q, d_k, shape.d_additive);
    set(ParameterId::additive_w_k, d_k, shape.d_additive);
    set(ParameterId::additive_v, 1, shape.d_additive);
  }
  return input;
}

/// Any combination of settings that goes together, by chance.
inline Config random_config(Random& random, std::size_t n_queries, std::size_t n_keys) {
  Config config;
  config.heads = 1 + random.below(4);
  if (config.heads % 2 == 0 && random.coin()) config.kv_heads = config.heads / 2;
  config.score = static_cast<Score>(random.below(4));
  config.scale.kind = static_cast<Scale::Kind>(random.below(3));
  config.scale.number = 0.75;
  if (random.coin()) config.temperature = 0.5;
  config.position = static_cast<Position>(random.below(4));
  config.mask.causal = random.below(3) == 0;
  if (random.below(3) == 0) config.mask.window = static_cast<std::int64_t>(random.below(3));
  if (random.below(3) == 0) {
    std::vector<std::uint8_t> padding(n_keys);
    for (std::uint8_t& hidden : padding) hidden = random.below(4) == 0 ? 1 : 0;
    config.mask.padding = std::make_shared<const std::vector<std::uint8_t>>(std::move(padding));
  }
  if (random.below(3) == 0) {
    AllowMatrix allow{n_queries, n_keys, std::vector<std::uint8_t>(n_queries * n_keys)};
    for (std::uint8_t& visible : allow.visible) visible = random.below(3) != 0 ? 1 : 0;
    config.mask.allow = std::make_shared<const AllowMatrix>(std::move(allow));
  }
  if (random.below(3) == 0) config.mask.hidden_value = 0.25;
  config.normalise = static_cast<Normalise>(random.below(3));
  config.softmax_axis = random.below(3) == 0 ? SoftmaxAxis::queries : SoftmaxAxis::keys;
  if (random.below(3) == 0) config.dropout = Dropout{0.25, random.below(1000)};
  config.combine = random.below(3) == 0 ? Combine::mean : Combine::concat;
  return config;
}

}  // namespace attn::test
