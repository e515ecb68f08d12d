// Times the engine on this machine. A figure is the processor time of one thread, unless the case waits for
// others: the median of several rounds in which all cases take turns, so that a drift of the machine's speed
// touches all alike.

#include <algorithm>
#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/cli/bench_cases.h"
#include "app/cli/bench_long.h"
#include "app/cli/commands.h"
#include "core/attention/backend.h"
#include "core/kernel/peak.h"
#include "core/kernel/pool.h"

namespace attn::cli {
namespace {

/// A measurement repeats its case until it has lasted at least this long.
constexpr double kShortest = 0.02;

double seconds_of(clockid_t clock) {
  std::timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// What one case took in each round.
struct Result {
  BenchCase bench_case;
  std::vector<double> seconds;
  std::vector<double> samples;  ///< each run, where they are timed one by one

  double median() const { return median_of(seconds); }
  /// Operations a second; 0 where they are not counted.
  double speed() const { return bench_case.operations / median(); }
  /// Bytes a second; 0 where they are not counted.
  double traffic() const { return bench_case.bytes / median(); }
  /// What 99 of 100 runs do not exceed; 0 where they are not timed one by one.
  double slowest() const {
    if (samples.empty()) return 0.0;
    std::vector<double> sorted = samples;
    std::ranges::sort(sorted);
    return sorted[(sorted.size() - 1) * 99 / 100];
  }
  double fastest() const { return *std::ranges::min_element(seconds); }
};

/// Adds how long one run takes: the average of so many that it can be measured, or the median of single ones.
void measure(Result& result) {
  const BenchCase& bench_case = result.bench_case;
  if (bench_case.prepare) bench_case.prepare();
  std::optional<kernel::ThreadLimit> one_thread;
  if (!bench_case.waits) one_thread.emplace(1);
  const clockid_t clock = bench_case.waits ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID;
  const auto time = [&](std::size_t repeats) {
    const double start = seconds_of(clock);
    for (std::size_t i = 0; i < repeats; ++i) bench_case.run();
    return seconds_of(clock) - start;
  };
  if (bench_case.samples > 0) {
    std::vector<double> single;
    for (std::size_t i = 0; i < bench_case.samples; ++i) single.push_back(time(1));
    result.samples.insert(result.samples.end(), single.begin(), single.end());
    result.seconds.push_back(median_of(std::move(single)));
    return;
  }
  for (std::size_t repeats = 1;;) {
    const double lasted = time(repeats);
    if (lasted >= kShortest) return result.seconds.push_back(lasted / static_cast<double>(repeats));
    repeats *= lasted > kShortest / 16 ? 2 : 16;
  }
}

std::string time_text(double seconds) {
  if (seconds < 1e-3) return fmt::format("{:.2f} µs", seconds * 1e6);
  return fmt::format("{:.2f} ms", seconds * 1e3);
}

}  // namespace

int bench(const BenchOptions& options, std::FILE* out, const std::vector<BenchCase>& more) {
  if (options.gpu) return bench_gpu(options, out);
  std::vector<Result> all;
  const auto add = [&](const std::vector<BenchCase>& cases) {
    for (const BenchCase& c : cases)
      if (c.name.find(options.only) != std::string::npos) all.push_back({c, {}, {}});
  };
  add(engine_cases());
  add(long_input_cases(options.long_inputs));
  add(more);
  if (all.empty()) {
    fmt::print(stderr, "attentionscope: --only: no case is called \"{}\"\n", options.only);
    return kBadInput;
  }
  std::vector<double> peaks;
  for (unsigned round = 0; round < options.rounds; ++round) {
    peaks.push_back(kernel::measured_peak());
    for (Result& result : all) measure(result);
  }
  const double most = median_of(peaks);
  if (options.json) {
    fmt::print(out, "{{\"backend\": \"{}\", \"rounds\": {}, \"peak_gflops\": {:.4g}, \"cases\": [",
               make_cpu_backend()->description(), options.rounds, most * 1e-9);
    for (std::size_t i = 0; i < all.size(); ++i) {
      fmt::print(
          out,
          "{}\n  {{\"name\": \"{}\", \"clock\": \"{}\", \"median_seconds\": {:.9g}, "
          "\"fastest_seconds\": {:.9g}, \"gflops\": {:.4g}, \"gigabytes\": {:.4g}, \"p99_seconds\": {:.9g}}}",
          i == 0 ? "" : ",", all[i].bench_case.name, all[i].bench_case.waits ? "wall" : "thread",
          all[i].median(), all[i].fastest(), all[i].speed() * 1e-9, all[i].traffic() * 1e-9,
          all[i].slowest());
    }
    fmt::print(out, "\n]}}\n");
    return kSuccess;
  }
  fmt::print(
      out,
      "{}\n{} rounds in turn; processor time of one thread, or * wall clock\n\n{:<56}{:>12}{:>12}{:>15}\n",
      make_cpu_backend()->description(), options.rounds, "", "median", "fastest", most > 0 ? "of peak" : "");
  for (const Result& result : all) {
    const bool of_peak = most > 0 && result.speed() > 0;
    std::string rate;
    if (of_peak) rate = fmt::format("{:.0f} %", 100 * result.speed() / most);
    if (result.traffic() > 0) rate = fmt::format("{:.1f} GB/s", result.traffic() * 1e-9);
    if (result.slowest() > 0) rate = "p99 " + time_text(result.slowest());
    fmt::print(out, "{:<56}{:>12}{:>12}{:>15}\n",
               result.bench_case.name + (result.bench_case.waits ? " *" : ""), time_text(result.median()),
               time_text(result.fastest()), rate);
  }
  if (most > 0) {
    fmt::print(out, "\npeak: {:.1f} GFLOP/s of one thread that does nothing but fused multiply-add\n",
               most * 1e-9);
  }
  return kSuccess;
}

}  // namespace attn::cli
