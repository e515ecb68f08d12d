// What a head copies: W_V and the rows of W_O that belong to it.

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "core/composer/compose_head.h"
#include "core/composer/head_parameters.h"

namespace attn {

std::optional<Hindrance> copy_hindrance(const Input& input, std::size_t head,
                                        const std::vector<std::size_t>& columns) {
  using Why = Hindrance::Kind;
  const Dimensions d = validate(input);
  if (head >= d.n_heads) {
    throw std::invalid_argument(
        fmt::format("compose: head: expected a number below {}, found {}", d.n_heads, head));
  }
  for (const std::size_t column : columns) {
    if (column < d.d_source) continue;
    throw std::invalid_argument(
        fmt::format("compose: copied column: expected a number below {}, found {}", d.d_source, column));
  }
  if (input.config.attend_over == AttendOver::features) return Hindrance{Why::over_features};
  if (input.config.combine == Combine::mean) return Hindrance{Why::shared_output};
  if (d.n_kv_heads != d.n_heads) return Hindrance{Why::shared_keys, d.n_heads, d.n_kv_heads};
  if (d.d_v < columns.size()) return Hindrance{Why::narrow_head, columns.size(), d.d_v};
  const std::size_t last = columns.empty() ? 0 : *std::ranges::max_element(columns) + 1;
  if (d.d_out < last) return Hindrance{Why::narrow_output, last, d.d_out};
  return std::nullopt;
}

Input compose_copy(const Input& input, std::size_t head, const std::vector<std::size_t>& columns) {
  if (const auto problem = copy_hindrance(input, head, columns)) {
    throw std::invalid_argument(
        fmt::format("compose: the head cannot do this ({})", static_cast<int>(problem->kind)));
  }
  const Dimensions d = validate(input);
  HeadProjection v{Matrix(d.d_source, d.d_v), std::vector<float>(d.d_v, 0.0f)};
  Matrix w_o = dense_parameter(input, d, ParameterId::w_o);
  for (std::size_t c = 0; c < d.d_v; ++c) std::ranges::fill(w_o.row(head * d.d_v + c), 0.0f);
  for (std::size_t p = 0; p < columns.size(); ++p) {
    v.w(columns[p], p) = 1.0f;
    w_o(head * d.d_v + p, columns[p]) = 1.0f;
  }
  Input result = input;
  set_head_projection(result, d, ParameterId::w_v, head, v);
  result.parameters[ParameterId::w_o] = SharedMatrix(w_o);
  return result;
}

std::optional<std::vector<std::size_t>> recognise_copy(const Input& input, std::size_t head) {
  const Dimensions d = validate(input);
  if (head >= d.n_heads || input.config.attend_over == AttendOver::features) return std::nullopt;
  const HeadProjection v = head_projection(input, d, ParameterId::w_v, d.kv_head(head));
  std::vector<std::size_t> columns;
  for (std::size_t p = 0; p < d.d_v; ++p) {
    for (std::size_t i = 0; i < d.d_source; ++i) {
      if (v.w(i, p) == 0.0f) continue;
      if (columns.size() != p) return std::nullopt;  // a second number, or one after an empty column
      columns.push_back(i);
    }
  }
  if (copy_hindrance(input, head, columns)) return std::nullopt;
  const Input model = compose_copy(input, head, columns);
  const bool same =
      head_projection(model, d, ParameterId::w_v, head) == v &&
      dense_parameter(model, d, ParameterId::w_o) == dense_parameter(input, d, ParameterId::w_o);
  if (!same) return std::nullopt;
  return columns;
}

}  // namespace attn
