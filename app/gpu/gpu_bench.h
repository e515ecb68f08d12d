#pragma once
// How fast the GPU is, by its own clock.

#include <string>
#include <vector>

#include "app/gpu/gpu_backend.h"

namespace attn::gpu {

struct GpuTiming {
  std::string name;  ///< "GEMM 4096 x 4096 x 4096, tile 128x128/8"
  double median_seconds = 0;
  double fastest_seconds = 0;
  double operations = 0;  ///< multiplications and additions of products; 0 where they are not what counts
  double bytes = 0;       ///< read and written at least; 0 likewise
};

struct GpuBench {
  GpuStatus status;  ///< after the whole self-check; no cases where it is not available
  std::vector<GpuTiming> cases;
};

/// Times what the program asks of a GPU: products in each tile and in the one that is chosen, softmax, a
/// forward pass, the drag of one word and the row statistics of a long input. On a software rasteriser sizes
/// are so small that the figures say nothing but that it runs. `only`: part of the names; empty: all.
GpuBench gpu_bench(unsigned rounds, const std::string& only, const GpuOptions& options = {});

}  // namespace attn::gpu
