#include <thread>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/gpu/gpu_backend.h"
#include "core/attention/backend.h"

namespace attn::cli {

int info(const InfoOptions&, std::FILE* out) {
  fmt::print(out, "AttentionScope {}\n", ATTN_VERSION);
  fmt::print(out, "window   {}\n", ATTN_HAS_WINDOW ? "built in" : "not in this build");
  fmt::print(out, "CPU      {}; {} processors\n", make_cpu_backend()->description(),
             std::thread::hardware_concurrency());
  const gpu::StartedGpu started = gpu::make_gpu_backend();
  const std::string device = started.status.device.empty() ? "" : fmt::format(" ({})", started.status.device);
  if (started.status.available) {
    fmt::print(out, "GPU      agrees with the CPU{}{}\n", device,
               started.status.software ? "; a software rasteriser, used only when asked for" : "");
  } else {
    fmt::print(out, "GPU      not used: {}{}\n", started.status.reason, device);
  }
  fmt::print(out, "memory   {} bytes a trace, unless --memory says otherwise\n", kDefaultMemory);
  return kSuccess;
}

}  // namespace attn::cli
