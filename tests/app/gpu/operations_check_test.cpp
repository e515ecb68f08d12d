// Row statistics, tiles, drags and gradients against float64, at sizes around their workgroups.
#include "app/gpu/operations_check.h"

#include <doctest/doctest.h>

#include "app/platform/offscreen.h"

using namespace attn::gpu;

namespace {

struct CheckedGpu {
  attn::gl::OffscreenContext context{attn::gl::OffscreenRequest{}};
  ShaderLibrary shaders;
  Operations operations{shaders};
};

}  // namespace

TEST_CASE("statistics of rows and tiles of weights are right around every tile") {
  CheckedGpu gpu;
  for (const std::size_t n : {1U, 15U, 16U, 63U, 64U, 65U, 127U, 129U}) {
    for (const bool causal : {false, true}) {
      CAPTURE(n);
      CAPTURE(causal);
      const std::size_t width = n % 2 == 0 ? 8 : 5;
      CHECK(check_row_statistics(gpu.operations, {1, 1, n, n, width, 1, causal, false}) == "");
      CHECK(check_weights_tile(gpu.operations, {2, 1, n, n, width, 1, causal, n > 1}) == "");
      CHECK(check_row_statistics(gpu.operations, {4, 2, 17, n, 1, 1, causal, n > 1}) == "");
    }
  }
  gpu.operations.tiles().set_limits(0, 0);  // a device without room for the larger tile
  CHECK(check_row_statistics(gpu.operations, {1, 1, 129, 129, 8, 1, true, false}) == "");
}

TEST_CASE("a word that moves is joined with the rest, and its own query made anew") {
  CheckedGpu gpu;
  for (const std::size_t n : {1U, 7U, 8U, 9U, 127U, 128U, 129U, 257U}) {
    CAPTURE(n);
    CHECK(check_drag(gpu.operations, {1, 1, n, n, 3, 2, true, false}) == "");
    CHECK(check_drag(gpu.operations, {4, 2, n, n, 17, 16, false, true}) == "");
    CHECK(check_drag(gpu.operations, {2, 2, n, n, 16, 129, false, false}) == "");
  }
}

TEST_CASE("gradients of queries, keys and values are those of float64") {
  CheckedGpu gpu;
  for (const std::size_t n : {1U, 2U, 17U, 127U, 129U}) {
    CAPTURE(n);
    CHECK(check_gradients(gpu.operations, {2, 2, n, n, 4, 3, true, false}) == "");
    CHECK(check_gradients(gpu.operations, {1, 1, 5, n, 8, 8, false, true}) == "");
  }
}
