#include "core/attention/output_parts.h"

#include <stdexcept>

namespace attn {

RowRange rows_of_head(const Input& input, const Dimensions& d, std::size_t head) {
  if (input.config.combine == Combine::mean) return {0, d.d_v};
  return {head * d.d_v, (head + 1) * d.d_v};
}

std::optional<OutputParts> output_parts(const Trace& trace, std::size_t row, std::size_t column) {
  const Input& input = trace.input();
  const Dimensions& d = trace.dimensions();
  const StageShape shape = trace.shape(Stage::output);
  if (row >= shape.rows || column >= shape.columns)
    throw std::out_of_range("output_parts: no such number in the output");
  const auto& w_o = input.parameters[ParameterId::w_o];
  const auto& b_o = input.parameters[ParameterId::b_o];
  const double share = input.config.combine == Combine::mean ? 1.0 / static_cast<double>(d.n_heads) : 1.0;
  OutputParts parts;
  for (std::size_t h = 0; h < d.n_heads; ++h) {
    const Read read = trace.read(Stage::head_outputs, h, {row, 0, 1, d.d_v});
    if (!read.ready()) return std::nullopt;
    const RowRange rows = rows_of_head(input, d, h);
    double sum = 0.0;
    for (std::size_t t = 0; t < d.d_v; ++t) {
      const std::size_t r = rows.first + t;
      // An absent W_O is the identity.
      const double w = w_o ? static_cast<double>((*w_o)(r, column)) : r == column ? 1.0 : 0.0;
      sum += static_cast<double>(read.values(0, t)) * w;
    }
    parts.heads.push_back(sum * share);
    parts.total += parts.heads.back();
  }
  if (b_o) parts.bias = static_cast<double>((*b_o)(0, column));
  parts.total += parts.bias;
  return parts;
}

}  // namespace attn
