#pragma once
// The stages of one run, each on the CPU, on the GPU, or on both; moved only when somebody asks.

#include <array>
#include <cstdint>

#include "app/gpu/storage_buffer.h"
#include "core/attention/arrays.h"
#include "core/attention/stage.h"

namespace attn::gpu {

class StageStore {
 public:
  /// limit_bytes: the largest buffer that may be bound.
  explicit StageStore(std::uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}

  /// Starts a run whose results end in `arrays`, which is already in shape and outlives the run. Buffers
  /// of earlier runs are used again.
  void begin(Arrays<float>& arrays);

  /// A computed stage for reading on the GPU; uploads it if need be. Throws TooLarge.
  GLuint input(Stage stage);
  /// A buffer of the stage's size to write to. Throws TooLarge.
  GLuint result(Stage stage);
  /// The stage has been computed into the buffer that result() gave, or into the arrays.
  void computed_on_gpu(Stage stage) { on_gpu_[index(stage)] = true; }
  void computed_on_cpu(Stage stage) { on_cpu_[index(stage)] = true; }
  /// Brings a stage into the arrays; waits for the GPU.
  void to_cpu(Stage stage);

 private:
  std::uint64_t limit_bytes_;
  Arrays<float>* arrays_ = nullptr;
  std::array<StorageBuffer, kStageCount> buffers_;
  std::array<bool, kStageCount> on_gpu_{};
  std::array<bool, kStageCount> on_cpu_{};
};

}  // namespace attn::gpu
