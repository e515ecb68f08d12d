#include "core/io/attention_reader.h"

#include <memory>
#include <utility>
#include <vector>

#include "core/io/text.h"

namespace attn::io {
namespace {

constexpr std::uint64_t kLargestWindow = (std::uint64_t{1} << 63) - 1;

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
    : window_(0, kLargestWindow),
      padding_(limits.tokens, budget),
      allow_(limits.tokens, limits.tokens, budget) {
  add("causal", causal_);
  add("window", window_);
  add("padding", padding_);
  add("allow", allow_);
  add("hidden_value", hidden_value_);
}

MaskConfig MaskReader::build() {
  MaskConfig out;
  out.causal = causal_.value.value_or(false);
  if (window_.value) out.window = static_cast<std::int64_t>(*window_.value);
  if (padding_.value) {
    out.padding = std::make_shared<const std::vector<std::uint8_t>>(std::move(*padding_.value));
  }
  if (allow_.given()) {
    out.allow = std::make_shared<const AllowMatrix>(
        AllowMatrix{allow_.rows(), allow_.columns(), allow_.take_cells()});
  }
  out.hidden_value = hidden_value_.value;
  return out;
}

DropoutReader::DropoutReader()
    : p("a number from 0 to below 1", [](double value) { return value >= 0 && value < 1; }),
      seed(0, kLargestSeed) {
  add("p", p, Need::required);
  add("seed", seed, Need::required);
}

AttentionReader::AttentionReader(const ParseLimits& limits, Budget& budget)
    : heads_(1, limits.heads),
      kv_heads_(1, limits.heads),
      score_({Score::dot, Score::cosine, Score::additive, Score::bilinear}),
      temperature_("a number above 0", [](double value) { return value > 0; }),
      position_({Position::none, Position::sinusoidal, Position::rope, Position::alibi}),
      mask_(limits, budget),
      normalise_({Normalise::softmax, Normalise::softmax_without_max, Normalise::none}),
      softmax_axis_({SoftmaxAxis::keys, SoftmaxAxis::queries}),
      combine_({Combine::concat, Combine::mean}),
      attend_over_({AttendOver::tokens, AttendOver::features}) {
  add("heads", heads_);
  add("kv_heads", kv_heads_);
  add("score", score_);
  add("scale", scale_);
  add("temperature", temperature_);
  add("position", position_);
  add("mask", mask_);
  add("normalise", normalise_);
  add("softmax_axis", softmax_axis_);
  add("dropout", dropout_);
  add("combine", combine_);
  add("attend_over", attend_over_);
}

Config AttentionReader::build() {
  Config config;
  config.heads = heads_.value.value_or(1);
  if (kv_heads_.value) config.kv_heads = *kv_heads_.value;
  config.score = score_.value.value_or(config.score);
  config.scale = scale_.scale();
  config.temperature = temperature_.value.value_or(config.temperature);
  config.position = position_.value.value_or(config.position);
  config.mask = mask_.build();
  config.normalise = normalise_.value.value_or(config.normalise);
  config.softmax_axis = softmax_axis_.value.value_or(config.softmax_axis);
  if (dropout_.given) config.dropout = Dropout{*dropout_.p.value, *dropout_.seed.value};
  config.combine = combine_.value.value_or(config.combine);
  config.attend_over = attend_over_.value.value_or(config.attend_over);
  return config;
}

}  // namespace attn::io
