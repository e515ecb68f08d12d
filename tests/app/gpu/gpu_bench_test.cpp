#include "app/gpu/gpu_bench.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace attn::gpu;

TEST_CASE("the benchmark of the GPU runs through, at small sizes where a processor draws") {
  const GpuBench bench = gpu_bench(1, "");
  REQUIRE_MESSAGE(bench.status.available, bench.status.reason);
  CHECK(bench.cases.size() >= 9);
  for (const GpuTiming& timing : bench.cases) {
    CAPTURE(timing.name);
    CHECK(timing.median_seconds > 0);
    CHECK(timing.fastest_seconds <= timing.median_seconds);
  }
  const GpuBench one = gpu_bench(1, "softmax");
  REQUIRE(!one.cases.empty());
  CHECK(std::ranges::all_of(one.cases, [](const GpuTiming& t) { return t.name.starts_with("softmax"); }));
}

TEST_CASE("a device that is not to be had gives no times but the reason") {
  GpuOptions options;
  options.context = []() -> std::unique_ptr<attn::gl::Context> { throw attn::gl::ContextError("no"); };
  const GpuBench bench = gpu_bench(1, "", options);
  CHECK(bench.cases.empty());
  CHECK(bench.status.reason == "no");
}
