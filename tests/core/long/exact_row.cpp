#include "tests/core/long/exact_row.h"

#include <algorithm>
#include <cmath>

#include "tests/support/worst.h"

namespace attn::test {

ExactRow exact_row(const SharedMatrix& x, std::size_t query, bool causal) {
  const std::size_t seen = causal ? query + 1 : x.rows();
  const auto asked = x.row(query);
  ExactRow row{std::vector<double>(x.rows()), std::vector<double>(x.columns()),
               std::vector<double>(x.columns())};
  double most = -1e300;
  for (std::size_t j = 0; j < seen; ++j) {
    const auto key = x.row(j);
    double score = 0;
    for (std::size_t c = 0; c < x.columns(); ++c)
      score += static_cast<double>(asked[c]) * static_cast<double>(key[c]);
    row.weights[j] = score / std::sqrt(static_cast<double>(x.columns()));
    most = std::max(most, row.weights[j]);
  }
  double sum = 0;
  for (std::size_t j = 0; j < seen; ++j) sum += row.weights[j] = std::exp(row.weights[j] - most);
  for (std::size_t j = 0; j < seen; ++j) {
    row.weights[j] /= sum;
    const auto value = x.row(j);
    for (std::size_t c = 0; c < x.columns(); ++c) {
      const double term = row.weights[j] * static_cast<double>(value[c]);
      row.output[c] += term;
      row.magnitude[c] += std::abs(term);
    }
  }
  return row;
}

double worst_share(const float* row, const std::vector<double>& exact, const std::vector<double>& magnitude) {
  double largest = 0;
  for (std::size_t c = 0; c < exact.size(); ++c) {
    largest = worst(largest, static_cast<double>(row[c]) - exact[c]);
  }
  return largest / *std::ranges::max_element(magnitude);
}

}  // namespace attn::test
