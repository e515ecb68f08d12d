#include "core/composer/wish.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace attn {
namespace {

void require_column(std::size_t column, std::size_t columns) {
  if (column >= columns) {
    throw std::invalid_argument(fmt::format("wish: expected a column below {}, found {}", columns, column));
  }
}

double at(const SharedMatrix& m, std::size_t row, std::size_t column) {
  return static_cast<double>(m(row, column));
}

/// Keys that a query sees and that have the largest value above 0.
template <class Value>
WishedKeys largest_visible(const Input& input, std::size_t i, const Value& value) {
  WishedKeys keys;
  double largest = 0.0;
  for (std::size_t j = 0; j < input.key_x().rows(); ++j) {
    const double v = value(j);
    if (!(v > 0.0) || v < largest || !visible(input.config.mask, i, j)) continue;
    if (v > largest) keys.clear();
    largest = v;
    keys.push_back(j);
  }
  return keys;
}

std::vector<WishedKeys> wished_features(const Input& input, const Wish& wish) {
  const SharedMatrix& x = input.x;
  const SharedMatrix& keys = input.key_x();
  require_column(wish.key_feature, keys.columns());
  if (wish.query_feature) require_column(*wish.query_feature, x.columns());
  const auto asks = [&](std::size_t i) { return wish.query_feature ? at(x, i, *wish.query_feature) : 1.0; };
  double largest = 0.0;
  for (std::size_t i = 0; i < x.rows(); ++i) largest = std::max(largest, std::abs(asks(i)));
  std::vector<WishedKeys> result(x.rows());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    const double asked = asks(i);
    if (asked == 0.0 || std::abs(asked) < 0.5 * largest) continue;
    const double sign = asked > 0.0 ? 1.0 : -1.0;
    result[i] =
        largest_visible(input, i, [&](std::size_t j) { return sign * at(keys, j, wish.key_feature); });
  }
  return result;
}

/// The compared columns of one row at length 1; all zeros where there is no length.
std::vector<double> direction(const SharedMatrix& m, std::size_t row, const std::vector<ColumnPair>& pairs,
                              std::size_t ColumnPair::*side) {
  std::vector<double> values;
  double squares = 0.0;
  for (const ColumnPair& pair : pairs) {
    values.push_back(at(m, row, pair.*side));
    squares += values.back() * values.back();
  }
  if (squares == 0.0) return values;
  for (double& value : values) value /= std::sqrt(squares);
  return values;
}

std::vector<WishedKeys> wished_matches(const Input& input, const Wish& wish) {
  const SharedMatrix& keys = input.key_x();
  for (const ColumnPair& pair : wish.pairs) {
    require_column(pair.query, input.x.columns());
    require_column(pair.key, keys.columns());
  }
  std::vector<std::vector<double>> key_directions;
  for (std::size_t j = 0; j < keys.rows(); ++j) {
    key_directions.push_back(direction(keys, j, wish.pairs, &ColumnPair::key));
  }
  constexpr double kEqual = 1e-5;
  std::vector<WishedKeys> result(input.x.rows());
  for (std::size_t i = 0; i < input.x.rows(); ++i) {
    const std::vector<double> asked = direction(input.x, i, wish.pairs, &ColumnPair::query);
    if (std::ranges::all_of(asked, [](double v) { return v == 0.0; })) continue;
    for (std::size_t j = 0; j < keys.rows(); ++j) {
      const bool equal = std::ranges::equal(asked, key_directions[j],
                                            [](double a, double b) { return std::abs(a - b) <= kEqual; });
      if (equal && visible(input.config.mask, i, j)) result[i].push_back(j);
    }
  }
  return result;
}

}  // namespace

std::vector<WishedKeys> wished_keys(const Input& input, const Wish& wish) {
  if (wish.kind == Wish::Kind::feature) return wished_features(input, wish);
  if (wish.kind == Wish::Kind::match) return wished_matches(input, wish);
  std::vector<WishedKeys> result(input.x.rows());
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (wish.kind == Wish::Kind::previous && i == 0) continue;
    std::size_t key = i;
    if (wish.kind == Wish::Kind::first) key = 0;
    if (wish.kind == Wish::Kind::previous) key = i - 1;
    if (key < input.key_x().rows()) result[i] = {key};
  }
  return result;
}

std::optional<WishDistance> wish_distance(const std::vector<WishedKeys>& wished,
                                          MatrixView<const float> weights) {
  WishDistance result;
  for (std::size_t i = 0; i < std::min(wished.size(), weights.rows); ++i) {
    if (wished[i].empty()) continue;
    const double share = 1.0 / static_cast<double>(wished[i].size());
    double sum = 0.0;
    for (const float weight : weights.row(i)) sum += std::abs(static_cast<double>(weight));
    for (const std::size_t j : wished[i]) {
      const auto weight = static_cast<double>(weights(i, j));
      sum += std::abs(weight - share) - std::abs(weight);
    }
    result.mean += 0.5 * sum;
    ++result.queries;
  }
  if (result.queries == 0) return std::nullopt;
  result.mean /= static_cast<double>(result.queries);
  return result;
}

}  // namespace attn
