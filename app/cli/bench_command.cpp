// Times the engine on this machine. A figure is the processor time of one thread, unless the case waits for
// others: the median of several rounds in which all cases take turns, so that a drift of the machine's speed
// touches all alike.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "core/attention/attention.h"
#include "core/attention/gradient.h"
#include "core/attention/ops.h"

namespace attn::cli {
namespace {

constexpr std::size_t kRounds = 9;
/// A measurement repeats its case until it has lasted at least this long.
constexpr double kShortest = 0.02;

double seconds_of(clockid_t clock) {
  std::timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

SharedMatrix numbers(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Matrix values(rows, columns);
  const double spread = 1 / std::sqrt(static_cast<double>(columns));
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      values(i, j) = static_cast<float>((2 * dropout_uniform(seed, 0, i, j) - 1) * spread);
    }
  }
  return SharedMatrix(values);
}

Input layer(std::size_t n, std::size_t d_model, std::size_t heads) {
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(n, "t");
  input.x = numbers(n, d_model, 1);
  input.config.heads = heads;
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  input.config.mask.causal = true;
  std::uint64_t seed = 2;
  for (const ParameterId id : {ParameterId::w_q, ParameterId::w_k, ParameterId::w_v, ParameterId::w_o}) {
    input.parameters[id] = numbers(d_model, d_model, seed++);
  }
  return input;
}

Input three_words() {
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"x1", "x2", "x3"});
  input.x = SharedMatrix(Matrix{{1, 2}, {2, 3}, {3, 4}});
  return input;
}

/// What one case took in each round.
struct Result {
  BenchCase bench_case;
  std::vector<double> seconds;

  double median() const {
    std::vector<double> sorted = seconds;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
  }
  double fastest() const { return *std::ranges::min_element(seconds); }
};

/// Seconds that one run takes, repeated often enough to be measured.
double measure(const BenchCase& bench_case) {
  if (bench_case.prepare) bench_case.prepare();
  const std::function<void()>& run = bench_case.run;
  const clockid_t clock = bench_case.waits ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID;
  std::size_t repeats = 1;
  while (true) {
    const double start = seconds_of(clock);
    for (std::size_t i = 0; i < repeats; ++i) run();
    const double lasted = seconds_of(clock) - start;
    if (lasted >= kShortest) return lasted / static_cast<double>(repeats);
    repeats *= lasted > kShortest / 16 ? 2 : 16;
  }
}

/// One movement of a word as a drag makes it: a new input that shares the rest, checked and computed.
std::function<void()> drag(const Input& pressed, std::size_t word, bool may_update) {
  struct State {
    Input pressed;
    std::unique_ptr<Backend> backend = make_cpu_backend();
    std::shared_ptr<const Trace> trace;
    float step = 0;
  };
  const auto state = std::make_shared<State>();
  state->pressed = pressed;
  RunOptions options;
  options.may_update = may_update;
  return [state, word, options] {
    state->step += 0.001f;
    Input moved = state->pressed;
    const std::span<const float> was = moved.x.row(word);
    std::vector<float> row(was.begin(), was.end());
    row[0] += state->step;
    row[1] -= state->step;
    moved.x = moved.x.with_row(word, row);
    state->trace = state->backend->run(moved, options).trace;
  };
}

std::function<void()> forward_pass(const Input& input) {
  const auto arrays = std::make_shared<Arrays<float>>();
  const Dimensions d = validate(input);
  return [input, d, arrays] { forward<float>(input, d, *arrays); };
}

std::function<void()> backward_pass(const Input& input) {
  const auto arrays = std::make_shared<Arrays<float>>();
  const Dimensions d = validate(input);
  forward<float>(input, d, *arrays);
  const GradientSeed seed = GradientSeed::ones(d);
  return [input, arrays, seed] { backward<float>(input, *arrays, seed); };
}

std::vector<BenchCase> engine_cases() {
  std::vector<BenchCase> all;
  all.push_back({"drag of the three-word example, recomputed", drag(three_words(), 0, false)});
  all.push_back({"drag of one of 512 words, d 512, heads 8, causal", drag(layer(512, 512, 8), 100, true)});
  struct Size {
    std::size_t n, d_model, heads;
  };
  for (const Size& size : {Size{3, 64, 1}, Size{128, 512, 8}, Size{512, 512, 8}, Size{512, 768, 12}}) {
    const Input input = layer(size.n, size.d_model, size.heads);
    const std::string label = fmt::format("n {}, d {}, heads {}, causal", size.n, size.d_model, size.heads);
    all.push_back({"forward, " + label, forward_pass(input)});
    all.push_back({"gradient, " + label, backward_pass(input)});
  }
  return all;
}

std::string time_text(double seconds) {
  if (seconds < 1e-3) return fmt::format("{:.2f} µs", seconds * 1e6);
  return fmt::format("{:.2f} ms", seconds * 1e3);
}

}  // namespace

int bench(const BenchOptions& options, std::FILE* out, const std::vector<BenchCase>& more) {
  std::vector<Result> all;
  const auto add = [&](const std::vector<BenchCase>& cases) {
    for (const BenchCase& c : cases)
      if (c.name.find(options.only) != std::string::npos) all.push_back({c, {}});
  };
  add(engine_cases());
  add(more);
  if (all.empty()) {
    fmt::print(stderr, "attentionscope: --only: no case is called \"{}\"\n", options.only);
    return kBadInput;
  }
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (Result& result : all) result.seconds.push_back(measure(result.bench_case));
  }
  if (options.json) {
    fmt::print(out, "{{\"backend\": \"{}\", \"rounds\": {}, \"cases\": [", make_cpu_backend()->description(),
               kRounds);
    for (std::size_t i = 0; i < all.size(); ++i) {
      fmt::print(out,
                 "{}\n  {{\"name\": \"{}\", \"clock\": \"{}\", \"median_seconds\": {:.9g}, "
                 "\"fastest_seconds\": {:.9g}}}",
                 i == 0 ? "" : ",", all[i].bench_case.name, all[i].bench_case.waits ? "wall" : "thread",
                 all[i].median(), all[i].fastest());
    }
    fmt::print(out, "\n]}}\n");
    return kSuccess;
  }
  fmt::print(out,
             "{} rounds in turn; processor time of the main thread, or * wall clock\n\n{:<48}{:>12}{:>12}\n",
             kRounds, "", "median", "fastest");
  for (const Result& result : all) {
    fmt::print(out, "{:<48}{:>12}{:>12}\n", result.bench_case.name + (result.bench_case.waits ? " *" : ""),
               time_text(result.median()), time_text(result.fastest()));
  }
  return kSuccess;
}

}  // namespace attn::cli
