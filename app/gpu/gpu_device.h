#pragma once
// The device as backend and traces share it: the thread, and what lives on it. It goes when the last of them
// does.

#include <memory>
#include <optional>
#include <string>

#include "app/gpu/gpu_backend.h"
#include "app/gpu/gpu_forward.h"
#include "app/gpu/gpu_thread.h"
#include "app/gpu/measured_file.h"
#include "app/gpu/shader_library.h"

namespace attn::gpu {

class GpuDevice {
 public:
  /// Throws gl::ContextError.
  explicit GpuDevice(const GpuOptions& options);
  ~GpuDevice();
  GpuDevice(const GpuDevice&) = delete;
  GpuDevice& operator=(const GpuDevice&) = delete;

  GpuThread& thread() { return thread_; }
  const gl::ContextInfo& info() const { return thread_.info(); }

  // The following belong to jobs on the thread.
  GpuForward& forward() { return parts_->forward; }
  MeasuredFile& measured() { return parts_->measured; }
  /// Does something on the device, which stays lost, with its reason, once BackendLost comes out of that.
  template <class Job>
  auto guarded(const Job& job) {
    if (lost_) throw BackendLost(*lost_);
    try {
      return job();
    } catch (const BackendLost& error) {
      lost_ = error.what();
      throw;
    }
  }

 private:
  struct Parts {
    explicit Parts(const GpuOptions& options);
    MeasuredFile measured;
    ShaderLibrary shaders;
    GpuForward forward;
  };

  std::unique_ptr<Parts> parts_;
  std::optional<std::string> lost_;
  GpuThread thread_;  ///< last: its jobs use the members above
};

}  // namespace attn::gpu
