#include "core/update/drag_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/ops.h"

namespace attn {

void multiply_vector(MatrixView<const float> m, std::span<const float> v, std::span<float> out) {
  if (const kernel::Table* table = kernel::table())
    return table->multiply_vector(m.data, m.stride, m.rows, m.columns, v.data(), out.data());
  for (std::size_t i = 0; i < m.rows; ++i) {
    float sum = 0;
    for (std::size_t t = 0; t < m.columns; ++t) sum += m(i, t) * v[t];
    out[i] = sum;
  }
}

void rejoin(const kernel::Rejoin& r) {
  if (const kernel::Table* table = kernel::table()) return table->rejoin(r);
  for (std::size_t i = 0; i < r.rows; ++i) {
    const float larger = std::max({r.scores[i], r.reference[i], -std::numeric_limits<float>::max()});
    const float rest = r.sums[i] * std::exp(r.reference[i] - larger);
    const float word = std::exp(r.scores[i] - larger);
    const float sum = rest + word;
    r.rest_share[i] = sum > 0 ? rest / sum : 0;
    r.word_share[i] = sum > 0 ? word / sum : 0;
  }
}

void blend(const kernel::Blend& b) {
  if (const kernel::Table* table = kernel::table()) return table->blend(b);
  for (std::size_t i = 0; i < b.rows; ++i) {
    for (std::size_t c = 0; c < b.columns; ++c) {
      b.out[i * b.out_stride + c] =
          b.rest_share[i] * b.rest[i * b.rest_stride + c] + b.word_share[i] * b.word[c];
    }
  }
}

void softmax_in_place(std::span<float> row) {
  if (const kernel::Table* table = kernel::table()) {
    const float share = table->softmax({row.data(), row.size(), 0, row.size(), 1.0f});
    return table->scale(row.data(), row.size(), share, row.data());
  }
  const MatrixView<float> line{row.data(), 1, row.size(), row.size()};
  softmax_rows<float>(line, line);
}

float largest_magnitude(std::span<const float> values) {
  if (const kernel::Table* table = kernel::table()) return table->largest(values.data(), values.size());
  float largest = 0;
  for (const float value : values) {
    if (!(std::abs(value) <= largest)) largest = std::abs(value);
    if (std::isnan(largest)) break;
  }
  return largest;
}

}  // namespace attn
