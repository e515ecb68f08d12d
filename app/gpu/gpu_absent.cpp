// Takes the place of gpu_backend.cpp in programs that are built without OpenGL.

#include "app/gpu/gpu_backend.h"

namespace attn::gpu {

StartedGpu make_gpu_backend(const GpuOptions&) {
  StartedGpu started;
  started.status.reason = "this program was built without the GPU backend";
  return started;
}

}  // namespace attn::gpu
