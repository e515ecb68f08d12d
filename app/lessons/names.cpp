#include "app/lessons/names.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numbers>
#include <string>

namespace attn::lessons {
namespace {

struct Known {
  std::string_view name;
  Value (*of)(const Input&, const Dimensions&);
};

Value scale_word(const Input& input, const Dimensions&) {
  switch (input.config.scale.kind) {
    case Scale::Kind::none:
      return std::string("none");
    case Scale::Kind::sqrt_dk:
      return std::string("sqrt_dk");
    case Scale::Kind::number:
      break;
  }
  return std::string("factor");
}

Value number(std::size_t n) { return static_cast<double>(n); }
template <class E>
Value word(E value) {
  return std::string(name(value));
}

// clang-format off
constexpr std::array kKnown = {
    Known{"n_queries", [](const Input&, const Dimensions& d) { return number(d.n_queries); }},
    Known{"n_keys", [](const Input&, const Dimensions& d) { return number(d.n_keys); }},
    Known{"d_model", [](const Input&, const Dimensions& d) { return number(d.d_model); }},
    Known{"d_k", [](const Input&, const Dimensions& d) { return number(d.d_k); }},
    Known{"d_v", [](const Input&, const Dimensions& d) { return number(d.d_v); }},
    Known{"d_out", [](const Input&, const Dimensions& d) { return number(d.d_out); }},
    Known{"heads", [](const Input&, const Dimensions& d) { return number(d.n_heads); }},
    Known{"kv_heads", [](const Input&, const Dimensions& d) { return number(d.n_kv_heads); }},
    Known{"temperature", [](const Input& i, const Dimensions&) -> Value { return i.config.temperature; }},
    Known{"causal", [](const Input& i, const Dimensions&) -> Value { return i.config.mask.causal; }},
    Known{"score", [](const Input& i, const Dimensions&) { return word(i.config.score); }},
    Known{"scale", scale_word},
    Known{"position", [](const Input& i, const Dimensions&) { return word(i.config.position); }},
    Known{"normalise", [](const Input& i, const Dimensions&) { return word(i.config.normalise); }},
    Known{"softmax_axis", [](const Input& i, const Dimensions&) { return word(i.config.softmax_axis); }},
    Known{"combine", [](const Input& i, const Dimensions&) { return word(i.config.combine); }},
    Known{"attend_over", [](const Input& i, const Dimensions&) { return word(i.config.attend_over); }},
    Known{"pi", [](const Input&, const Dimensions&) -> Value { return std::numbers::pi; }},
    Known{"infinity", [](const Input&, const Dimensions&) -> Value { return std::numeric_limits<double>::infinity(); }},
    Known{"true", [](const Input&, const Dimensions&) -> Value { return true; }},
    Known{"false", [](const Input&, const Dimensions&) -> Value { return false; }},
};
// clang-format on

}  // namespace

std::optional<ParameterId> parameter_from_name(std::string_view name) {
  const auto found =
      std::ranges::find_if(kParameterIds, [&](ParameterId id) { return attn::name(id) == name; });
  return found == kParameterIds.end() ? std::nullopt : std::optional(*found);
}

bool is_vector(ParameterId id) {
  return id == ParameterId::b_q || id == ParameterId::b_k || id == ParameterId::b_v ||
         id == ParameterId::b_o || id == ParameterId::additive_v;
}

std::optional<Value> known_name(std::string_view name, const session::Document& document) {
  const auto found = std::ranges::find(kKnown, name, &Known::name);
  if (found == kKnown.end()) return std::nullopt;
  return found->of(document.input(), document.dimensions());
}
bool is_known_name(std::string_view name) {
  return std::ranges::find(kKnown, name, &Known::name) != kKnown.end();
}

}  // namespace attn::lessons
