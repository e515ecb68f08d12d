#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "app/cli/backend.h"
#include "app/cli/commands.h"
#include "app/cli/table.h"
#include "core/attention/gradient.h"
#include "core/io/npy.h"
#include "core/io/scenario.h"
#include "core/io/trace_npz.h"
#include "core/update/streamed_trace.h"

namespace attn::cli {
namespace {

const std::vector<std::string>* row_labels(Stage stage, const Input& input) {
  if (input.config.attend_over == AttendOver::features && is_score_like(stage)) return nullptr;
  switch (stage) {
    case Stage::source_x:
    case Stage::source_position:
    case Stage::k:
    case Stage::v:
    case Stage::k_rotated:
      return input.key_tokens().get();
    default:
      return input.tokens.get();
  }
}

Labels labels_of(Stage stage, const Input& input) {
  const bool over_keys = is_score_like(stage) && input.config.attend_over == AttendOver::tokens;
  return {row_labels(stage, input), over_keys ? input.key_tokens().get() : nullptr};
}

/// What a table shows of a head: all of it, where the trace has it in memory.
Read read_for_table(const Trace& trace, Stage stage, std::size_t head) {
  if (!trace.streams(stage)) return trace.read_head(stage, head);
  const StageShape shape = trace.shape(stage);
  return trace.read(stage, head,
                    {0, 0, std::min(shape.rows, kMostRows), std::min(shape.columns, kMostColumns)});
}

void print_trace(const Trace& trace, std::FILE* out) {
  for (const Stage stage : stages_of(trace.input())) {
    const StageShape shape = trace.shape(stage);
    const std::string_view elsewhere =
        trace.streams(stage) ? "too many to be stored" : "-o FILE.npz writes everything";
    for (std::size_t h = 0; h < shape.heads; ++h) {
      const std::string head = has_heads(stage) ? fmt::format("[{}]", h) : "";
      fmt::print(out, "{}{}  {} × {}\n{}\n", name(stage), head, shape.rows, shape.columns,
                 table(read_for_table(trace, stage, h).values, labels_of(stage, trace.input()), shape.rows,
                       shape.columns, elsewhere));
    }
  }
}

/// Says which stages a file lacks because they have no room.
void print_left_out(const Trace& trace, const std::filesystem::path& file) {
  std::string names;
  for (const Stage stage : stages_of(trace.input())) {
    if (trace.streams(stage)) names += fmt::format("{}{}", names.empty() ? "" : ", ", name(stage));
  }
  if (names.empty()) return;
  const StageShape shape = trace.shape(Stage::scores);
  fmt::print(stderr, "{}: without {}: {} × {} × {} cells each are too many to be stored\n", file.string(),
             names, shape.heads, shape.rows, shape.columns);
}

void print_matrix(std::FILE* out, const std::string& title, const Matrix& values, const Labels& labels = {}) {
  fmt::print(out, "{}  {} × {}\n{}\n", title, values.rows(), values.columns(), table(view(values), labels));
}

void print_gradients(const Gradients<float>& gradients, const Input& input, std::FILE* out) {
  print_matrix(out, "grad_x", gradients.x, {input.tokens.get(), nullptr});
  if (gradients.source_x)
    print_matrix(out, "grad_source_x", *gradients.source_x, {input.key_tokens().get(), nullptr});
  for (const ParameterId id : kParameterIds) {
    const auto& gradient = gradients.parameters[static_cast<std::size_t>(id)];
    if (gradient) print_matrix(out, fmt::format("grad_{}", name(id)), *gradient);
  }
  const auto heads = [&](std::string_view title, const std::vector<Matrix>& values, Stage stage) {
    for (std::size_t h = 0; h < values.size(); ++h) {
      print_matrix(out, fmt::format("{}[{}]", title, h), values[h], labels_of(stage, input));
    }
  };
  heads("grad_scores", gradients.scores, Stage::scores);
  heads("grad_scaled", gradients.scaled, Stage::scaled);
  heads("grad_weights", gradients.weights, Stage::weights);
  heads("grad_head_outputs", gradients.head_outputs, Stage::head_outputs);
}

GradientSeed seed_of(const TraceOptions& options, const Dimensions& d) {
  if (!options.seed_gradient) return GradientSeed::ones(d);
  GradientSeed seed;
  seed.output = io::load_npy_matrix(*options.seed_gradient);
  if (seed.output->rows() != d.n_queries || seed.output->columns() != d.d_out) {
    throw std::invalid_argument(fmt::format("{}: shape: expected {} × {} (n × d_out), found {} × {}",
                                            options.seed_gradient->string(), d.n_queries, d.d_out,
                                            seed.output->rows(), seed.output->columns()));
  }
  return seed;
}

}  // namespace

int trace(const TraceOptions& options, std::FILE* out) {
  const io::Scenario scenario = io::load_scenario(options.file);
  const Dimensions d = validate(scenario.input);
  std::optional<GradientSeed> seed;
  if (options.gradient) seed = seed_of(options, d);

  if (seed) check_memory(scenario.input, d, options.memory);  // gradients read every number of the trace

  AskedBackend backend(options.backend);
  RunOptions run;
  run.memory_limit = options.memory;
  const RunResult result = backend.run(scenario.input, run);
  const Arrays<float>& arrays = stored_arrays(*result.trace);
  std::optional<Gradients<float>> gradients;
  if (seed) gradients = backward<float>(scenario.input, arrays, *seed);

  if (options.output) {
    io::save_trace(*options.output, scenario, arrays, gradients ? &*gradients : nullptr);
    print_left_out(*result.trace, *options.output);
  } else {
    print_trace(*result.trace, out);
    if (gradients) print_gradients(*gradients, scenario.input, out);
  }
  backend.print_notes(result, stderr);
  return kSuccess;
}

}  // namespace attn::cli
