#include "core/composer/compose_head.h"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "core/composer/head_sides.h"

namespace attn {
namespace {

using Why = Hindrance::Kind;

bool is_about_positions(const Wish& wish) {
  return wish.kind == Wish::Kind::previous || wish.kind == Wish::Kind::first || wish.kind == Wish::Kind::same;
}

std::size_t columns_needed(const Input& input, const Wish& wish, const Dimensions& d) {
  if (wish.kind == Wish::Kind::match) return wish.pairs.size();
  if (wish.kind == Wish::Kind::feature) return 1;
  if (input.config.position == Position::sinusoidal) return 2;
  return wish.kind == Wish::Kind::first || d.n_keys == 1 ? 1 : 2;
}

void check_arguments(const Dimensions& d, std::size_t head, const Wish& wish) {
  const auto require = [](bool there, const char* what, std::size_t limit, std::size_t found) {
    if (there) return;
    throw std::invalid_argument(
        fmt::format("compose: {}: expected a number below {}, found {}", what, limit, found));
  };
  require(head < d.n_heads, "head", d.n_heads, head);
  if (wish.kind == Wish::Kind::feature) {
    if (wish.query_feature) {
      require(*wish.query_feature < d.d_model, "query feature", d.d_model, *wish.query_feature);
    }
    require(wish.key_feature < d.d_source, "key feature", d.d_source, wish.key_feature);
  }
  for (const ColumnPair& pair : wish.pairs) {
    require(pair.query < d.d_model, "compared column of x", d.d_model, pair.query);
    require(pair.key < d.d_source, "compared column of the keys", d.d_source, pair.key);
  }
  if (wish.kind == Wish::Kind::match && wish.pairs.empty()) {
    throw std::invalid_argument("compose: a match: expected columns to compare, found none");
  }
}

}  // namespace

std::optional<Hindrance> hindrance(const Input& input, std::size_t head, const Wish& wish) {
  const Dimensions d = validate(input);
  check_arguments(d, head, wish);
  const Config& config = input.config;
  if (config.attend_over == AttendOver::features) return Hindrance{Why::over_features};
  if (config.score != Score::dot || config.position == Position::rope) return Hindrance{Why::no_dot_product};
  if (config.normalise == Normalise::none || config.softmax_axis == SoftmaxAxis::queries) {
    return Hindrance{Why::no_softmax};
  }
  if (score_factor(config, d) == 0.0) return Hindrance{Why::no_factor};
  if (d.n_kv_heads != d.n_heads) return Hindrance{Why::shared_keys, d.n_heads, d.n_kv_heads};
  if (is_about_positions(wish)) {
    const bool sinusoidal = config.position == Position::sinusoidal;
    if (sinusoidal && d.d_model != d.d_source) {
      return Hindrance{Why::unlike_positions, d.d_model, d.d_source};
    }
    if (!sinusoidal && (!one_hot_positions(input.x) || !one_hot_positions(input.key_x()))) {
      return Hindrance{Why::no_positions};
    }
  }
  const std::size_t needed = columns_needed(input, wish, d);
  if (d.d_k < needed) return Hindrance{Why::narrow_head, needed, d.d_k};
  return std::nullopt;
}

Input compose_head(const Input& input, std::size_t head, const Wish& wish, double strength) {
  if (const auto problem = hindrance(input, head, wish)) {
    throw std::invalid_argument(
        fmt::format("compose: the head cannot do this ({})", static_cast<int>(problem->kind)));
  }
  if (!std::isfinite(strength) || strength < 0.0) {
    throw std::invalid_argument(
        fmt::format("compose: strength: expected a number from 0, found {}", strength));
  }
  const Dimensions d = validate(input);
  const HeadSides sides = composed_sides(input, d, wish, strength);
  Input result = input;
  set_head_projection(result, d, ParameterId::w_q, head, sides.q);
  set_head_projection(result, d, ParameterId::w_k, head, sides.k);
  return result;
}

}  // namespace attn
