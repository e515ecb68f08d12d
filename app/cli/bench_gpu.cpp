// bench --gpu: the GPU's own clock, as a table or as JSON.

#include <string>
#include <utility>

#include <fmt/format.h>

#include "app/cli/backend.h"
#include "app/cli/commands.h"
#include "app/gpu/gpu_bench.h"

namespace attn::cli {
namespace {

std::string json_text(const std::string& text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return quoted;
}

std::string gpu_time_text(double seconds) {
  if (seconds < 1e-3) return fmt::format("{:.1f} µs", seconds * 1e6);
  return fmt::format("{:.3f} ms", seconds * 1e3);
}

std::string rate_text(const gpu::GpuTiming& timing) {
  if (timing.operations > 0)
    return fmt::format("{:.1f} GFLOP/s", 1e-9 * timing.operations / timing.median_seconds);
  if (timing.bytes > 0) return fmt::format("{:.1f} GB/s", 1e-9 * timing.bytes / timing.median_seconds);
  return "";
}

}  // namespace

int bench_gpu(const BenchOptions& options, std::FILE* out) {
  const gpu::GpuBench bench = gpu::gpu_bench(options.rounds, options.only);
  if (!bench.status.available) throw NoGpu(fmt::format("no GPU: {}", bench.status.reason));
  if (bench.cases.empty()) {
    fmt::print(stderr, "attentionscope: --only: no case is called \"{}\"\n", options.only);
    return kBadInput;
  }
  const std::string clock = bench.status.software ? "wall" : "device";
  if (options.json) {
    fmt::print(out, "{{\"device\": \"{}\", \"software\": {}, \"rounds\": {}, \"cases\": [",
               json_text(bench.status.device), bench.status.software, options.rounds);
    const char* separator = "";
    for (const gpu::GpuTiming& timing : bench.cases) {
      fmt::print(out,
                 "{}\n  {{\"name\": \"{}\", \"clock\": \"{}\", \"median_seconds\": {:.9g}, "
                 "\"fastest_seconds\": {:.9g}, \"gflops\": {:.6g}, \"gbytes_per_second\": {:.6g}}}",
                 std::exchange(separator, ","), timing.name, clock, timing.median_seconds,
                 timing.fastest_seconds, 1e-9 * timing.operations / timing.median_seconds,
                 1e-9 * timing.bytes / timing.median_seconds);
    }
    fmt::print(out, "\n]}}\n");
    return kSuccess;
  }
  fmt::print(out, "{}\n", bench.status.device);
  if (bench.status.software)
    fmt::print(out, "a software rasteriser: small sizes, which say nothing of a GPU\n");
  fmt::print(out, "{} rounds by the {} clock\n\n{:<56}{:>12}{:>12}{:>18}\n", options.rounds, clock, "",
             "median", "fastest", "rate");
  for (const gpu::GpuTiming& timing : bench.cases) {
    fmt::print(out, "{:<56}{:>12}{:>12}{:>18}\n", timing.name, gpu_time_text(timing.median_seconds),
               gpu_time_text(timing.fastest_seconds), rate_text(timing));
  }
  return kSuccess;
}

}  // namespace attn::cli
