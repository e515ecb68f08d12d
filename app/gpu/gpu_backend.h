#pragma once
// The OpenGL backend: the forward pass in compute shaders, on its own thread.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/gpu/product_tiles.h"
#include "app/platform/gl_context.h"
#include "core/attention/backend.h"

namespace attn::gpu {

/// Whether the GPU takes part, and why not.
struct GpuStatus {
  bool available = false;
  std::string reason;     ///< one line when not available: "OpenGL 4.1 found, 4.3 needed"
  std::string device;     ///< "NVIDIA … (OpenGL 4.6, …)", empty where there was no context
  bool software = false;  ///< the device draws on the processor: right, but never faster
};

struct GpuOptions {
  gl::ContextFactory context;               ///< empty: an own context without a display
  std::filesystem::path shader_dir;         ///< shaders that come before the embedded ones; may be empty
  bool self_check = true;                   ///< off only for tests of single parts
  std::uint64_t block_bytes = 0;            ///< largest buffer of a stage; 0 = what the driver allows
  std::function<void(Stage)> before_stage;  ///< called on the GPU's thread; tests make the device fail there
  bool refuse_software = false;             ///< do not even check a software rasteriser
  /// Checks also what no forward pass uses, and lets even a software rasteriser make products in registers,
  /// which gain nothing there and take seconds to compile.
  bool every_shader = false;
  /// Whether results stay on the device until they are read; not decided: unless that is a processor, whose
  /// long runs a reader would have to wait for.
  std::optional<bool> leave_results;
  std::filesystem::path measured;  ///< see measured_file.h; empty: measured anew at every start
  ProductTiles::Timer timer;       ///< empty: the device's clock; a software rasteriser is not timed
};

struct StartedGpu {
  std::unique_ptr<Backend> backend;  ///< null unless status.available
  GpuStatus status;
};

/// Starts the GPU's thread and context and lets it prove itself against the CPU on built-in inputs. Never
/// throws for what a device or driver lacks: the status says it. Takes up to a few seconds.
///
/// run() of the backend may be called from any thread; runs queue up. Stages that the GPU lacks, or that
/// are larger than its buffers, are computed by the CPU and listed in RunResult::on_cpu. After BackendLost
/// every further run throws BackendLost with the same reason.
StartedGpu make_gpu_backend(const GpuOptions& options = {});

}  // namespace attn::gpu
