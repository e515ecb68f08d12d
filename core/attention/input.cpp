#include "core/attention/input.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include <fmt/format.h>

namespace attn {
namespace {

constexpr std::array<std::string_view, kParameterCount> kParameterNames = {
    "w_q", "w_k", "w_v",      "w_o",          "b_q",          "b_k",
    "b_v", "b_o", "bilinear", "additive_w_q", "additive_w_k", "additive_v"};
constexpr std::array<std::string_view, kParameterCount> kFields = {
    "weights.w_q",      "weights.w_k",          "weights.w_v",          "weights.w_o",
    "weights.b_q",      "weights.b_k",          "weights.b_v",          "weights.b_o",
    "weights.bilinear", "weights.additive.w_q", "weights.additive.w_k", "weights.additive.v"};

[[noreturn]] void refuse(std::string_view where, const std::string& expected, const std::string& found) {
  throw std::invalid_argument(fmt::format("{}: expected {}, found {}", where, expected, found));
}

std::string size_text(std::size_t rows, std::size_t columns) { return fmt::format("{} × {}", rows, columns); }

/// The width that a projection gives: its columns, or the width it gets when it is the identity.
std::size_t width(const Parameters& parameters, ParameterId id, std::size_t width_in) {
  return parameters[id] ? parameters[id]->columns() : width_in;
}

/// One head's share of a projected width.
std::size_t head_width(ParameterId id, const Parameters& parameters, std::size_t total, std::size_t heads,
                       std::string_view heads_name) {
  if (total % heads == 0) return total / heads;
  refuse(
      field(id), fmt::format("a number of columns that {} = {} divides", heads_name, heads),
      parameters[id] ? fmt::format("{} columns", total) : fmt::format("the identity of {} columns", total));
}

void check_tokens(const Tokens& tokens, std::string_view where) {
  if (!tokens || tokens->empty()) refuse(where, "at least one token", "none");
}

void check_rows(const SharedMatrix& x, std::size_t n, std::string_view where, std::string_view tokens_name) {
  if (x.columns() == 0) refuse(where, "at least one column", "none");
  if (x.rows() != n) {
    refuse(where, fmt::format("{} rows, as many as {}", n, tokens_name), fmt::format("{} rows", x.rows()));
  }
}

void check_shape(const Parameters& parameters, ParameterId id, const Dimensions& d) {
  const auto& value = parameters[id];
  if (!value) return;
  const ParameterShape wanted = parameter_shape(d, id);
  if (value->rows() == wanted.rows && value->columns() == wanted.columns) return;
  const bool is_vector = wanted.rows == 1 && (id == ParameterId::additive_v ||
                                              (id >= ParameterId::b_q && id <= ParameterId::b_o));
  if (is_vector)
    refuse(field(id), fmt::format("{} numbers", wanted.columns), fmt::format("{}", value->columns()));
  refuse(field(id), size_text(wanted.rows, wanted.columns), size_text(value->rows(), value->columns()));
}

void check_settings(const Config& config) {
  if (config.heads < 1) refuse("attention.heads", "at least 1", "0");
  if (config.kv_heads && (*config.kv_heads < 1 || config.heads % *config.kv_heads != 0)) {
    refuse("attention.kv_heads", fmt::format("a divisor of heads = {}", config.heads),
           fmt::format("{}", *config.kv_heads));
  }
  if (!(config.temperature > 0) || !std::isfinite(config.temperature)) {
    refuse("attention.temperature", "a finite number above 0", fmt::format("{}", config.temperature));
  }
  if (config.scale.kind == Scale::Kind::number && !std::isfinite(config.scale.number)) {
    refuse("attention.scale", "a finite number", fmt::format("{}", config.scale.number));
  }
  if (config.mask.window && *config.mask.window < 0) {
    refuse("attention.mask.window", "0 or more", fmt::format("{}", *config.mask.window));
  }
  if (config.mask.hidden_value && !std::isfinite(*config.mask.hidden_value)) {
    refuse("attention.mask.hidden_value", "a finite number", fmt::format("{}", *config.mask.hidden_value));
  }
  if (config.dropout) {
    if (!(config.dropout->p >= 0 && config.dropout->p < 1)) {
      refuse("attention.dropout.p", "0 ≤ p < 1", fmt::format("{}", config.dropout->p));
    }
    if (config.dropout->seed >= (std::uint64_t{1} << 53)) {
      refuse("attention.dropout.seed", "a whole number below 2^53", fmt::format("{}", config.dropout->seed));
    }
  }
}

void check_mask_sizes(const MaskConfig& mask, const Dimensions& d) {
  if (mask.padding && mask.padding->size() != d.n_keys) {
    refuse("attention.mask.padding", fmt::format("{} booleans, one a key", d.n_keys),
           fmt::format("{}", mask.padding->size()));
  }
  if (mask.allow && (mask.allow->rows != d.n_queries || mask.allow->columns != d.n_keys)) {
    refuse("attention.mask.allow", size_text(d.n_queries, d.n_keys) + ", queries × keys",
           size_text(mask.allow->rows, mask.allow->columns));
  }
}

/// Attention over features is one formula printed as it stands: nothing else goes with it.
void check_features(const Input& input) {
  const Config& config = input.config;
  const auto only = [](bool is_default, std::string_view where, std::string_view wanted,
                       const std::string& found) {
    if (!is_default) refuse(where, fmt::format("{} with attend_over \"features\"", wanted), found);
  };
  const auto quoted = [](std::string_view word) { return fmt::format("\"{}\"", word); };
  const MaskConfig& mask = config.mask;
  only(!input.source, "source", "none", "one");
  only(config.heads == 1, "attention.heads", "1", fmt::format("{}", config.heads));
  only(config.kv_heads.value_or(1) == 1, "attention.kv_heads", "1",
       fmt::format("{}", config.kv_heads.value_or(1)));
  only(config.score == Score::dot, "attention.score", "\"dot\"", quoted(name(config.score)));
  only(config.scale.kind == Scale::Kind::none, "attention.scale", "\"none\"",
       config.scale.kind == Scale::Kind::number ? fmt::format("{}", config.scale.number) : quoted("sqrt_dk"));
  only(config.temperature == 1.0, "attention.temperature", "1", fmt::format("{}", config.temperature));
  only(config.position == Position::none, "attention.position", "\"none\"", quoted(name(config.position)));
  only(!mask.causal, "attention.mask.causal", "false", "true");
  only(!mask.window, "attention.mask.window", "none", fmt::format("{}", mask.window.value_or(0)));
  only(!mask.padding, "attention.mask.padding", "none", "one");
  only(!mask.allow, "attention.mask.allow", "none", "one");
  only(!mask.hidden_value, "attention.mask.hidden_value", "none",
       fmt::format("{}", mask.hidden_value.value_or(0)));
  only(config.normalise == Normalise::softmax, "attention.normalise", "\"softmax\"",
       quoted(name(config.normalise)));
  only(config.softmax_axis == SoftmaxAxis::keys, "attention.softmax_axis", "\"keys\"",
       quoted(name(config.softmax_axis)));
  const Dropout dropout = config.dropout.value_or(Dropout{});
  only(dropout.p == 0, "attention.dropout", "p 0", fmt::format("p {}", dropout.p));
  only(config.combine == Combine::concat, "attention.combine", "\"concat\"", quoted(name(config.combine)));
  only(!input.parameters[ParameterId::b_v], "weights.b_v", "none", "one");
}

void check_score_parameters(const Input& input) {
  const Parameters& parameters = input.parameters;
  const auto needs = [&](ParameterId id, std::string_view score) {
    if (!parameters[id]) refuse(field(id), fmt::format("a value, for score \"{}\"", score), "none");
  };
  if (input.config.score == Score::bilinear) needs(ParameterId::bilinear, "bilinear");
  if (input.config.score == Score::additive) {
    needs(ParameterId::additive_w_q, "additive");
    needs(ParameterId::additive_w_k, "additive");
    needs(ParameterId::additive_v, "additive");
  }
}

bool same_tokens(const Tokens& a, const Tokens& b) { return a == b || (a && b && *a == *b); }

bool same_optional(const std::optional<SharedMatrix>& a, const std::optional<SharedMatrix>& b) {
  return a.has_value() == b.has_value() && (!a || a->same_as(*b));
}

template <class T>
bool same_pointed(const std::shared_ptr<const T>& a, const std::shared_ptr<const T>& b) {
  return a == b || (a && b && *a == *b);
}

bool same_mask(const MaskConfig& a, const MaskConfig& b) {
  return a.causal == b.causal && a.window == b.window && a.hidden_value == b.hidden_value &&
         same_pointed(a.padding, b.padding) && same_pointed(a.allow, b.allow);
}

bool same_config(const Config& a, const Config& b) {
  return a.heads == b.heads && a.kv_heads == b.kv_heads && a.score == b.score && a.scale == b.scale &&
         a.temperature == b.temperature && a.position == b.position && same_mask(a.mask, b.mask) &&
         a.normalise == b.normalise && a.softmax_axis == b.softmax_axis && a.dropout == b.dropout &&
         a.combine == b.combine && a.attend_over == b.attend_over;
}

}  // namespace

std::string_view name(ParameterId id) { return kParameterNames[static_cast<std::size_t>(id)]; }
std::string_view field(ParameterId id) { return kFields[static_cast<std::size_t>(id)]; }

ParameterShape parameter_shape(const Dimensions& d, ParameterId id) {
  switch (id) {
    case ParameterId::w_q:
      return {d.d_model, d.n_heads * d.d_k};
    case ParameterId::w_k:
      return {d.d_source, d.n_kv_heads * d.d_k};
    case ParameterId::w_v:
      return {d.d_source, d.n_kv_heads * d.d_v};
    case ParameterId::w_o:
      return {d.d_concat, d.d_out};
    case ParameterId::b_q:
      return {1, d.n_heads * d.d_k};
    case ParameterId::b_k:
      return {1, d.n_kv_heads * d.d_k};
    case ParameterId::b_v:
      return {1, d.n_kv_heads * d.d_v};
    case ParameterId::b_o:
      return {1, d.d_out};
    case ParameterId::bilinear:
      return {d.d_k, d.d_k};
    case ParameterId::additive_w_q:
    case ParameterId::additive_w_k:
      return {d.d_k, d.d_additive};
    case ParameterId::additive_v:
      return {1, d.d_additive};
  }
  return {};
}

Dimensions validate(const Input& input) {
  const Config& config = input.config;
  const Parameters& parameters = input.parameters;
  check_tokens(input.tokens, "tokens");
  check_rows(input.x, input.tokens->size(), "x", "tokens");
  if (input.source) {
    check_tokens(input.source->tokens, "source.tokens");
    check_rows(input.source->x, input.source->tokens->size(), "source.x", "source.tokens");
  }
  check_settings(config);
  const bool features = config.attend_over == AttendOver::features;
  if (features) check_features(input);
  check_score_parameters(input);

  Dimensions d;
  d.n_queries = input.x.rows();
  d.d_model = input.x.columns();
  d.n_keys = input.key_x().rows();
  d.d_source = input.key_x().columns();
  d.n_heads = config.heads;
  d.n_kv_heads = config.kv_heads.value_or(config.heads);
  d.d_k = head_width(ParameterId::w_q, parameters, width(parameters, ParameterId::w_q, d.d_model), d.n_heads,
                     "heads");
  const std::size_t d_k_of_keys =
      head_width(ParameterId::w_k, parameters, width(parameters, ParameterId::w_k, d.d_source), d.n_kv_heads,
                 "kv_heads");
  if (d_k_of_keys != d.d_k) {
    refuse("weights.w_k", fmt::format("{} columns a head, as w_q gives", d.d_k),
           fmt::format("{}", d_k_of_keys));
  }
  if (features && d.d_k != d.d_model) {
    refuse("weights.w_q", size_text(d.d_model, d.d_model) + " with attend_over \"features\"",
           size_text(d.d_model, d.d_k));
  }
  d.d_v = head_width(ParameterId::w_v, parameters, width(parameters, ParameterId::w_v, d.d_source),
                     d.n_kv_heads, "kv_heads");
  if (d.d_k == 0) refuse("weights.w_q", "at least one column a head", "none");
  if (d.d_v == 0) refuse("weights.w_v", "at least one column a head", "none");
  if (parameters[ParameterId::additive_w_q]) d.d_additive = parameters[ParameterId::additive_w_q]->columns();
  if (config.score == Score::additive && d.d_additive == 0) {
    refuse("weights.additive.w_q", "at least one column", "none");
  }
  d.d_concat = config.combine == Combine::concat ? d.n_heads * d.d_v : d.d_v;
  d.d_out = width(parameters, ParameterId::w_o, d.d_concat);
  if (d.d_out == 0) refuse("weights.w_o", "at least one column", "none");

  for (const ParameterId id : kParameterIds) check_shape(parameters, id, d);
  if (config.position == Position::rope && d.d_k % 2 != 0) {
    refuse("attention.position", "an even number of columns a head for \"rope\"", fmt::format("{}", d.d_k));
  }
  check_mask_sizes(config.mask, d);
  return d;
}

bool same_layer(const Input& a, const Input& b) {
  for (const ParameterId id : kParameterIds) {
    if (!same_optional(a.parameters[id], b.parameters[id])) return false;
  }
  return same_config(a.config, b.config);
}

bool same_input(const Input& a, const Input& b) {
  if (!same_tokens(a.tokens, b.tokens) || !a.x.same_as(b.x)) return false;
  if (a.source.has_value() != b.source.has_value()) return false;
  if (a.source && (!same_tokens(a.source->tokens, b.source->tokens) || !a.source->x.same_as(b.source->x)))
    return false;
  return same_layer(a, b);
}

bool visible(const MaskConfig& mask, std::size_t i, std::size_t j) {
  if (mask.causal && j > i) return false;
  if (mask.window) {
    const std::size_t distance = i > j ? i - j : j - i;
    if (distance > static_cast<std::uint64_t>(*mask.window)) return false;
  }
  if (mask.padding && (*mask.padding)[j] != 0) return false;
  return !mask.allow || mask.allow->visible[i * mask.allow->columns + j] != 0;
}

double score_factor(const Config& config, const Dimensions& d) {
  double factor = 1.0;
  if (config.scale.kind == Scale::Kind::sqrt_dk) factor = 1.0 / std::sqrt(static_cast<double>(d.d_k));
  if (config.scale.kind == Scale::Kind::number) factor = config.scale.number;
  return factor / config.temperature;
}

}  // namespace attn
