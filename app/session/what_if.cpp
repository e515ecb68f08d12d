#include "app/session/what_if.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace attn::session {

SoftmaxLine softmax_line(std::vector<double> scores, Normalise normalise) {
  constexpr double kHidden = -std::numeric_limits<double>::infinity();
  SoftmaxLine line;
  line.scores = std::move(scores);
  const std::size_t n = line.scores.size();
  if (normalise == Normalise::none) {
    line.shares = line.scores;
    std::ranges::replace(line.shares, kHidden, 0.0);
    return line;
  }
  line.exponentials.assign(n, 0.0);
  line.shares.assign(n, 0.0);
  const auto largest = std::ranges::max_element(line.scores);
  if (largest == line.scores.end() || *largest == kHidden) return line;
  if (normalise == Normalise::softmax) line.maximum = *largest;
  for (std::size_t i = 0; i < n; ++i) {
    line.exponentials[i] = std::exp(line.scores[i] - line.maximum);
    line.sum += line.exponentials[i];
  }
  for (std::size_t i = 0; i < n; ++i) line.shares[i] = line.exponentials[i] / line.sum;
  return line;
}

std::vector<double> WhatIf::applied_to(std::vector<double> line) const {
  for (const auto& [place, score] : scores) {
    if (place < line.size()) line[place] = score;
  }
  return line;
}

}  // namespace attn::session
