#include "app/session/feature_columns.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "app/session/edit.h"
#include "core/composer/head_parameters.h"
#include "core/io/scenario.h"

namespace attn::session {
namespace {

constexpr std::string_view kPrevious = "←";

/// Where each column of a wider matrix comes from; nothing: it is new.
using Columns = std::vector<std::optional<std::size_t>>;

Columns all_of(std::size_t count) {
  Columns columns;
  for (std::size_t c = 0; c < count; ++c) columns.emplace_back(c);
  return columns;
}

SharedMatrix with_columns_from(const SharedMatrix& m, const Columns& columns) {
  Matrix result(m.rows(), columns.size());
  for (std::size_t i = 0; i < m.rows(); ++i) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (columns[c]) result(i, c) = m(i, *columns[c]);
    }
  }
  return SharedMatrix(result);
}

/// A parameter with its rows where the columns of x went; an identity is written out.
void follow_columns(Input& input, const Dimensions& d, ParameterId id, const Columns& columns) {
  const Matrix old = dense_parameter(input, d, id);
  Matrix result(columns.size(), old.columns());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i]) std::ranges::copy(old.row(*columns[i]), result.row(i).begin());
  }
  input.parameters[id] = SharedMatrix(result);
}

std::vector<std::string> names_of(const Document& document) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < document.dimensions().d_model; ++c) names.push_back(feature_name(document, c));
  return names;
}

/// The columns that `belongs` picks taken away, and new ones of these names put at the end. In
/// cross-attention the source's columns are those of `source_columns`.
struct Widened {
  io::Scenario scenario;
  std::size_t first = 0;         ///< of the new columns of x
  std::size_t source_first = 0;  ///< of those of the source
};

Widened widened(const Document& document, bool (*belongs)(std::string_view),
                const std::vector<std::string>& new_names) {
  const Dimensions& d = document.dimensions();
  Widened result{document.scenario()};
  Input& input = result.scenario.input;
  const std::vector<std::string> names = names_of(document);
  Columns columns;
  std::vector<std::string> kept;
  for (std::size_t c = 0; c < d.d_model; ++c) {
    if (belongs(names[c])) continue;
    columns.emplace_back(c);
    kept.push_back(names[c]);
  }
  // A source of the same width has its columns in the same places.
  Columns source_columns = d.d_source == d.d_model ? columns : all_of(d.d_source);
  result.first = columns.size();
  result.source_first = source_columns.size();
  columns.resize(columns.size() + new_names.size());
  source_columns.resize(source_columns.size() + new_names.size());
  kept.insert(kept.end(), new_names.begin(), new_names.end());

  const Columns& key_columns = input.source ? source_columns : columns;
  const Input before = input;
  follow_columns(input, d, ParameterId::w_q, columns);
  follow_columns(input, d, ParameterId::w_k, key_columns);
  follow_columns(input, d, ParameterId::w_v, key_columns);
  input.x = with_columns_from(before.x, columns);
  if (input.source) input.source->x = with_columns_from(before.source->x, source_columns);
  result.scenario.feature_names = std::make_shared<const std::vector<std::string>>(std::move(kept));
  return result;
}

SharedMatrix with_identity_block(const SharedMatrix& x, std::size_t first) {
  Matrix m = x.dense();
  for (std::size_t i = 0; i < m.rows(); ++i) m(i, first + i) = 1.0f;
  return SharedMatrix(m);
}

/// Heads side by side, each with columns of zeros after its own.
Matrix with_wider_heads(const Matrix& m, std::size_t heads, std::size_t width) {
  const std::size_t old = m.columns() / heads;
  Matrix result(m.rows(), heads * width);
  for (std::size_t i = 0; i < m.rows(); ++i) {
    for (std::size_t c = 0; c < m.columns(); ++c) result(i, c / old * width + c % old) = m(i, c);
  }
  return result;
}

void widen(Input& input, const Dimensions& d, ParameterId id, std::size_t heads, std::size_t width,
           float factor = 1.0f) {
  const bool is_bias = id == ParameterId::b_q || id == ParameterId::b_k || id == ParameterId::b_v;
  if (is_bias && !input.parameters[id]) return;
  Matrix m = with_wider_heads(dense_parameter(input, d, id), heads, width);
  for (std::size_t i = 0; i < m.size(); ++i) m.data()[i] *= factor;
  input.parameters[id] = SharedMatrix(m);
}

}  // namespace

