#include "app/lessons/settings_under.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "app/lessons/expression.h"
#include "app/lessons/functions.h"
#include "core/io/text.h"

namespace attn::lessons {
namespace {

/// The value of an enumeration that files call by this word.
template <class E, std::size_t N>
E word_of(const Value& value, const std::array<E, N>& all) {
  const auto* word = std::get_if<std::string>(&value);
  std::string known;
  for (const E one : all) {
    if (word != nullptr && name(one) == *word) return one;
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", name(one));
  }
  throw ExpressionError(fmt::format("expected one of {}, found {}", known,
                                    word != nullptr ? io::in_quotes(*word) : kind_of(value)));
}

bool is_word(const Value& value, std::string_view word) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr && *text == word;
}

session::Edit scale(const Value& value) {
  if (is_word(value, "none")) return session::SetScale{};
  if (is_word(value, "sqrt_dk")) return session::SetScale{{Scale::Kind::sqrt_dk, 1.0}};
  if (const auto* number = std::get_if<double>(&value))
    return session::SetScale{{Scale::Kind::number, *number}};
  throw ExpressionError("expected \"none\", \"sqrt_dk\" or a number, found " + kind_of(value));
}

session::Edit window(const Value& value) {
  if (is_word(value, "none")) return session::SetWindow{};
  return session::SetWindow{static_cast<std::int64_t>(place_of(value))};
}

session::Edit hidden_value(const Value& value) {
  const double number = number_of(value);
  if (number < -1.0e300) return session::SetHiddenValue{};  // −∞, as it should be
  return session::SetHiddenValue{number};
}

struct Setting {
  std::string_view name;
  session::Edit (*edit)(const Value&);
};

constexpr std::array kScores = {Score::dot, Score::cosine, Score::additive, Score::bilinear};
constexpr std::array kPositions = {Position::none, Position::sinusoidal, Position::rope, Position::alibi};
constexpr std::array kNormalise = {Normalise::softmax, Normalise::softmax_without_max, Normalise::none};
constexpr std::array kAxes = {SoftmaxAxis::keys, SoftmaxAxis::queries};
constexpr std::array kCombine = {Combine::concat, Combine::mean};

// clang-format off
constexpr std::array kSettings = {
    Setting{"score", [](const Value& v) -> session::Edit { return session::SetScore{word_of(v, kScores)}; }},
    Setting{"scale", scale},
    Setting{"temperature", [](const Value& v) -> session::Edit { return session::SetTemperature{number_of(v)}; }},
    Setting{"position", [](const Value& v) -> session::Edit { return session::SetPosition{word_of(v, kPositions)}; }},
    Setting{"normalise", [](const Value& v) -> session::Edit { return session::SetNormalise{word_of(v, kNormalise)}; }},
    Setting{"softmax_axis", [](const Value& v) -> session::Edit { return session::SetSoftmaxAxis{word_of(v, kAxes)}; }},
    Setting{"combine", [](const Value& v) -> session::Edit { return session::SetCombine{word_of(v, kCombine)}; }},
    Setting{"causal", [](const Value& v) -> session::Edit { return session::SetCausal{truth_of(v)}; }},
    Setting{"window", window},
    Setting{"hidden_value", hidden_value},
    Setting{"heads", [](const Value& v) -> session::Edit { return session::SetHeads{place_of(v)}; }},
};
// clang-format on

}  // namespace

bool is_setting_of_with(std::string_view name) {
  return std::ranges::find(kSettings, name, &Setting::name) != kSettings.end();
}

session::Edit edit_of_setting(std::string_view name, const Value& value) {
  return std::ranges::find(kSettings, name, &Setting::name)->edit(value);
}

}  // namespace attn::lessons
