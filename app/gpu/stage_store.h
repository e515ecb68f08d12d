#pragma once
// The stages of one run, each on the CPU, on the GPU, or on both; moved only when somebody asks.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "app/gpu/storage_buffer.h"
#include "core/attention/arrays.h"
#include "core/attention/stage.h"

namespace attn::gpu {

/// Lives on the thread of its context; what has been brought to the arrays may be read by any.
class StageStore {
 public:
  /// limit_bytes: the largest buffer that may be bound.
  explicit StageStore(std::uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}

  /// Starts a run whose results may be brought into `arrays`, which is already in shape. Buffers of earlier
  /// runs are used again.
  void begin(std::shared_ptr<Arrays<float>> arrays);
  const std::shared_ptr<Arrays<float>>& arrays() const { return arrays_; }

  /// A computed stage for reading on the GPU; uploads it if need be. Throws TooLarge.
  GLuint input(Stage stage);
  /// A buffer of the stage's size to write to. Throws TooLarge.
  GLuint result(Stage stage);
  /// The same for operations that see a buffer in parts: larger than one binding may be. On the GPU already.
  GLuint input_in_parts(Stage stage) const { return buffers_[index(stage)].id(); }
  GLuint result_in_parts(Stage stage);
  /// The stage has been computed into the buffer that result() gave, or into the arrays.
  void computed_on_gpu(Stage stage) { on_gpu_[index(stage)] = true; }
  void computed_on_cpu(Stage stage) { on_cpu_[index(stage)] = true; }
  bool on_gpu(Stage stage) const { return on_gpu_[index(stage)]; }
  bool on_cpu(Stage stage) const { return on_cpu_[index(stage)]; }
  /// Scaled and masked scores are not stored: whoever reads them gets them from the scores, with the bits
  /// that scale.comp and mask.comp would have given.
  void derive_scores(const ScoreRecipe& recipe) { recipe_ = recipe; }
  bool derives(Stage stage) const {
    return recipe_ && (stage == Stage::scaled || stage == Stage::masked) && !on_gpu(stage);
  }
  const ScoreRecipe& recipe() const { return *recipe_; }

  /// Brings a stage into the arrays, unless it is there; waits for the GPU.
  void to_cpu(Stage stage);
  /// Brings some rows of one head, also where they are there. What is derived is made from the same rows of
  /// `derived_from`, which must be there.
  void rows_to_cpu(Stage stage, std::size_t head, std::size_t row, std::size_t rows);
  static Stage derived_from(Stage stage) { return stage == Stage::masked ? Stage::scaled : Stage::scores; }

 private:
  std::uint64_t limit_bytes_;
  std::shared_ptr<Arrays<float>> arrays_;
  std::array<StorageBuffer, kStageCount> buffers_;
  std::array<bool, kStageCount> on_gpu_{};
  std::array<bool, kStageCount> on_cpu_{};
  std::optional<ScoreRecipe> recipe_;
};

}  // namespace attn::gpu
