#include "core/io/attention_reader.h"

#include <memory>
#include <utility>
#include <vector>

#include "core/io/text.h"

namespace attn::io {
namespace {

constexpr std::uint64_t kLargestWindow = (std::uint64_t{1} << 63) - 1;
constexpr std::uint64_t kLargestSeed = (std::uint64_t{1} << 53) - 1;

}  // namespace

void ScaleReader::string(std::string& text) {
  if (text == "none") {
    word = Scale::Kind::none;
  } else if (text == "sqrt_dk") {
    word = Scale::Kind::sqrt_dk;
  } else {
    wrong_type(in_quotes(text));
  }
}

MaskReader::MaskReader(const ParseLimits& limits, Budget& budget)
    : window(0, kLargestWindow), padding(limits.tokens, budget), allow(limits.tokens, limits.tokens, budget) {
  add("causal", causal);
  add("window", window);
  add("padding", padding);
  add("allow", allow);
  add("hidden_value", hidden_value);
}

MaskConfig MaskReader::build() {
  MaskConfig out;
  out.causal = causal.value.value_or(false);
  if (window.value) out.window = static_cast<std::int64_t>(*window.value);
  if (padding.value) {
    out.padding = std::make_shared<const std::vector<std::uint8_t>>(std::move(*padding.value));
  }
  if (allow.given()) {
    out.allow =
        std::make_shared<const AllowMatrix>(AllowMatrix{allow.rows(), allow.columns(), allow.take_cells()});
  }
  out.hidden_value = hidden_value.value;
  return out;
}

DropoutReader::DropoutReader()
    : p("a number from 0 to below 1", [](double value) { return value >= 0 && value < 1; }),
      seed(0, kLargestSeed) {
  add("p", p, Need::required);
  add("seed", seed, Need::required);
}

AttentionReader::AttentionReader(const ParseLimits& limits, Budget& budget)
    : heads(1, limits.heads),
      kv_heads(1, limits.heads),
      score({Score::dot, Score::cosine, Score::additive, Score::bilinear}),
      temperature("a number above 0", [](double value) { return value > 0; }),
      position({Position::none, Position::sinusoidal, Position::rope, Position::alibi}),
      mask(limits, budget),
      normalise({Normalise::softmax, Normalise::softmax_without_max, Normalise::none}),
      softmax_axis({SoftmaxAxis::keys, SoftmaxAxis::queries}),
      combine({Combine::concat, Combine::mean}),
      attend_over({AttendOver::tokens, AttendOver::features}) {
  add("heads", heads);
  add("kv_heads", kv_heads);
  add("score", score);
  add("scale", scale);
  add("temperature", temperature);
  add("position", position);
  add("mask", mask);
  add("normalise", normalise);
  add("softmax_axis", softmax_axis);
  add("dropout", dropout);
  add("combine", combine);
  add("attend_over", attend_over);
}

Config AttentionReader::build() {
  Config config;
  config.heads = heads.value.value_or(1);
  if (kv_heads.value) config.kv_heads = *kv_heads.value;
  config.score = score.value.value_or(config.score);
  config.scale = scale.scale();
  config.temperature = temperature.value.value_or(config.temperature);
  config.position = position.value.value_or(config.position);
  config.mask = mask.build();
  config.normalise = normalise.value.value_or(config.normalise);
  config.softmax_axis = softmax_axis.value.value_or(config.softmax_axis);
  if (dropout.given) config.dropout = Dropout{*dropout.p.value, *dropout.seed.value};
  config.combine = combine.value.value_or(config.combine);
  config.attend_over = attend_over.value.value_or(config.attend_over);
  return config;
}

}  // namespace attn::io
