#include "app/session/renew_places.h"

#include <algorithm>

#include "app/session/feature_columns.h"
#include "core/composer/compose_head.h"
#include "core/io/scenario.h"

namespace attn::session {
namespace {

bool has_positions(const Document& document) {
  const auto& names = document.scenario().feature_names;
  const Input& input = document.input();
  return names && std::ranges::any_of(*names, names_position) && one_hot_positions(input.x) &&
         one_hot_positions(input.key_x());
}

}  // namespace

Document with_places_renewed(const Document& before, const Document& after) {
  const Dimensions& d = after.dimensions();
  const bool positions = has_positions(before) && std::max(d.n_queries, d.n_keys) <= kMostPositions;
  const std::vector<ColumnPair> pairs = match_pairs(before);
  if (!positions && pairs.empty()) return after;
  Document result = after;
  if (positions) result = with_position_columns(result);
  if (!pairs.empty()) result = with_previous_columns(result);
  Input input = result.input();
  for (std::size_t head = 0; head < before.dimensions().n_heads; ++head) {
    auto composed = recognise_head(before.input(), head, pairs);
    if (!composed || composed->wish.kind == Wish::Kind::feature) continue;
    if (composed->wish.kind == Wish::Kind::match) composed->wish.pairs = match_pairs(result);
    if (!hindrance(input, head, composed->wish)) {
      input = compose_head(input, head, composed->wish, composed->strength);
    }
  }
  return result.with_input(std::move(input));
}

}  // namespace attn::session
