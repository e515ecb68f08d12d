#include "app/session/edit_tokens.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <unordered_map>
#include <utility>

#include "app/session/edit.h"
#include "app/session/renew_places.h"
#include "core/io/scenario.h"
#include "core/io/text.h"

namespace attn::session {
namespace {

const io::ParseLimits kLimits;

/// The tokens of one side in their new order: where each stood before, or its vector where it is new.
struct Place {
  std::string label;
  std::optional<std::size_t> before;
  std::optional<std::vector<float>> vector;  ///< what is given replaces what it had
};
using Order = std::vector<Place>;

void check_label(const std::string& label) {
  if (label.empty()) throw EditRefused(message("A word needs at least one character"));
  if (!io::is_utf8(label)) throw EditRefused(message("A word must be UTF-8"));
  if (label.size() > kLimits.label_bytes) {
    throw EditRefused(message(
        "A word has at most {0} bytes, this one has {1}: {2}",
        {std::to_string(kLimits.label_bytes), std::to_string(label.size()), io::in_quotes(label, 30)}));
  }
}

void check_vector(const std::vector<float>& vector, std::size_t width) {
  if (vector.size() != width) {
    throw EditRefused(
        message("A row has {0} numbers, not {1}", {std::to_string(width), std::to_string(vector.size())}));
  }
  if (!std::ranges::all_of(vector, [](float v) { return std::isfinite(v); })) {
    throw EditRefused(message("A finite number is needed"));
  }
}

void check_count(std::size_t count) {
  if (count == 0) throw EditRefused(message("At least one word is needed"));
  if (count > kLimits.tokens) {
    throw EditRefused(message("At most {0} words are possible, these are {1}",
                              {std::to_string(kLimits.tokens), std::to_string(count)}));
  }
}

void check_index(std::size_t index, std::size_t count) {
  if (index < count) return;
  throw EditRefused(message("There is no word {0}", {std::to_string(index + 1)}));
}

Order order_of(const Input& input, TokenSide side) {
  const std::vector<std::string>& tokens = *tokens_of(input, side);
  Order order;
  order.reserve(tokens.size() + 1);
  for (std::size_t i = 0; i < tokens.size(); ++i) order.push_back({tokens[i], i, std::nullopt});
  return order;
}

bool hides_none(const std::vector<std::uint8_t>& cells, std::uint8_t hidden) {
  return std::ranges::count(cells, hidden) == 0;
}

/// New keys are not padded. Where the last padded key has gone, so does the padding.
std::shared_ptr<const std::vector<std::uint8_t>> reordered(
    const std::shared_ptr<const std::vector<std::uint8_t>>& padding, const Order& order) {
  if (!padding) return padding;
  auto result = std::make_shared<std::vector<std::uint8_t>>(order.size(), std::uint8_t{0});
  for (std::size_t j = 0; j < order.size(); ++j) {
    if (order[j].before) (*result)[j] = (*padding)[*order[j].before];
  }
  if (hides_none(*result, 1) && !hides_none(*padding, 1)) return nullptr;
  return result;
}

/// Null: that axis stays as it is. What is new is visible. Where the last hidden cell has gone, so does the
/// mask.
std::shared_ptr<const AllowMatrix> reordered(const std::shared_ptr<const AllowMatrix>& allow,
                                             const Order* queries, const Order* keys) {
  if (!allow) return allow;
  auto result = std::make_shared<AllowMatrix>();
  result->rows = queries ? queries->size() : allow->rows;
  result->columns = keys ? keys->size() : allow->columns;
  result->visible.assign(result->rows * result->columns, 1);
  const auto before = [](const Order* order, std::size_t i) {
    return order ? (*order)[i].before : std::optional(i);
  };
  for (std::size_t i = 0; i < result->rows; ++i) {
    for (std::size_t j = 0; j < result->columns; ++j) {
      const auto row = before(queries, i);
      const auto column = before(keys, j);
      if (row && column) {
        result->visible[i * result->columns + j] = allow->visible[*row * allow->columns + *column];
      }
    }
  }
  if (hides_none(result->visible, 0) && !hides_none(allow->visible, 0)) {
    return nullptr;
  }
  return result;
}

bool stands_still(const Order& order, std::size_t count) {
  if (order.size() != count) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (order[i].before != i) return false;
  }
  return true;
}

SharedMatrix reordered(const SharedMatrix& x, const Order& order) {
  const auto given = [](const Place& place) { return place.vector.has_value(); };
  if (stands_still(order, x.rows())) {
    SharedMatrix same = x;  // shares every row that is not given
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (given(order[i]) && !std::ranges::equal(x.row(i), *order[i].vector)) {
        same = same.with_row(i, *order[i].vector);
      }
    }
    return same;
  }
  Matrix rows(order.size(), x.columns());
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (given(order[i])) {
      std::ranges::copy(*order[i].vector, rows.row(i).begin());
    } else {
      std::ranges::copy(x.row(*order[i].before), rows.row(i).begin());
    }
  }
  return SharedMatrix(rows);
}

