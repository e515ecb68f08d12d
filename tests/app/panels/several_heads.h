#pragma once
// A scenario with several heads that look at different words, for the tests of the attention card.

#include "tests/app/panels/harness.h"

namespace attn::ui::testing {

/// Six words, four heads of width 1; numbers without any meaning, all different.
inline Input several_heads(std::size_t n = 6) {
  Matrix x(n, 4);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t c = 0; c < 4; ++c)
      x(i, c) = 1.5f * (static_cast<float>((i * 7 + c * 5) % 11) / 5.0f - 1.0f);
  }
  Input input;
  std::vector<std::string> words;
  for (std::size_t i = 0; i < n; ++i) words.push_back("w" + std::to_string(i + 1));
  input.tokens = std::make_shared<const std::vector<std::string>>(std::move(words));
  input.x = SharedMatrix(x);
  input.config.heads = 4;
  return input;
}

inline void show(Harness& h, Input input) {
  h.post(session::Apply{session::SetInput{std::move(input), session::verbatim("")}});
}

inline float weight(Harness& h, std::size_t head, std::size_t row, std::size_t column) {
  return h.session().trace()->read_cell({Stage::weights, head, row, column}).values(0, 0);
}

}  // namespace attn::ui::testing
