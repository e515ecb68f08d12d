#include <stdexcept>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "core/attention/explain_text.h"
#include "core/io/scenario.h"

namespace attn::cli {

int explain(const ExplainOptions& options, std::FILE* out) {
  const io::Scenario scenario = io::load_scenario(options.file);
  const CellRef& cell = options.cell;
  const StageShape shape = shape_of(cell.stage, scenario.input, validate(scenario.input));
  if (shape.heads == 0) {
    throw std::invalid_argument(
        fmt::format("--stage: {} has no stage {}", options.file.string(), name(cell.stage)));
  }
  if (cell.head >= shape.heads) {
    throw std::invalid_argument(
        fmt::format("--head: expected 0 to {}, found {}", shape.heads - 1, cell.head));
  }
  if (cell.row >= shape.rows || cell.column >= shape.columns) {
    throw std::invalid_argument(fmt::format("--cell: expected rows 0 to {} and columns 0 to {}, found {},{}",
                                            shape.rows - 1, shape.columns - 1, cell.row, cell.column));
  }
  Explainer explainer(scenario.input);
  fmt::print(out, "{}", explain_text(explainer, cell, {options.depth, 4}));
  return kSuccess;
}

}  // namespace attn::cli