/// The input with one side in another order. Every new place needs a vector.
Document with_order(const Document& document, TokenSide side, const Order& order) {
  Input input = document.input();
  const SharedMatrix x = vectors_of(input, side);
  check_count(order.size());
  auto labels = std::make_shared<std::vector<std::string>>();
  labels->reserve(order.size());
  for (const Place& place : order) {
    check_label(place.label);
    if (place.vector) check_vector(*place.vector, x.columns());
    labels->push_back(place.label);
  }
  const bool moved = !stands_still(order, x.rows());
  SharedMatrix rows = reordered(x, order);
  if (side == TokenSide::source) {
    input.source = Source{std::move(labels), std::move(rows)};
  } else {
    input.tokens = std::move(labels);
    input.x = std::move(rows);
  }
  if (!moved) return with_places_renewed(document, document.with_input(std::move(input)));
  const bool are_queries = side == TokenSide::queries;
  const bool are_keys = side == TokenSide::source || !input.source;
  MaskConfig& mask = input.config.mask;
  if (are_keys) mask.padding = reordered(mask.padding, order);
  mask.allow = reordered(mask.allow, are_queries ? &order : nullptr, are_keys ? &order : nullptr);
  return with_places_renewed(document, document.with_input(std::move(input)));
}

std::string token_at(const Input& input, TokenSide side, std::size_t index) {
  if (side == TokenSide::source && !input.source) return {};
  const std::vector<std::string>& tokens = *tokens_of(input, side);
  return index < tokens.size() ? tokens[index] : std::string();
}

}  // namespace

Document changed(const Document& document, const SetToken& e) {
  Order order = order_of(document.input(), e.side);
  check_index(e.index, order.size());
  order[e.index].label = e.label;
  order[e.index].vector = e.vector;
  return with_order(document, e.side, order);
}

Document changed(const Document& document, const InsertToken& e) {
  Order order = order_of(document.input(), e.side);
  check_index(e.index, order.size() + 1);
  Place place{e.label, std::nullopt, e.vector};
  if (!place.vector) place.vector = WordVectors(document, e.side).of(e.label).values;
  order.insert(order.begin() + static_cast<std::ptrdiff_t>(e.index), std::move(place));
  return with_order(document, e.side, order);
}

Document changed(const Document& document, const RemoveToken& e) {
  Order order = order_of(document.input(), e.side);
  check_index(e.index, order.size());
  order.erase(order.begin() + static_cast<std::ptrdiff_t>(e.index));
  return with_order(document, e.side, order);
}

Document changed(const Document& document, const MoveToken& e) {
  Order order = order_of(document.input(), e.side);
  check_index(e.from, order.size());
  check_index(e.to, order.size());
  const auto at = [&](std::size_t i) { return order.begin() + static_cast<std::ptrdiff_t>(i); };
  if (e.from < e.to) {
    std::rotate(at(e.from), at(e.from + 1), at(e.to + 1));
  } else {
    std::rotate(at(e.to), at(e.from), at(e.from + 1));
  }
  return with_order(document, e.side, order);
}

Document changed(const Document& document, const ReplaceTokens& e) {
  const std::vector<std::string>& tokens = *tokens_of(document.input(), e.side);
  check_count(e.labels.size());
  if (!e.vectors.empty() && e.vectors.size() != e.labels.size()) {
    throw EditRefused(message("{0} words and {1} vectors do not go together",
                              {std::to_string(e.labels.size()), std::to_string(e.vectors.size())}));
  }
  // The rows of each label, the last one first, so that the next one to be given away is at the end.
  std::unordered_map<std::string_view, std::vector<std::size_t>> rows;
  for (std::size_t i = tokens.size(); i-- > 0;) rows[tokens[i]].push_back(i);
  const WordVectors vectors(document, e.side);
  Order order;
  order.reserve(e.labels.size());
  for (std::size_t i = 0; i < e.labels.size(); ++i) {
    Place place{e.labels[i], std::nullopt, std::nullopt};
    if (const auto found = rows.find(e.labels[i]); found != rows.end() && !found->second.empty()) {
      place.before = found->second.back();
      found->second.pop_back();
    }
    if (!e.vectors.empty() && !e.vectors[i].empty()) {
      place.vector = e.vectors[i];
    } else if (!place.before) {
      place.vector = vectors.of(e.labels[i]).values;
    }
    order.push_back(std::move(place));
  }
  return with_order(document, e.side, order);
}

Document changed(const Document& document, const SetFeatureName& e) {
  const std::size_t count = document.dimensions().d_model;
  if (e.column >= count) {
    throw EditRefused(message("There is no feature {0}", {std::to_string(e.column + 1)}));
  }
  if (!e.name.empty()) check_label(e.name);
  auto names = std::make_shared<std::vector<std::string>>();
  bool own = false;
  for (std::size_t c = 0; c < count; ++c) {
    const std::string number = std::to_string(c + 1);
    names->push_back(c != e.column ? feature_name(document, c) : e.name.empty() ? number : e.name);
    own = own || names->back() != number;
  }
  io::Scenario scenario = document.scenario();
  const bool same =
      own ? scenario.feature_names && *scenario.feature_names == *names : !scenario.feature_names;
  if (same) return document;
  scenario.feature_names = own ? std::move(names) : nullptr;
  return document.with_scenario(std::move(scenario));
}

Message label_of(const Input& before, const SetToken& e) {
  return message("Rename {0}", {token_at(before, e.side, e.index)});
}
Message label_of(const Input&, const InsertToken& e) { return message("Add {0}", {e.label}); }
Message label_of(const Input& before, const RemoveToken& e) {
  return message("Remove {0}", {token_at(before, e.side, e.index)});
}
Message label_of(const Input& before, const MoveToken& e) {
  return message("Move {0} to place {1}", {token_at(before, e.side, e.from), std::to_string(e.to + 1)});
}
Message label_of(const Input&, const ReplaceTokens&) { return message("Replace the words"); }
Message label_of(const Input&, const SetFeatureName&) { return message("Rename a feature"); }

std::string feature_name(const Document& document, std::size_t column) {
  const auto& names = document.scenario().feature_names;
  return names && column < names->size() ? (*names)[column] : std::to_string(column + 1);
}

}  // namespace attn::session
