#include "app/session/pull_limit.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace attn::session {
namespace {

using Row = std::span<const float>;

/// Whether every choice of W_Q and W_K gives scores that are linear in the key's vector, normalised by a
/// softmax along the keys.
bool linear_in_keys(const Config& config) {
  return (config.score == Score::dot || config.score == Score::bilinear) &&
         config.position == Position::none && config.normalise != Normalise::none &&
         config.softmax_axis == SoftmaxAxis::keys && config.attend_over == AttendOver::tokens;
}

/// Pairs of keys are looked through up to this many keys.
constexpr std::size_t kMostKeys = 1024;

double entropy(double share) {
  const auto term = [](double p) { return p > 0.0 ? -p * std::log(p) : 0.0; };
  return term(share) + term(1.0 - share);
}

/// How far along the way from a to b the vector m lies, if it lies exactly on it. Differences and products
/// of float32 numbers are exact in double as long as their sizes are alike, so there is no tolerance: a
/// word beside the line, however near, is free.
std::optional<double> place_between(Row m, Row a, Row b) {
  std::size_t widest = 0;
  const auto along = [&](std::size_t c) { return static_cast<double>(b[c]) - static_cast<double>(a[c]); };
  const auto from_a = [&](std::size_t c) { return static_cast<double>(m[c]) - static_cast<double>(a[c]); };
  // Nearly every pair is refused by its first two numbers.
  if (m.size() > 1 && from_a(0) * along(1) != from_a(1) * along(0)) return std::nullopt;
  for (std::size_t c = 1; c < m.size(); ++c) {
    if (std::abs(along(c)) > std::abs(along(widest))) widest = c;
  }
  if (along(widest) == 0.0) return std::nullopt;
  for (std::size_t c = 0; c < m.size(); ++c) {
    if (from_a(c) * along(widest) != from_a(widest) * along(c)) return std::nullopt;
  }
  const double share = from_a(widest) / along(widest);
  if (!(share > 0.0 && share < 1.0)) return std::nullopt;
  return share;
}

}  // namespace

std::optional<PullLimit> limit_by_parameters(const Input& input, std::size_t query, std::size_t key) {
  const Config& config = input.config;
  const SharedMatrix& keys = input.key_x();
  if (!linear_in_keys(config) || !visible(config.mask, query, key)) return std::nullopt;

  std::vector<std::size_t> others;
  for (std::size_t j = 0; j < keys.rows(); ++j) {
    if (j != key && visible(config.mask, query, j)) others.push_back(j);
  }
  std::optional<PullLimit> best;
  const auto offer = [&](PullLimit limit) {
    limit.key = key;
    if (!best || limit.bound < best->bound) best = std::move(limit);
  };

  std::vector<std::size_t> copies;
  std::ranges::copy_if(others, std::back_inserter(copies),
                       [&](std::size_t j) { return std::ranges::equal(keys.row(j), keys.row(key)); });
  if (!copies.empty()) {
    offer({PullLimit::Kind::duplicate, 1.0 / (1.0 + static_cast<double>(copies.size())), key, copies, 0.0});
  }
  if (others.size() > kMostKeys) return best;
  for (std::size_t i = 0; i < others.size(); ++i) {
    for (std::size_t j = i + 1; j < others.size(); ++j) {
      const auto share = place_between(keys.row(key), keys.row(others[i]), keys.row(others[j]));
      if (!share) continue;
      const auto kind = *share == 0.5 ? PullLimit::Kind::midpoint : PullLimit::Kind::between;
      offer({kind, 1.0 / (1.0 + std::exp(entropy(*share))), key, {others[i], others[j]}, *share});
    }
  }
  return best;
}

}  // namespace attn::session
