#include "core/attention/mask_layers.h"

#include <doctest/doctest.h>

#include <memory>

#include "core/attention/input.h"
#include "tests/core/attention/random_input.h"

using namespace attn;

TEST_CASE("mask layers: each mask says of itself what it hides") {
  MaskConfig mask;
  CHECK(layers_hiding(mask, 0, 2).empty());
  mask.causal = true;
  mask.window = 1;
  mask.padding = std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{1, 0, 0});
  mask.allow = std::make_shared<const AllowMatrix>(AllowMatrix{3, 3, {1, 1, 0, 1, 1, 1, 1, 1, 1}});
  using enum MaskLayer;
  CHECK(layers_hiding(mask, 0, 2) == std::vector{causal, window, own});
  CHECK(layers_hiding(mask, 0, 0) == std::vector{padding});
  CHECK(layers_hiding(mask, 2, 0) == std::vector{window, padding});
  CHECK(layers_hiding(mask, 1, 1).empty());
  CHECK(name(own) == "own");
  for (const MaskLayer layer : kMaskLayers) {
    CHECK(has_layer(mask, layer));
    CHECK_FALSE(has_layer(MaskConfig{}, layer));
    CHECK_FALSE(hides(MaskConfig{}, layer, 0, 2));
  }
}

TEST_CASE("mask layers: a cell is visible exactly where none of them hides it") {
  test::Random random(8);
  for (int round = 0; round < 50; ++round) {
    const MaskConfig mask = test::random_config(random, 4, 5).mask;
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 5; ++j) {
        CAPTURE(i);
        CAPTURE(j);
        CHECK(visible(mask, i, j) == layers_hiding(mask, i, j).empty());
      }
    }
  }
}
