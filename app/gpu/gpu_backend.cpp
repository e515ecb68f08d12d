#include "app/gpu/gpu_backend.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "app/gpu/device_timer.h"
#include "app/gpu/gpu_forward.h"
#include "app/gpu/gpu_thread.h"
#include "app/gpu/measured_file.h"
#include "app/gpu/self_check.h"
#include "app/platform/offscreen.h"

namespace attn::gpu {
namespace {

constexpr gl::Version kNeeded{4, 3};

class GpuBackend final : public Backend {
 public:
  explicit GpuBackend(const GpuOptions& options) : thread_(options.context) {
    thread_.call([this, &options] {
      device_ = std::make_unique<Device>(options);
      device_->forward.set_before_stage(options.before_stage);
    });
  }
  /// From here on products are timed once for each class of sizes; without a timer, sizes alone decide.
  void measure_products(const ProductTiles::Timer& timer) {
    const gl::ContextInfo& c = info();
    thread_.call([&] {
      device_->forward.tiles().measure({timer, c.renderer + ", " + c.version_string, &device_->measured});
    });
  }
  /// The tiles, besides the plain one, that this device has room for.
  std::vector<ProductTile> tiles() {
    return thread_.call([&] {
      std::vector<ProductTile> fitting;
      std::ranges::copy_if(product_tiles().subspan(1), std::back_inserter(fitting),
                           [&](const ProductTile& tile) { return device_->forward.tiles().fits(tile); });
      return fitting;
    });
  }
  void only_plain_products() {
    thread_.call([&] { device_->forward.tiles().set_limits(0, 0); });
  }
  void force_tile(std::optional<ProductTile> tile) {
    thread_.call([&] { device_->forward.tiles().force(tile); });
  }
  ~GpuBackend() override {
    thread_.call([this] { device_.reset(); });  // OpenGL objects go on the thread of their context
  }

  std::string name() const override { return "GPU"; }
  std::string description() const override { return gl::describe(thread_.info()); }
  const gl::ContextInfo& info() const { return thread_.info(); }

  RunResult run(const Input& input, const RunOptions& options) override {
    const Dimensions d = validate(input);
    check_memory(input, d, options.memory_limit);
    auto arrays = std::make_shared<Arrays<float>>();
    RunResult result;
    result.on_cpu = thread_.call([&] { return run_on_thread(input, d, *arrays, options.progress); });
    result.trace = std::make_shared<StoredTrace>(input, std::move(arrays), options.revision);
    return result;
  }

 private:
  struct Device {
    explicit Device(const GpuOptions& options)
        : measured(options.measured), shaders(options.shader_dir), forward(shaders, {options.block_bytes}) {}
    MeasuredFile measured;
    ShaderLibrary shaders;
    GpuForward forward;
  };

  std::vector<Stage> run_on_thread(const Input& input, const Dimensions& d, Arrays<float>& arrays,
                                   Progress* progress) {
    if (lost_) throw BackendLost(*lost_);
    try {
      return device_->forward.run(input, d, arrays, progress);
    } catch (const BackendLost& error) {
      lost_ = error.what();
      throw;
    }
  }

  std::unique_ptr<Device> device_;   ///< touched on the thread only
  std::optional<std::string> lost_;  ///< likewise
  GpuThread thread_;
};

}  // namespace

StartedGpu make_gpu_backend(const GpuOptions& options) {
  StartedGpu started;
  GpuOptions complete = options;
  if (!complete.context)
    complete.context = gl::offscreen_factory({.needed = kNeeded, .prefer_hardware = true});
  try {
    auto backend = std::make_unique<GpuBackend>(complete);
    const gl::ContextInfo& info = backend->info();
    started.status.device = gl::describe(info);
    started.status.software = gl::is_software_renderer(info.renderer);
    if (info.version < kNeeded) {
      throw BackendLost("OpenGL " + gl::text(info.version) + " found, " + gl::text(kNeeded) + " needed");
    }
    if (complete.refuse_software && started.status.software)
      throw BackendLost(info.renderer + " draws on the processor");
    // On a processor those shaders gain nothing and take seconds to compile.
    if (started.status.software && !complete.every_tile) backend->only_plain_products();
    if (complete.self_check) {
      self_check(*backend);
      for (const ProductTile& tile : backend->tiles()) {
        backend->force_tile(tile);
        self_check_products(*backend, tile);
      }
      backend->force_tile(std::nullopt);
    }
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
