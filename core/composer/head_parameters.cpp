#include "core/composer/head_parameters.h"

#include <algorithm>

namespace attn {
namespace {

ParameterId bias_of(ParameterId w) {
  if (w == ParameterId::w_q) return ParameterId::b_q;
  return w == ParameterId::w_k ? ParameterId::b_k : ParameterId::b_v;
}

}  // namespace

Matrix dense_parameter(const Input& input, const Dimensions& d, ParameterId id) {
  if (input.parameters[id]) return input.parameters[id]->dense();
  const ParameterShape shape = parameter_shape(d, id);
  Matrix m(shape.rows, shape.columns);
  for (std::size_t i = 0; i < std::min(shape.rows, shape.columns); ++i) m(i, i) = 1.0f;
  return m;
}

HeadProjection head_projection(const Input& input, const Dimensions& d, ParameterId w, std::size_t head) {
  const std::size_t width = w == ParameterId::w_v ? d.d_v : d.d_k;
  const std::size_t rows = parameter_shape(d, w).rows;
  const std::optional<SharedMatrix>& given = input.parameters[w];
  HeadProjection result{Matrix(rows, width), std::vector<float>(width, 0.0f)};
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t c = 0; c < width; ++c) {
      const std::size_t column = head * width + c;
      result.w(i, c) = given ? (*given)(i, column) : i == column ? 1.0f : 0.0f;
    }
  }
  if (const auto& bias = input.parameters[bias_of(w)]) {
    for (std::size_t c = 0; c < width; ++c) result.bias[c] = (*bias)(0, head * width + c);
  }
  return result;
}

void set_head_projection(Input& input, const Dimensions& d, ParameterId w, std::size_t head,
                         const HeadProjection& projection) {
  const std::size_t width = projection.w.columns();
  Matrix all = dense_parameter(input, d, w);
  for (std::size_t i = 0; i < all.rows(); ++i) {
    for (std::size_t c = 0; c < width; ++c) all(i, head * width + c) = projection.w(i, c);
  }
  std::optional<SharedMatrix>& bias = input.parameters[bias_of(w)];
  const bool needed = std::ranges::any_of(projection.bias, [](float v) { return v != 0.0f; });
  if (bias || needed) {
    Matrix row = bias ? bias->dense() : Matrix(1, all.columns());
    for (std::size_t c = 0; c < width; ++c) row(0, head * width + c) = projection.bias[c];
    bias = SharedMatrix(row);
  }
  input.parameters[w] = SharedMatrix(all);
}

}  // namespace attn
