#include <stdexcept>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "core/attention/explain_text.h"
#include "core/io/scenario.h"

namespace attn::cli {

namespace {

/// The stage of that name, if this scenario has it.
Stage stage_of(const ExplainOptions& options, const Input& input) {
  const std::optional<Stage> stage = stage_from_name(options.stage);
  if (stage && present(*stage, input)) return *stage;
  std::string names;
  for (const Stage there : stages_of(input))
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name(there));
  throw std::invalid_argument(fmt::format("--stage: {} has the stages {}; found \"{}\"",
                                          options.file.string(), names, options.stage));
}

}  // namespace

int explain(const ExplainOptions& options, std::FILE* out) {
  const io::Scenario scenario = io::load_scenario(options.file);
  const CellRef cell{stage_of(options, scenario.input), options.head, options.row, options.column};
  const StageShape shape = shape_of(cell.stage, scenario.input, validate(scenario.input));
  if (cell.head >= shape.heads) {
    throw std::invalid_argument(
        fmt::format("--head: expected 0 to {}, found {}", shape.heads - 1, cell.head));
  }
  if (cell.row >= shape.rows || cell.column >= shape.columns) {
    throw std::invalid_argument(fmt::format("--cell: expected rows 0 to {} and columns 0 to {}, found {},{}",
                                            shape.rows - 1, shape.columns - 1, cell.row, cell.column));
  }
  Explainer explainer(scenario.input);
  ExplainTextOptions text;
  text.depth = options.depth;
  text.feature_names = scenario.feature_names;
  fmt::print(out, "{}", explain_text(explainer, cell, text));
  return kSuccess;
}

}  // namespace attn::cli
