// Widths, and the second sequence, which brings sizes of its own.

#include <algorithm>
#include <string>
#include <utility>

#include "app/session/edit.h"
#include "app/session/reshape.h"
#include "core/io/scenario.h"

namespace attn::session {
namespace {

constexpr std::size_t kWidest = 16384;

bool absent(const Input& input, ParameterId id) { return !input.parameters[id]; }
bool turns_pairs(const Input& input) { return input.config.position == Position::rope; }

[[noreturn]] void refuse_odd(std::size_t d_k) {
  throw EditRefused(message("RoPE turns pairs of numbers: d_k must be even, not {0}", {std::to_string(d_k)}));
}

/// x has another width, and with it, in self-attention, what the keys see: widths that follow from identities
/// follow, where the heads divide them.
void follow_d_model(const Input& input, Dimensions& to) {
  if (input.source) return;
  to.d_source = to.d_model;
  const bool identities = absent(input, ParameterId::w_q) && absent(input, ParameterId::w_k);
  const std::size_t d_k = to.d_model / to.n_heads;
  const bool divides = to.d_model % to.n_heads == 0 && to.n_heads == to.n_kv_heads;
  if (identities && divides && !(turns_pairs(input) && d_k % 2 != 0)) to.d_k = d_k;
  if (absent(input, ParameterId::w_v) && to.d_model % to.n_kv_heads == 0) to.d_v = to.d_model / to.n_kv_heads;
  if (input.config.attend_over == AttendOver::features) to.d_k = to.d_model;
}

/// The sizes after the change. Throws EditRefused.
Dimensions widened(const Input& input, const Dimensions& from, const SetWidth& edit) {
  Dimensions to = from;
  switch (edit.width) {
    case Width::d_model:
      to.d_model = edit.size;
      follow_d_model(input, to);
      break;
    case Width::d_source:
      if (!input.source) throw EditRefused(message("This example has no source"));
      to.d_source = edit.size;
      break;
    case Width::d_k:
      if (input.config.attend_over == AttendOver::features && edit.size != from.d_k) {
        throw EditRefused(message("Over features d_k is the width of x: change d_model"));
      }
      if (turns_pairs(input) && edit.size % 2 != 0) refuse_odd(edit.size);
      to.d_k = edit.size;
      break;
    case Width::d_v:
      to.d_v = edit.size;
      break;
    case Width::d_out:
      to.d_out = edit.size;
      break;
    case Width::d_additive:
      if (from.d_additive == 0) throw EditRefused(message("Only the additive score has a hidden width"));
      to.d_additive = edit.size;
      break;
  }
  to.d_concat = input.config.combine == Combine::concat ? to.n_heads * to.d_v : to.d_v;
  if (edit.width != Width::d_out && absent(input, ParameterId::w_o)) to.d_out = to.d_concat;
  return to;
}

/// Names of the first `count` features; new ones are called by their numbers.
Tokens resized_names(const Tokens& names, std::size_t count) {
  std::vector<std::string> resized(
      names->begin(), names->begin() + static_cast<std::ptrdiff_t>(std::min(count, names->size())));
  while (resized.size() < count) resized.push_back(std::to_string(resized.size() + 1));
  return std::make_shared<const std::vector<std::string>>(std::move(resized));
}

/// The masks for another number of keys: what is new is visible.
void resize_masks(MaskConfig& mask, std::size_t n_keys) {
  if (mask.padding && mask.padding->size() != n_keys) {
    std::vector<std::uint8_t> padding = *mask.padding;
    padding.resize(n_keys, 0);
    mask.padding = std::make_shared<const std::vector<std::uint8_t>>(std::move(padding));
  }
  if (mask.allow && mask.allow->columns != n_keys) {
    const AllowMatrix& old = *mask.allow;
    AllowMatrix allow{old.rows, n_keys, std::vector<std::uint8_t>(old.rows * n_keys, 1)};
    for (std::size_t i = 0; i < old.rows; ++i) {
      for (std::size_t j = 0; j < std::min(old.columns, n_keys); ++j)
        allow.visible[i * n_keys + j] = old.visible[i * old.columns + j];
    }
    mask.allow = std::make_shared<const AllowMatrix>(std::move(allow));
  }
}

}  // namespace

Document changed(const Document& document, const SetWidth& edit) {
  const Dimensions& from = document.dimensions();
  if (edit.size < 1) throw EditRefused(message("At least one column is needed"));
  if (edit.size > kWidest) {
    throw EditRefused(message("At most {0} columns are possible", {std::to_string(kWidest)}));
  }
  const Dimensions to = widened(document.input(), from, edit);
  if (to == from) return document;
  io::Scenario scenario = document.scenario();
  Input& input = scenario.input;
  input.x = with_columns(input.x, to.d_model);
  if (input.source) input.source->x = with_columns(input.source->x, to.d_source);
  if (scenario.feature_names && scenario.feature_names->size() != to.d_model)
    scenario.feature_names = resized_names(scenario.feature_names, to.d_model);
  reshape_parameters(input, from, to);
  return document.with_scenario(std::move(scenario));
}

Document changed(const Document& document, const SetCrossAttention& edit) {
  if (edit.on == document.input().source.has_value()) return document;
  Input input = document.input();
  if (edit.on) {
    if (input.config.attend_over == AttendOver::features)
      throw EditRefused(message("Features attend within one sequence: choose attention over words first"));
    input.source = Source{input.tokens, input.x};
    return document.with_input(std::move(input));
  }
  const Dimensions& from = document.dimensions();
  Dimensions to = from;
  to.n_keys = from.n_queries;
  to.d_source = from.d_model;
  input.source.reset();
  resize_masks(input.config.mask, to.n_keys);
  reshape_parameters(input, from, to);
  return document.with_input(std::move(input));
}

std::string_view name(Width width) {
  switch (width) {
    case Width::d_model:
      return "d_model";
    case Width::d_source:
      return "d_source";
    case Width::d_k:
      return "d_k";
    case Width::d_v:
      return "d_v";
    case Width::d_out:
      return "d_out";
    case Width::d_additive:
      return "d_a";
  }
  return "";
}

std::size_t size_of(const Document& document, Width width) {
  const Dimensions& d = document.dimensions();
  switch (width) {
    case Width::d_model:
      return d.d_model;
    case Width::d_source:
      return document.input().source ? d.d_source : 0;
    case Width::d_k:
      return d.d_k;
    case Width::d_v:
      return d.d_v;
    case Width::d_out:
      return d.d_out;
    case Width::d_additive:
      return document.input().config.score == Score::additive ? d.d_additive : 0;
  }
  return 0;
}

}  // namespace attn::session
