#pragma once
// Which backend computes: the one that was asked for while it lives, the CPU otherwise.

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/gpu/gpu_backend.h"
#include "app/gpu/measured_file.h"
#include "core/attention/backend.h"

namespace attn::gpu {

enum class BackendChoice { cpu, gpu, automatic };
/// "cpu", "gpu", "auto": the words of the command line.
std::string_view name(BackendChoice choice);
std::optional<BackendChoice> backend_choice_from_name(std::string_view name);

enum class GpuState { not_asked, starting, ready, unavailable, lost };

/// What the status line and `info` show.
struct BackendStatus {
  BackendChoice choice = BackendChoice::cpu;
  std::string used;           ///< "CPU", "GPU": who computed the last run, empty before the first
  std::string description;    ///< of that one
  std::vector<Stage> on_cpu;  ///< stages of the last run that the GPU left to the CPU
  GpuState gpu_state = GpuState::not_asked;
  GpuStatus gpu;     ///< reason is set when unavailable or lost
  std::string note;  ///< why the CPU computed although the GPU was chosen, empty when it did not
};

/// A backend that asks the others.
///
/// gpu: the GPU, started at the first run. When it is not to be had, or is lost in the middle, the CPU
/// does this run and all later ones.
/// auto: the CPU until a run takes long enough to be worth asking; then the GPU is started beside it, both
/// are timed at this size, and the faster one stays. A software rasteriser is never taken. The timing is
/// remembered as long as this object lives, and in Parts::measured for the next, for the same processor,
/// device and driver.
///
/// run() and wait_for_gpu() belong to one thread at a time (not the window's); the rest may be called from
/// any.
class ChosenBackend final : public Backend {
 public:
  using StartGpu = std::function<StartedGpu(bool refuse_software)>;
  using Clock = std::function<std::chrono::duration<double>()>;  ///< seconds since any fixed moment

  struct Parts {
    StartGpu start_gpu;              ///< empty: make_gpu_backend with default options
    std::unique_ptr<Backend> cpu;    ///< empty: make_cpu_backend()
    Clock clock;                     ///< empty: the steady clock
    std::filesystem::path measured;  ///< see measured_file.h; empty: what is measured is not kept
  };
  explicit ChosenBackend(BackendChoice choice) : ChosenBackend(choice, Parts{}) {}
  ChosenBackend(BackendChoice choice, Parts parts);
  ~ChosenBackend() override;

  std::string name() const override;
  std::string description() const override;
  RunResult run(const Input& input, const RunOptions& options) override;

  /// Takes effect at the next run. Choosing the GPU again does not bring a lost one back.
  void choose(BackendChoice choice);
  BackendStatus status() const;
  /// Waits until a GPU that is being started is ready or refused; returns at once when none is.
  void wait_for_gpu();

 private:
  /// Runs of about the same cost: the exponent of the multiplications, and the kind of score.
  using SizeClass = std::pair<int, Score>;
  struct Timing {
    std::optional<double> cpu;  ///< seconds, the best so far
    std::optional<double> gpu;
    int gpu_runs = 0;  ///< the first one makes room and is not counted
  };

  /// What is known of this size, also from the file.
  Timing& timing_of(SizeClass size);
  /// Who was timed, as the file names it.
  std::string timed(bool gpu) const;
  static SizeClass size_class(const Input& input);
  bool wants_gpu(BackendChoice choice, SizeClass size);
  void start_gpu(bool refuse_software);
  /// Takes over a GPU that has finished starting.
  void collect_gpu();
  RunResult run_on(Backend& backend, const Input& input, const RunOptions& options, SizeClass size, bool gpu);

  StartGpu start_;
  Clock clock_;
  std::unique_ptr<Backend> cpu_;
  // The following belong to run()'s thread.
  std::unique_ptr<Backend> gpu_;
  std::future<StartedGpu> starting_;
  std::map<SizeClass, Timing> timings_;
  MeasuredFile measured_;

  mutable std::mutex mutex_;
  BackendStatus status_;  ///< guarded by mutex_
};

}  // namespace attn::gpu
