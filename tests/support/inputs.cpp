#include "tests/support/inputs.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/attention/ops.h"

namespace attn::tests {

Input three_words() {
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"x1", "x2", "x3"});
  input.x = SharedMatrix(Matrix{{1, 2}, {2, 3}, {3, 4}});
  return input;
}

SharedMatrix random_matrix(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Matrix values(rows, columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      values(i, j) = static_cast<float>(2 * dropout_uniform(seed, 7, i, j) - 1);
    }
  }
  return SharedMatrix(values);
}

Tokens numbered_tokens(std::size_t n) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < n; ++i) tokens.push_back(fmt::format("t{}", i));
  return std::make_shared<const std::vector<std::string>>(std::move(tokens));
}

Input random_input(std::size_t n, std::size_t d, std::size_t heads, std::uint64_t seed) {
  Input input;
  input.tokens = numbered_tokens(n);
  input.x = random_matrix(n, d, seed);
  input.config.heads = heads;
  for (const ParameterId id : {ParameterId::w_q, ParameterId::w_k, ParameterId::w_v, ParameterId::w_o}) {
    input.parameters[id] = random_matrix(d, d, seed * 31 + static_cast<std::uint64_t>(id) + 1);
  }
  for (const ParameterId id : {ParameterId::b_q, ParameterId::b_k, ParameterId::b_v, ParameterId::b_o}) {
    input.parameters[id] = random_matrix(1, d, seed * 31 + static_cast<std::uint64_t>(id) + 1);
  }
  return input;
}

Input with_parameter(Input input, ParameterId id, const Matrix& value) {
  input.parameters[id] = SharedMatrix(value);
  return input;
}

}  // namespace attn::tests
