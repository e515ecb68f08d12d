#include "app/gpu/gpu_backend.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "app/gpu/device_timer.h"
#include "app/gpu/gpu_device.h"
#include "app/gpu/gpu_trace.h"
#include "app/gpu/operations_check.h"
#include "app/gpu/self_check.h"
#include "app/platform/offscreen.h"

namespace attn::gpu {
namespace {

constexpr gl::Version kNeeded{4, 3};

class GpuBackend final : public Backend {
  template <class Job>
  auto on_thread(const Job& job) {
    return device_->thread().call([&] { return job(device_->forward()); });
  }

 public:
  explicit GpuBackend(const GpuOptions& options) : device_(std::make_shared<GpuDevice>(options)) {}

  std::string name() const override { return "GPU"; }
  std::string description() const override { return gl::describe(info()); }
  const gl::ContextInfo& info() const { return device_->info(); }

  /// Whether results are left on the device until they are read.
  void leave_results(bool leave) { leave_ = leave; }
  /// From here on products are timed once for each class of sizes; without a timer, sizes alone decide.
  void measure_products(const ProductTiles::Timer& timer) {
    const std::string device = info().renderer + ", " + info().version_string;
    on_thread([&](GpuForward& forward) {
      forward.operations().tiles().measure({timer, device, &device_->measured()});
    });
  }
  /// The tiles, besides the plain one, that this device has room for.
  std::vector<ProductTile> tiles() {
    return on_thread([](GpuForward& forward) {
      std::vector<ProductTile> fitting;
      std::ranges::copy_if(product_tiles().subspan(1), std::back_inserter(fitting),
                           [&](const ProductTile& tile) { return forward.operations().tiles().fits(tile); });
      return fitting;
    });
  }
  void only_plain_products() {
    on_thread([](GpuForward& forward) { forward.operations().tiles().set_limits(0, 0); });
  }
  /// Returns whether they were used until then.
  bool use_subgroups(bool use) {
    return on_thread([&](GpuForward& forward) {
      const bool used = forward.operations().uses_subgroups();
      forward.operations().use_subgroups(use);
      return used;
    });
  }
  void check_other_operations() {
    on_thread([&](GpuForward& forward) {
      device_->guarded([&] {
        try {
          check_operations(forward.operations());
        } catch (const gl::ShaderError& error) {
          throw BackendLost(error.what());
        }
      });
    });
  }
  void force_tile(std::optional<ProductTile> tile) {
    on_thread([&](GpuForward& forward) { forward.operations().tiles().force(tile); });
  }

  RunResult run(const Input& input, const RunOptions& options) override {
    const Dimensions d = validate(input);
    check_memory(input, d, options.memory_limit);
    GpuForward::Result computed = on_thread([&](GpuForward& forward) {
      return device_->guarded([&] {
        GpuForward::Result result = forward.run(input, d, options.progress);
        if (!leave_) {
          for (const Stage stage : stages_of(input))
            forward.read(stage, [&] { result.stages->to_cpu(stage); });
        }
        return result;
      });
    });
    RunResult result;
    result.on_cpu = std::move(computed.on_cpu);
    if (leave_) {
      result.trace = std::make_shared<GpuTrace>(input, device_, std::move(computed.stages), options.revision);
    } else {
      result.trace = std::make_shared<StoredTrace>(input, computed.stages->arrays(), options.revision);
    }
    return result;
  }

 private:
  std::shared_ptr<GpuDevice> device_;
  bool leave_ = false;
};

/// Throws BackendLost.
void prove(GpuBackend& backend, bool every_shader) {
  self_check(backend);
  for (const ProductTile& tile : backend.tiles()) {
    backend.force_tile(tile);
    self_check_products(backend, tile);
  }
  backend.force_tile(std::nullopt);
  if (every_shader) backend.check_other_operations();
}

/// A device that has not proved itself yet. Throws gl::ContextError, BackendLost.
std::unique_ptr<GpuBackend> start(const GpuOptions& options, GpuStatus& status) {
  auto backend = std::make_unique<GpuBackend>(options);
  const gl::ContextInfo& info = backend->info();
  status.device = gl::describe(info);
  status.software = gl::is_software_renderer(info.renderer);
  if (info.version < kNeeded)
    throw BackendLost("OpenGL " + gl::text(info.version) + " found, " + gl::text(kNeeded) + " needed");
  if (options.refuse_software && status.software)
    throw BackendLost(info.renderer + " draws on the processor");
  // On a processor those shaders gain nothing and take seconds to compile.
  if (status.software && !options.every_shader) backend->only_plain_products();
  return backend;
}

}  // namespace

StartedGpu make_gpu_backend(const GpuOptions& options) {
  StartedGpu started;
  GpuOptions complete = options;
  if (!complete.context)
    complete.context = gl::offscreen_factory({.needed = kNeeded, .prefer_hardware = true});
  try {
    auto backend = start(complete, started.status);
    if (complete.self_check) {
      try {
        prove(*backend, complete.every_shader);
      } catch (const BackendLost&) {
        // Subgroup operations are never required: a device may get them wrong, and all else right.
        if (!backend->use_subgroups(false)) throw;
        backend = start(complete, started.status);
        backend->use_subgroups(false);
        prove(*backend, complete.every_shader);
      }
    }
    backend->leave_results(complete.leave_results.value_or(!started.status.software));
    if (complete.timer) {
      backend->measure_products(complete.timer);
    } else if (!started.status.software) {
      backend->measure_products(device_seconds);
    }
    started.status.available = true;
    started.backend = std::move(backend);
  } catch (const gl::ContextError& error) {
    started.status.reason = error.what();
  } catch (const BackendLost& error) {
    started.status.reason = error.what();
  }
  return started;
}

}  // namespace attn::gpu
