#include "app/gpu/gpu_device.h"

namespace attn::gpu {

GpuDevice::Parts::Parts(const GpuOptions& options)
    : measured(options.measured), shaders(options.shader_dir), forward(shaders, {options.block_bytes}) {}

GpuDevice::GpuDevice(const GpuOptions& options) : thread_(options.context) {
  thread_.call([this, &options] {
    parts_ = std::make_unique<Parts>(options);
    parts_->forward.set_before_stage(options.before_stage);
    parts_->forward.set_between_stages([this] { thread_.serve_urgent(); });
  });
}

GpuDevice::~GpuDevice() {
  thread_.call([this] { parts_.reset(); });  // OpenGL objects go on the thread of their context
}

}  // namespace attn::gpu
