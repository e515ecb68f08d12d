// Starts the GPU backend and says what came of it, for tests that need another environment than their own.
#include <cstdio>

#include "app/gpu/gpu_backend.h"

int main() {
  const attn::gpu::StartedGpu started = attn::gpu::make_gpu_backend();
  std::printf("%s\n", started.status.available ? "available" : started.status.reason.c_str());
  std::printf("device: %s\n", started.status.device.c_str());
  return started.status.available ? 0 : 1;
}
