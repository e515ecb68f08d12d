// Which wish the parameters of a head carry out.

#include <algorithm>
#include <cmath>
#include <span>

#include "core/composer/compose_head.h"
#include "core/composer/head_sides.h"

namespace attn {
namespace {

/// Whether numbers are those of the model times `factor`, up to rounding.
bool is_multiple(std::span<const float> values, std::span<const float> model, double factor) {
  constexpr double kRounding = 4e-6;
  return std::ranges::equal(values, model, [&](float value, float unit) {
    const double expected = factor * static_cast<double>(unit);
    return std::abs(static_cast<double>(value) - expected) <= kRounding * std::abs(expected);
  });
}

/// The factor between the first number of the model that is not 0 and the one in its place.
std::optional<double> factor_between(const HeadSides& found, const HeadSides& model) {
  const auto search = [](std::span<const float> values,
                         std::span<const float> units) -> std::optional<double> {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (units[i] != 0.0f) return static_cast<double>(values[i]) / static_cast<double>(units[i]);
    }
    return std::nullopt;
  };
  if (const auto factor = search(found.q.w.values(), model.q.w.values())) return factor;
  return search(found.q.bias, model.q.bias);
}

std::optional<double> strength_of(const HeadSides& found, const HeadSides& model) {
  if (!(found.k == model.k)) return std::nullopt;
  const auto factor = factor_between(found, model);
  if (!factor || !(*factor > 0.0)) return std::nullopt;
  const bool same = is_multiple(found.q.w.values(), model.q.w.values(), *factor) &&
                    is_multiple(found.q.bias, model.q.bias, *factor);
  return same ? factor : std::nullopt;
}

/// The feature wish that these sides could be: one number in each.
std::optional<Wish> feature_wish(const HeadSides& sides) {
  const auto only_row = [](const HeadProjection& side) -> std::optional<std::size_t> {
    std::optional<std::size_t> row;
    for (std::size_t i = 0; i < side.w.rows(); ++i) {
      if (side.w(i, 0) == 0.0f) continue;
      if (row) return std::nullopt;
      row = i;
    }
    return row;
  };
  const auto key = only_row(sides.k);
  if (!key) return std::nullopt;
  Wish wish;
  wish.kind = Wish::Kind::feature;
  wish.key_feature = *key;
  wish.query_feature = only_row(sides.q);
  return wish;
}

}  // namespace

std::optional<Composed> recognise_head(const Input& input, std::size_t head,
                                       const std::vector<ColumnPair>& pairs) {
  const Dimensions d = validate(input);
  const HeadSides found{head_projection(input, d, ParameterId::w_q, head),
                        head_projection(input, d, ParameterId::w_k, d.kv_head(head))};
  std::vector<Wish> wishes;
  for (const Wish::Kind kind : {Wish::Kind::previous, Wish::Kind::first, Wish::Kind::same}) {
    wishes.push_back({.kind = kind, .query_feature = {}, .key_feature = 0, .pairs = {}});
  }
  if (auto wish = feature_wish(found)) wishes.push_back(*wish);
  if (!pairs.empty()) {
    wishes.push_back({.kind = Wish::Kind::match, .query_feature = {}, .key_feature = 0, .pairs = pairs});
  }
  for (const Wish& wish : wishes) {
    if (hindrance(input, head, wish)) continue;
    if (const auto strength = strength_of(found, composed_sides(input, d, wish, 1.0)))
      return Composed{wish, *strength};
  }
  return std::nullopt;
}

}  // namespace attn
