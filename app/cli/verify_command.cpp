#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/cli/backend.h"
#include "app/cli/commands.h"
#include "core/attention/attention.h"
#include "core/attention/compare.h"
#include "core/attention/gradient.h"
#include "core/io/golden_compare.h"
#include "core/io/scenario.h"

namespace attn::cli {
namespace {

/// The largest error ÷ bound of one stage or array in each comparison; absent where there was none.
struct Row {
  std::optional<double> cpu;
  std::optional<double> gpu;
  std::optional<double> expected;
};

/// One line a stage, in the order in which stages are computed, then gradients.
class Report {
 public:
  Row& row(const std::string& name) {
    if (!rows_.contains(name)) order_.push_back(name);
    return rows_[name];
  }
  void problem(std::string text) { problems_.push_back(std::move(text)); }

  /// True when every ratio is at most 1 and nothing else was wrong. A NaN is not at most 1.
  bool print(const std::string& file, bool with_gpu, std::FILE* out) const {
    double worst = 0;
    bool passed = problems_.empty();
    fmt::print(out, "{}\n  {:<22}{:>12}{}{:>12}\n", file, "error ÷ bound", "float64",
               with_gpu ? fmt::format("{:>12}", "GPU") : "", "expected");
    for (const std::string& name : order_) {
      const Row& r = rows_.at(name);
      fmt::print(out, "  {:<21}{}{}{}\n", name, cell(r.cpu), with_gpu ? cell(r.gpu) : "", cell(r.expected));
      for (const auto& ratio : {r.cpu, r.gpu, r.expected}) {
        if (!ratio) continue;
        passed = passed && *ratio <= 1.0;
        worst = std::max(worst, std::isnan(*ratio) ? std::numeric_limits<double>::infinity() : *ratio);
      }
    }
    for (const std::string& text : problems_) fmt::print(out, "  {}\n", text);
    fmt::print(out, "  {}, worst {:.3g}\n\n", passed ? "passed" : "FAILED", worst);
    return passed;
  }

 private:
  static std::string cell(const std::optional<double>& ratio) {
    return ratio ? fmt::format("{:>12.3g}", *ratio) : fmt::format("{:>12}", "");
  }

  std::map<std::string, Row> rows_;
  std::vector<std::string> order_;
  std::vector<std::string> problems_;
};

void compare_expected(const io::GoldenCase& golden, const Arrays<float>& found, Report& report) {
  const bool wants_gradients = std::ranges::any_of(
      golden.expected, [](const auto& entry) { return entry.first.starts_with("grad_"); });
  std::optional<Gradients<float>> gradients;
  if (wants_gradients) {
    GradientSeed seed = GradientSeed::ones(found.dimensions());
    if (golden.seed_gradient) seed.output = golden.seed_gradient;
    gradients = backward<float>(golden.scenario.input, found, seed);
  }
  for (const io::ArrayError& error : io::compare_golden(golden, found, gradients ? &*gradients : nullptr)) {
    report.row(error.array).expected = error.ratio;
    if (!error.problem.empty()) report.problem(error.problem);
  }
}

bool verify_file(const std::filesystem::path& file, AskedBackend* gpu, std::FILE* out) {
  const io::ScenarioFile loaded = io::load_scenario_file(file);
  const auto* golden = std::get_if<io::GoldenCase>(&loaded);
  const io::Scenario& scenario = golden != nullptr ? golden->scenario : std::get<io::Scenario>(loaded);
  const Input& input = scenario.input;
  const Dimensions d = validate(input);
  check_memory(input, d, kDefaultMemory / 8);  // three float64 copies and the products behind the bounds

  Arrays<float> found;
  Arrays<double> exact;
  forward<float>(input, d, found);
  forward<double>(input, d, exact);
  const Arrays<double> bounds = error_bounds(input, exact);
  std::shared_ptr<const Trace> gpu_trace;
  const Arrays<float>* from_gpu = nullptr;
  std::vector<Stage> on_cpu;
  if (gpu != nullptr) {
    const RunResult result = gpu->run(input, {});
    on_cpu = result.on_cpu;
    gpu_trace = result.trace;
    from_gpu = gpu_trace->whole();
  }

  Report report;
  for (const Stage stage : stages_of(input)) {
    Row& row = report.row(std::string(name(stage)));
    const auto take = [&](const Arrays<float>& arrays, std::string_view who) {
      const StageError error = compare_stage(stage, arrays, exact, bounds);
      if (!error.problem.empty()) report.problem(fmt::format("{}: {}", who, error.problem));
      return error.ratio;
    };
    row.cpu = take(found, "CPU");
    if (from_gpu != nullptr) row.gpu = take(*from_gpu, "GPU");
  }
  if (golden != nullptr) compare_expected(*golden, from_gpu != nullptr ? *from_gpu : found, report);
  if (!on_cpu.empty()) {
    std::string stages;
    for (const Stage stage : on_cpu) stages += fmt::format(" {}", name(stage));
    fmt::print(out, "GPU left to the CPU:{}\n", stages);
  }
  return report.print(file.string(), gpu != nullptr, out);
}

}  // namespace

int verify(const VerifyOptions& options, std::FILE* out) {
  std::optional<AskedBackend> gpu;
  if (options.backend == gpu::BackendChoice::gpu) gpu.emplace(options.backend);
  std::size_t failed = 0;
  for (const auto& file : options.files) {
    if (!verify_file(file, gpu ? &*gpu : nullptr, out)) ++failed;
  }
  fmt::print(out, "{} of {} files passed{}\n", options.files.size() - failed, options.files.size(),
             gpu ? fmt::format(", GPU: {}", gpu->description()) : "");
  return failed == 0 ? kSuccess : kCheckFailed;
}

}  // namespace attn::cli
