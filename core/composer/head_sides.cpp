#include "core/composer/head_sides.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/composer/compose_head.h"

namespace attn {
namespace {

/// Which key, counted from 0, the query at position i is sent to; past the last key there is none. The first
/// query, which has no previous one, is sent to key 0.
std::size_t wished_position(const Wish& wish, std::size_t i) {
  if (wish.kind == Wish::Kind::first) return 0;
  if (wish.kind == Wish::Kind::same) return i;
  return i == 0 ? 0 : i - 1;
}

/// How far the sum of cosines of these angular steps falls from its largest value, at any offset of 1 to
/// n_keys − 1 positions: what a strength is divided by.
double gap_of(const std::vector<double>& steps, std::size_t n_keys) {
  if (n_keys < 2) return 1.0;
  double next_best = -static_cast<double>(steps.size());
  for (std::size_t offset = 1; offset < n_keys; ++offset) {
    double sum = 0.0;
    for (const double step : steps) sum += std::cos(step * static_cast<double>(offset));
    next_best = std::max(next_best, sum);
  }
  return static_cast<double>(steps.size()) - next_best;
}

void compose_unit_vectors(HeadSides& sides, const Wish& wish, std::size_t q_column, std::size_t k_column,
                          const Dimensions& d, double gain) {
  const bool first = wish.kind == Wish::Kind::first;
  for (std::size_t j = 0; j < (first ? 1 : d.n_keys); ++j) sides.k.w(k_column + j, j) = 1.0f;
  for (std::size_t i = 0; i < d.n_queries; ++i) {
    const std::size_t key = wished_position(wish, i);
    if (key < d.n_keys) sides.q.w(q_column + i, key) = static_cast<float>(gain);
  }
}

void compose_circles(HeadSides& sides, const Wish& wish, std::size_t q_column, std::size_t k_column,
                     const Dimensions& d, double gain) {
  std::vector<double> steps;
  for (std::size_t c = 1; c <= std::min(d.d_k / 2, (d.n_keys - 1) / 2); ++c) {
    steps.push_back(2.0 * std::numbers::pi * static_cast<double>(c) / static_cast<double>(d.n_keys));
  }
  const double amplitude = gain / gap_of(steps, d.n_keys);
  const auto put = [&](HeadProjection& side, std::size_t row, std::size_t position, double factor) {
    for (std::size_t c = 0; c < steps.size(); ++c) {
      const double angle = steps[c] * static_cast<double>(position);
      side.w(row, 2 * c) = static_cast<float>(factor * std::sin(angle));
      side.w(row, 2 * c + 1) = static_cast<float>(factor * std::cos(angle));
    }
  };
  for (std::size_t j = 0; j < d.n_keys; ++j) put(sides.k, k_column + j, j, 1.0);
  for (std::size_t i = 0; i < d.n_queries; ++i) {
    const std::size_t key = wished_position(wish, i);
    if (key < d.n_keys) put(sides.q, q_column + i, key, amplitude);
  }
}

void compose_sinusoids(HeadSides& sides, const Wish& wish, const Dimensions& d, double gain) {
  // As few of the frequencies, from the fastest, as do nearly all that can be done: the slow ones tell near
  // positions apart hardly at all, and every column more lets in more of the words' own numbers.
  const std::size_t most = std::min(d.d_k, d.d_model) / 2;
  std::vector<double> all;
  for (std::size_t c = 0; c < most; ++c) {
    all.push_back(std::pow(10000.0, -2.0 * static_cast<double>(c) / static_cast<double>(d.d_model)));
  }
  constexpr double kEnough = 0.99;
  double best = 0.0;
  for (std::size_t n = 1; n <= most; ++n) {
    best = std::max(best, gap_of({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n)}, d.n_keys));
  }
  std::vector<double> steps;
  while (steps.size() < most && (steps.empty() || gap_of(steps, d.n_keys) < kEnough * best)) {
    steps.push_back(all[steps.size()]);
  }
  const double amplitude = gain / gap_of(steps, d.n_keys);
  for (std::size_t c = 0; c < steps.size(); ++c) {
    const std::size_t sine = 2 * c;
    const std::size_t cosine = 2 * c + 1;
    sides.k.w(sine, sine) = 1.0f;
    sides.k.w(cosine, cosine) = 1.0f;
    if (wish.kind == Wish::Kind::first) {
      sides.q.bias[cosine] = static_cast<float>(amplitude);  // sin 0 = 0, cos 0 = 1
      continue;
    }
    const double turn = wish.kind == Wish::Kind::previous ? steps[c] : 0.0;
    sides.q.w(sine, sine) = sides.q.w(cosine, cosine) = static_cast<float>(amplitude * std::cos(turn));
    sides.q.w(sine, cosine) = static_cast<float>(amplitude * std::sin(turn));
    sides.q.w(cosine, sine) = static_cast<float>(-amplitude * std::sin(turn));
  }
}

void compose_positions(HeadSides& sides, const Input& input, const Wish& wish, const Dimensions& d,
                       double gain) {
  if (input.config.position == Position::sinusoidal) {
    compose_sinusoids(sides, wish, d, gain);
    return;
  }
  const std::size_t q_column = one_hot_positions(input.x).value();
  const std::size_t k_column = one_hot_positions(input.key_x()).value();
  if (wish.kind == Wish::Kind::first || d.d_k >= d.n_keys) {
    compose_unit_vectors(sides, wish, q_column, k_column, d, gain);
  } else {
    compose_circles(sides, wish, q_column, k_column, d, gain);
  }
}

}  // namespace

HeadSides composed_sides(const Input& input, const Dimensions& d, const Wish& wish, double strength) {
  HeadSides sides{{Matrix(d.d_model, d.d_k), std::vector<float>(d.d_k, 0.0f)},
                  {Matrix(d.d_source, d.d_k), std::vector<float>(d.d_k, 0.0f)}};
  const double gain = strength / score_factor(input.config, d);
  if (wish.kind == Wish::Kind::feature) {
    if (wish.query_feature) {
      sides.q.w(*wish.query_feature, 0) = static_cast<float>(gain);
    } else {
      sides.q.bias[0] = static_cast<float>(gain);
    }
    sides.k.w(wish.key_feature, 0) = 1.0f;
  } else if (wish.kind == Wish::Kind::match) {
    for (std::size_t p = 0; p < wish.pairs.size(); ++p) {
      sides.q.w(wish.pairs[p].query, p) = static_cast<float>(gain);
      sides.k.w(wish.pairs[p].key, p) = 1.0f;
    }
  } else {
    compose_positions(sides, input, wish, d, gain);
  }
  return sides;
}

std::optional<std::size_t> one_hot_positions(const SharedMatrix& x) {
  const std::size_t n = x.rows();
  const auto begins_at = [&](std::size_t column) {
    for (std::size_t i = 0; i < n; ++i) {
      const auto row = x.row(i);
      for (std::size_t j = 0; j < n; ++j) {
        if (row[column + j] != (i == j ? 1.0f : 0.0f)) return false;
      }
    }
    return true;
  };
  for (std::size_t column = 0; column + n <= x.columns(); ++column) {
    if (begins_at(column)) return column;
  }
  return std::nullopt;
}

}  // namespace attn
