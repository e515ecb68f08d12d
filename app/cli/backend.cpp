#include "app/cli/backend.h"

#include <string>

#include <fmt/format.h>

namespace attn::cli {

namespace {

gpu::ChosenBackend::Parts parts_for(gpu::BackendChoice choice) {
  gpu::ChosenBackend::Parts parts;
  if (choice != gpu::BackendChoice::cpu) parts.measured = gpu::measured_file();
  return parts;
}

}  // namespace

AskedBackend::AskedBackend(gpu::BackendChoice choice)
    : choice_(choice), backend_(choice, parts_for(choice)) {}

RunResult AskedBackend::run(const Input& input, const RunOptions& options) {
  RunResult result = backend_.run(input, options);
  const gpu::BackendStatus status = backend_.status();
  const bool missing =
      status.gpu_state == gpu::GpuState::unavailable || status.gpu_state == gpu::GpuState::lost;
  if (choice_ == gpu::BackendChoice::gpu && missing)
    throw NoGpu(fmt::format("no GPU: {}", status.gpu.reason));
  return result;
}

void AskedBackend::print_notes(const RunResult& result, std::FILE* out) const {
  const gpu::BackendStatus status = backend_.status();
  if (status.used != "GPU") return;
  std::string stages;
  for (const Stage stage : result.on_cpu)
    stages += fmt::format("{}{}", stages.empty() ? "" : ", ", name(stage));
  fmt::print(out, "computed by {}; on the CPU: {}\n", status.description,
             stages.empty() ? "nothing" : stages);
}

}  // namespace attn::cli
