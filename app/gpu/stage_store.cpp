#include "app/gpu/stage_store.h"

#include <utility>

#include "core/attention/ops.h"

namespace attn::gpu {

void StageStore::begin(std::shared_ptr<Arrays<float>> arrays) {
  arrays_ = std::move(arrays);
  on_gpu_ = {};
  on_cpu_ = {};
  recipe_.reset();
}

GLuint StageStore::input(Stage stage) {
  StorageBuffer& buffer = buffers_[index(stage)];
  // resize() says what is too large.
  if (on_gpu_[index(stage)] && buffer.words() > limit_bytes_ / sizeof(float))
    buffer.resize(buffer.words(), limit_bytes_);
  if (!on_gpu_[index(stage)]) {
    to_cpu(stage);
    const std::span<const float> values = std::as_const(*arrays_).all(stage);
    buffer.resize(values.size(), limit_bytes_);
    buffer.write(values);
    on_gpu_[index(stage)] = true;
  }
  return buffer.id();
}

GLuint StageStore::result(Stage stage) {
  StorageBuffer& buffer = buffers_[index(stage)];
  buffer.resize(arrays_->shape(stage).cells(), limit_bytes_);
  return buffer.id();
}

GLuint StageStore::result_in_parts(Stage stage) {
  StorageBuffer& buffer = buffers_[index(stage)];
  buffer.resize(arrays_->shape(stage).cells(), kMostBytes);
  return buffer.id();
}

void StageStore::to_cpu(Stage stage) {
  if (on_cpu_[index(stage)]) return;
  if (derives(stage)) to_cpu(derived_from(stage));
  const StageShape shape = arrays_->shape(stage);
  for (std::size_t head = 0; head < shape.heads; ++head) rows_to_cpu(stage, head, 0, shape.rows);
  on_cpu_[index(stage)] = true;
}

void StageStore::rows_to_cpu(Stage stage, std::size_t head, std::size_t row, std::size_t rows) {
  const MatrixView<float> whole = arrays_->head(stage, head);
  const MatrixView<float> wanted = whole.block(row, 0, rows, whole.columns);
  if (!derives(stage)) {
    const std::size_t first = (head * whole.rows + row) * whole.columns;
    buffers_[index(stage)].read({wanted.data, rows * whole.columns}, first);
    return;
  }
  const MatrixView<const float> from =
      std::as_const(*arrays_).head(derived_from(stage), head).block(row, 0, rows, whole.columns);
  if (stage == Stage::scaled) {
    scale_scores<float>(from, static_cast<float>(recipe_->factor), wanted);
  } else {
    apply_mask<float>(from, recipe_->mask, wanted, {row, 0});
  }
}

}  // namespace attn::gpu
