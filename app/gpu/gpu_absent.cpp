// Takes the place of gpu_backend.cpp in programs that are built without OpenGL.

#include "app/gpu/gpu_backend.h"
#include "app/gpu/gpu_bench.h"

namespace attn::gpu {

StartedGpu make_gpu_backend(const GpuOptions&) {
  StartedGpu started;
  started.status.reason = "this program was built without the GPU backend";
  return started;
}

GpuBench gpu_bench(unsigned, const std::string&, const GpuOptions& options) {
  return {make_gpu_backend(options).status, {}};
}

}  // namespace attn::gpu
