#pragma once
// Inputs and readers that the tests of streamed traces share.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/attention.h"
#include "core/update/streamed_trace.h"
#include "tests/core/attention/random_input.h"

namespace attn::test {

/// Waits until a read is no longer pending, as a window would, from frame to frame.
template <class Reading>
Read settled(const Reading& read) {
  const auto start = std::chrono::steady_clock::now();
  Read answer = read();
  while (answer.state == ReadState::pending) {
    REQUIRE(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    answer = read();
  }
  return answer;
}

/// Every number of a trace, read a part at a time.
inline Arrays<float> read_all(const Trace& trace, std::size_t rows, std::size_t columns) {
  Arrays<float> all(trace.input(), trace.dimensions());
  for (const Stage stage : stages_of(trace.input())) {
    const StageShape shape = trace.shape(stage);
    for (std::size_t h = 0; h < shape.heads; ++h) {
      for (std::size_t i = 0; i < shape.rows; i += rows) {
        for (std::size_t j = 0; j < shape.columns; j += columns) {
          const CellRect rect{i, j, std::min(rows, shape.rows - i), std::min(columns, shape.columns - j)};
          const Read part = trace.read(stage, h, rect);
          REQUIRE_MESSAGE(part.ready(), part.error);
          for (std::size_t r = 0; r < rect.rows; ++r)
            std::ranges::copy(part.values.row(r),
                              all.head(stage, h).row(i + r).begin() + static_cast<std::ptrdiff_t>(j));
        }
      }
    }
  }
  return all;
}

inline std::shared_ptr<const Trace> stored_trace(const Input& input) {
  auto arrays = std::make_shared<Arrays<float>>();
  forward<float>(input, validate(input), *arrays);
  return std::make_shared<StoredTrace>(input, std::move(arrays), 1);
}

/// Masks of every kind for n queries and m keys.
inline std::vector<std::pair<std::string, MaskConfig>> all_masks(std::size_t n, std::size_t m) {
  std::vector<std::pair<std::string, MaskConfig>> all(6);
  all[0].first = "none";
  all[1].first = "causal";
  all[1].second.causal = true;
  all[2].first = "window";
  all[2].second.window = 7;
  all[3].first = "causal window";
  all[3].second.causal = true;
  all[3].second.window = 20;
  std::vector<std::uint8_t> padding(m, 0);
  std::fill(padding.begin() + static_cast<std::ptrdiff_t>(m - m / 4), padding.end(), std::uint8_t{1});
  padding[0] = 1;  // with the causal mask the first query sees nothing
  all[4] = {"padding", all[1].second};
  all[4].second.padding = std::make_shared<const std::vector<std::uint8_t>>(std::move(padding));
  AllowMatrix allow{n, m, std::vector<std::uint8_t>(n * m)};
  Random random(5);
  for (std::size_t c = 0; c < allow.visible.size(); ++c)
    allow.visible[c] = c / m != n / 2 && random.coin() ? 1 : 0;
  all[5].first = "own";
  all[5].second.allow = std::make_shared<const AllowMatrix>(std::move(allow));
  return all;
}

}  // namespace attn::test
