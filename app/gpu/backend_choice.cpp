#include "app/gpu/backend_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "core/update/streaming.h"

namespace attn::gpu {
namespace {

/// Below this many seconds a run is over before a GPU could have answered.
constexpr double kWorthAsking = 0.002;

std::chrono::duration<double> steady_clock() { return std::chrono::steady_clock::now().time_since_epoch(); }

ChosenBackend::StartGpu default_start(const std::filesystem::path& measured) {
  return [measured](bool refuse_software) {
    GpuOptions options;
    options.refuse_software = refuse_software;
    options.measured = measured;
    return make_gpu_backend(options);
  };
}

/// A time that is so much shorter is worth writing down.
constexpr double kMuchFaster = 0.8;

std::string what_is_timed(int size, Score score) {
  return fmt::format("forward {} {}", size, static_cast<int>(score));
}

std::optional<double> seconds_from(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  double seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  const bool whole = error == std::errc() && end == text->data() + text->size();
  return whole && seconds > 0 && std::isfinite(seconds) ? std::optional(seconds) : std::nullopt;
}

}  // namespace

std::string_view name(BackendChoice choice) {
  switch (choice) {
    case BackendChoice::cpu:
      return "cpu";
    case BackendChoice::gpu:
      return "gpu";
    case BackendChoice::automatic:
      return "auto";
  }
  return {};
}

std::optional<BackendChoice> backend_choice_from_name(std::string_view text) {
  for (const BackendChoice choice : {BackendChoice::cpu, BackendChoice::gpu, BackendChoice::automatic}) {
    if (text == name(choice)) return choice;
  }
  return std::nullopt;
}

ChosenBackend::ChosenBackend(BackendChoice choice, Parts parts)
    : start_(parts.start_gpu ? std::move(parts.start_gpu) : default_start(parts.measured)),
      clock_(parts.clock ? std::move(parts.clock) : steady_clock),
      cpu_(parts.cpu ? std::move(parts.cpu) : make_cpu_backend()),
      measured_(parts.measured) {
  status_.choice = choice;
}

ChosenBackend::~ChosenBackend() = default;

std::string ChosenBackend::name() const {
  const BackendStatus now = status();
  return now.used.empty() ? "CPU" : now.used;
}

std::string ChosenBackend::description() const {
  const BackendStatus now = status();
  return now.used.empty() ? cpu_->description() : now.description;
}

void ChosenBackend::choose(BackendChoice choice) {
  const std::lock_guard lock(mutex_);
  status_.choice = choice;
}

BackendStatus ChosenBackend::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void ChosenBackend::wait_for_gpu() {
  if (starting_.valid()) starting_.wait();
  collect_gpu();
}

RunResult ChosenBackend::run(const Input& input, const RunOptions& options) {
  const SizeClass size = size_class(input);
  const BackendChoice choice = status().choice;
  // What is made a part at a time when it is read stays on the CPU.
  const bool streamed = is_streamed(input, validate(input), options.memory_limit);
  if (!streamed && wants_gpu(choice, size)) {
    try {
      return run_on(*gpu_, input, options, size, true);
    } catch (const BackendLost& error) {
      gpu_.reset();
      const std::lock_guard lock(mutex_);
      status_.gpu_state = GpuState::lost;
      status_.gpu.available = false;
      status_.gpu.reason = error.what();
    }
  }
  RunResult result = run_on(*cpu_, input, options, size, false);
  const std::lock_guard lock(mutex_);
  if (choice == BackendChoice::gpu) {
    status_.note =
        "GPU not used: " + (streamed ? "the trace is too large to be stored as a whole" : status_.gpu.reason);
  }
  return result;
}

bool ChosenBackend::wants_gpu(BackendChoice choice, SizeClass size) {
  if (choice == BackendChoice::cpu) return false;
  collect_gpu();
  const auto state = [this] { return status().gpu_state; };
  if (choice == BackendChoice::gpu) {
    // A software rasteriser that `auto` has refused may still be asked for by name.
    const bool refused_as_software = state() == GpuState::unavailable && status().gpu.software;
    if (state() == GpuState::not_asked || refused_as_software) start_gpu(false);
    wait_for_gpu();
    return gpu_ != nullptr;
  }
  const Timing& timing = timing_of(size);
  if (!timing.cpu || *timing.cpu < kWorthAsking) return false;
  if (state() == GpuState::not_asked) start_gpu(true);
  if (gpu_ == nullptr || status().gpu.software) return false;
  return !timing.gpu || *timing.gpu < *timing.cpu;
}

void ChosenBackend::start_gpu(bool refuse_software) {
  {
    const std::lock_guard lock(mutex_);
    status_.gpu_state = GpuState::starting;
  }
  starting_ = std::async(std::launch::async, start_, refuse_software);
}

void ChosenBackend::collect_gpu() {
  if (!starting_.valid() || starting_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
  StartedGpu started = starting_.get();
  gpu_ = std::move(started.backend);
  const std::lock_guard lock(mutex_);
  status_.gpu = std::move(started.status);
  status_.gpu_state = gpu_ != nullptr ? GpuState::ready : GpuState::unavailable;
}

RunResult ChosenBackend::run_on(Backend& backend, const Input& input, const RunOptions& options,
                                SizeClass size, bool gpu) {
  const auto start = clock_();
  RunResult result = backend.run(input, options);
  const double seconds = (clock_() - start).count();
  Timing& timing = timings_[size];
  if (gpu) ++timing.gpu_runs;
  // Timed are runs that compute everything, since that is what the other would have to do.
  if (!result.updated && (!gpu || timing.gpu_runs > 1)) {
    std::optional<double>& best = gpu ? timing.gpu : timing.cpu;
    const bool much = !best || seconds < kMuchFaster * *best;
    best = best ? std::min(*best, seconds) : seconds;
    if (much && status().choice == BackendChoice::automatic)
      measured_.keep(timed(gpu), what_is_timed(size.first, size.second), fmt::format("{:.3g}", *best));
  }
  const std::lock_guard lock(mutex_);
  status_.used = backend.name();
  status_.description = backend.description();
  status_.on_cpu = result.on_cpu;
  status_.note.clear();
  return result;
}

std::string ChosenBackend::timed(bool gpu) const { return gpu ? status().gpu.device : cpu_->description(); }

ChosenBackend::Timing& ChosenBackend::timing_of(SizeClass size) {
  Timing& timing = timings_[size];
  const std::string what = what_is_timed(size.first, size.second);
  if (!timing.cpu) timing.cpu = seconds_from(measured_.find(timed(false), what));
  if (!timing.gpu && gpu_ != nullptr) timing.gpu = seconds_from(measured_.find(timed(true), what));
  return timing;
}

ChosenBackend::SizeClass ChosenBackend::size_class(const Input& input) {
  const Dimensions d = validate(input);
  const auto product = [](std::initializer_list<std::size_t> factors) {
    double result = 1.0;
    for (const std::size_t factor : factors) result *= static_cast<double>(factor);
    return result;
  };
  const double projections = product({d.n_queries, d.d_model, d.n_heads, d.d_k}) +
                             product({d.n_keys, input.key_x().columns(), d.n_kv_heads, d.d_k + d.d_v}) +
                             product({d.n_queries, d.d_concat, d.d_out});
  const double attention = product({d.n_heads, d.n_queries, d.n_keys, d.d_k + d.d_v + d.d_additive + 1});
  return {static_cast<int>(std::log2(projections + attention + 1.0)), input.config.score};
}

}  // namespace attn::gpu