bool names_position(std::string_view name) {
  return name.size() > 1 && name[0] == '#' &&
         std::ranges::all_of(name.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

bool names_previous(std::string_view name) { return name.starts_with(kPrevious); }

std::vector<std::size_t> content_columns(const Document& document) {
  const Dimensions& d = document.dimensions();
  std::vector<std::size_t> columns;
  for (std::size_t c = 0; c < d.d_source; ++c) {
    const std::string name = d.d_source == d.d_model ? feature_name(document, c) : std::string();
    if (!names_position(name) && !names_previous(name)) columns.push_back(c);
  }
  return columns;
}

std::vector<ColumnPair> match_pairs(const Document& document) {
  if (document.input().source) return {};
  const std::vector<std::string> names = names_of(document);
  std::vector<ColumnPair> pairs;
  for (const std::size_t c : content_columns(document)) {
    const auto previous = std::ranges::find(names, std::string(kPrevious) + names[c]);
    if (previous == names.end()) return {};
    pairs.push_back({c, static_cast<std::size_t>(previous - names.begin())});
  }
  return pairs;
}

Document with_position_columns(const Document& document) {
  const Dimensions& d = document.dimensions();
  const std::size_t count = std::max(d.n_queries, d.n_keys);
  if (count > kMostPositions) {
    throw EditRefused(message("One-hot positions are made for up to {0} words, here are {1}",
                              {std::to_string(kMostPositions), std::to_string(count)}));
  }
  std::vector<std::string> names;
  for (std::size_t p = 0; p < count; ++p) names.push_back("#" + std::to_string(p + 1));
  Widened result = widened(document, names_position, names);
  Input& input = result.scenario.input;
  input.x = with_identity_block(input.x, result.first);
  if (input.source) input.source->x = with_identity_block(input.source->x, result.source_first);
  return document.with_scenario(std::move(result.scenario));
}

Document with_previous_columns(const Document& document) {
  if (document.input().source) {
    throw EditRefused(message("What came before a word is looked for within one sequence, not in a source"));
  }
  const std::vector<std::size_t> content = content_columns(document);
  const std::vector<std::string> old_names = names_of(document);
  std::vector<std::string> names;
  names.reserve(content.size());
  for (const std::size_t c : content) names.push_back(std::string(kPrevious) + old_names[c]);
  const std::size_t longest = io::ParseLimits{}.label_bytes;
  if (std::ranges::any_of(names, [&](const std::string& name) { return name.size() > longest; })) {
    throw EditRefused(message("A feature's name is too long to stand after {0}", {std::string(kPrevious)}));
  }
  Widened result = widened(document, names_previous, names);
  Matrix x = result.scenario.input.x.dense();
  const SharedMatrix& old = document.input().x;
  for (std::size_t i = 1; i < x.rows(); ++i) {
    double squares = 0.0;
    for (const std::size_t c : content) squares += std::pow(static_cast<double>(old(i - 1, c)), 2.0);
    if (squares == 0.0) continue;
    for (std::size_t p = 0; p < content.size(); ++p) {
      x(i, result.first + p) =
          static_cast<float>(static_cast<double>(old(i - 1, content[p])) / std::sqrt(squares));
    }
  }
  result.scenario.input.x = SharedMatrix(x);
  return document.with_scenario(std::move(result.scenario));
}

Document with_head_width(const Document& document, std::size_t d_k) {
  const Dimensions& d = document.dimensions();
  if (d_k <= d.d_k) return document;
  Input input = document.input();
  const bool scaled = input.config.scale.kind == Scale::Kind::sqrt_dk;
  const double growth = scaled ? std::sqrt(static_cast<double>(d_k) / static_cast<double>(d.d_k)) : 1.0;
  widen(input, d, ParameterId::w_q, d.n_heads, d_k, static_cast<float>(growth));
  widen(input, d, ParameterId::b_q, d.n_heads, d_k, static_cast<float>(growth));
  widen(input, d, ParameterId::w_k, d.n_kv_heads, d_k);
  widen(input, d, ParameterId::b_k, d.n_kv_heads, d_k);
  return document.with_input(std::move(input));
}

Document with_value_width(const Document& document, std::size_t d_v) {
  const Dimensions& d = document.dimensions();
  if (d_v <= d.d_v) return document;
  Input input = document.input();
  const Matrix old = dense_parameter(input, d, ParameterId::w_o);
  Matrix w_o(d.n_heads * d_v, d.d_out);
  for (std::size_t r = 0; r < old.rows(); ++r) {
    std::ranges::copy(old.row(r), w_o.row(r / d.d_v * d_v + r % d.d_v).begin());
  }
  widen(input, d, ParameterId::w_v, d.n_kv_heads, d_v);
  widen(input, d, ParameterId::b_v, d.n_kv_heads, d_v);
  input.parameters[ParameterId::w_o] = SharedMatrix(w_o);
  return document.with_input(std::move(input));
}

}  // namespace attn::session
