#include "core/attention/config.h"

#include <array>

namespace attn {

std::string_view name(Score value) {
  constexpr std::array<std::string_view, 4> kNames = {"dot", "cosine", "additive", "bilinear"};
  return kNames[static_cast<std::size_t>(value)];
}

std::string_view name(Position value) {
  constexpr std::array<std::string_view, 4> kNames = {"none", "sinusoidal", "rope", "alibi"};
  return kNames[static_cast<std::size_t>(value)];
}

std::string_view name(Normalise value) {
  constexpr std::array<std::string_view, 3> kNames = {"softmax", "softmax_without_max", "none"};
  return kNames[static_cast<std::size_t>(value)];
}

std::string_view name(SoftmaxAxis value) { return value == SoftmaxAxis::keys ? "keys" : "queries"; }

std::string_view name(Combine value) { return value == Combine::concat ? "concat" : "mean"; }

std::string_view name(AttendOver value) { return value == AttendOver::tokens ? "tokens" : "features"; }

}  // namespace attn
