#include "app/gpu/stage_store.h"

namespace attn::gpu {

void StageStore::begin(Arrays<float>& arrays) {
  arrays_ = &arrays;
  on_gpu_ = {};
  on_cpu_ = {};
}

GLuint StageStore::input(Stage stage) {
  StorageBuffer& buffer = buffers_[index(stage)];
  if (!on_gpu_[index(stage)]) {
    const std::span<const float> values = arrays_->all(stage);
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

void StageStore::to_cpu(Stage stage) {
  if (on_cpu_[index(stage)]) return;
  buffers_[index(stage)].read(arrays_->all(stage));
  on_cpu_[index(stage)] = true;
}

}  // namespace attn::gpu
