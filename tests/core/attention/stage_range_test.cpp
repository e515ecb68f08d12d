#include "core/attention/stage_range.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <thread>

#include "core/attention/backend.h"
#include "tests/core/attention/random_input.h"

using namespace attn;

namespace {

Input five_words() {
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(5, "t");
  input.x = SharedMatrix(test::Random(3).matrix(5, 4));
  input.config.heads = 2;
  return input;
}

/// As it is defined: cell by cell.
double largest_by_cells(const Trace& trace, Stage stage) {
  double largest = 0.0;
  const StageShape shape = trace.shape(stage);
  for (std::size_t h = 0; h < shape.heads; ++h) {
    for (std::size_t i = 0; i < shape.rows; ++i) {
      for (std::size_t j = 0; j < shape.columns; ++j) {
        const auto value = static_cast<double>(trace.read_cell({stage, h, i, j}).values(0, 0));
        const bool seen = !may_hide(trace.input(), stage) || visible(trace.input().config.mask, i, j);
        if (seen && std::isfinite(value)) largest = std::max(largest, std::abs(value));
      }
    }
  }
  return largest;
}

}  // namespace

TEST_CASE("range: the largest magnitude of what the mask leaves, whatever the mask, from any thread") {
  for (int masks = 0; masks < 16; ++masks) {
    Input input = five_words();
    MaskConfig& mask = input.config.mask;
    mask.causal = (masks & 1) != 0;
    if (masks & 2) mask.window = 1;
    if (masks & 4)
      mask.padding =
          std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{0, 1, 0, 0, 1});
    if (masks & 8) mask.hidden_value = -1e9;
    const auto trace = make_cpu_backend()->run(input, {}).trace;
    CAPTURE(masks);
    for (const Stage stage : stages_of(input)) {
      CAPTURE(name(stage));
      double there = -1.0;
      std::thread other([&] { there = trace->largest(stage); });
      const double here = trace->largest(stage);
      other.join();
      CHECK(here == largest_by_cells(*trace, stage));
      CHECK(there == here);
    }
  }
}
