#include "core/attention/product_operations.h"

#include <algorithm>
#include <cstddef>

#include "core/attention/ops.h"

namespace attn {
namespace {

/// Pairs of a query and a key in these rows: all, or those that causal mask and window leave.
double pairs_in(const CellRect& rows, const Input& input, std::size_t n_keys, bool visible_alone) {
  if (!visible_alone) return static_cast<double>(rows.rows) * static_cast<double>(n_keys);
  double pairs = 0.0;
  for (std::size_t i = rows.row; i < rows.row + rows.rows; ++i) {
    const CellRun run = visible_run(input.config.mask, i, n_keys);
    pairs += static_cast<double>(std::max(run.first, run.last) - run.first);
  }
  return pairs;
}

}  // namespace

double product_operations(Stage stage, const Input& input, const Dimensions& d,
                          std::span<const CellRect> cells, bool visible_alone) {
  if (input.config.attend_over == AttendOver::features) return 0.0;
  const StageShape shape = shape_of(stage, input, d);
  const auto sum = [&](auto&& of_a_part) {
    double all = 0.0;
    for (const CellRect& part : cells) all += of_a_part(part);
    return 2.0 * all * static_cast<double>(shape.heads);
  };
  const auto projected = [&](ParameterId w, std::size_t inner) {
    if (!input.parameters[w]) return 0.0;
    return sum([&](const CellRect& part) {
      return static_cast<double>(part.rows) * static_cast<double>(shape.columns * inner);
    });
  };
  const auto attended = [&](std::size_t inner) {
    return sum([&](const CellRect& part) {
      return pairs_in(part, input, d.n_keys, visible_alone) * static_cast<double>(inner);
    });
  };
  switch (stage) {
    case Stage::q:
      return projected(ParameterId::w_q, d.d_model);
    case Stage::k:
      return projected(ParameterId::w_k, d.d_source);
    case Stage::v:
      return projected(ParameterId::w_v, d.d_source);
    case Stage::output:
      return projected(ParameterId::w_o, d.d_concat);
    case Stage::scores:
      if (input.config.score != Score::dot) return 0.0;
      if (visible_alone) return attended(d.d_k);
      return sum([&](const CellRect& part) {
        return static_cast<double>(part.rows * part.columns) * static_cast<double>(d.d_k);
      });
    case Stage::head_outputs:
      return attended(d.d_v);
    default:
      return 0.0;
  }
}

}  // namespace attn
