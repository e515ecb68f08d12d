// Groups of the settings from the score to dropout, without the masks.

#include <array>
#include <cmath>

#include "app/panels/settings_formulas.h"
#include "app/panels/settings_groups.h"
#include "app/panels/settings_parts.h"
#include "core/attention/input.h"

namespace attn::ui {
namespace {

using session::Apply;
using session::Edit;

template <class Value>
std::size_t index_of(Value value) {
  return static_cast<std::size_t>(value);
}

}  // namespace

void draw_score_settings(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Score score = column.input().config.score;
  const std::array items = {ChoiceItem{context.tr("dot product"), formula_of(Score::dot)},
                            ChoiceItem{context.tr("cosine"), formula_of(Score::cosine)},
                            ChoiceItem{context.tr("additive"), formula_of(Score::additive)},
                            ChoiceItem{context.tr("bilinear"), formula_of(Score::bilinear)}};
  const auto picked = settings_choice(column, {PanelId::scenario, "score"}, "score", items, index_of(score),
                                      settings_open(column));
  if (picked) context.post(Apply{session::SetScore{static_cast<Score>(*picked)}});
  switch (score) {
    case Score::dot:
      explain_setting(column, context.tr("How far the query points along the key, times both lengths."));
      break;
    case Score::cosine:
      show_formula(column, cosine_formula());
      explain_setting(column, context.tr("Only the angle counts, not the lengths: from −1 to 1."));
      break;
    case Score::additive:
      explain_setting(column,
                      context.tr("A small network: query and key are added, bent by tanh and weighed by v."));
      column.label_width = column.width * 0.5f;
      settings_number(column, {PanelId::scenario, "d_additive"}, context.tr("width inside"),
                      static_cast<double>(column.subject.document.dimensions().d_additive),
                      whole_number(1, 16384), [](double value) -> Edit {
                        return session::SetWidth{session::Width::d_additive, static_cast<std::size_t>(value)};
                      });
      break;
    case Score::bilinear:
      explain_setting(
          column, context.tr("A matrix between the two says which features match. The identity gives the dot "
                             "product."));
      break;
  }
}

void draw_scale_settings(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Config& config = column.input().config;
  const bool open = settings_open(column);
  const std::array items = {ChoiceItem{context.tr("no scale"), formula_of(Scale::Kind::none)},
                            ChoiceItem{context.tr("by the width"), formula_of(Scale::Kind::sqrt_dk)},
                            ChoiceItem{context.tr("a number"), formula_of(Scale::Kind::number)}};
  const auto picked = settings_choice(column, {PanelId::scenario, "scale"}, "scale", items,
                                      index_of(config.scale.kind), open);
  const std::size_t d_k = column.subject.document.dimensions().d_k;
  if (picked) {
    // A number begins where the scale was: nothing changes until it is changed.
    const double now =
        config.scale.kind == Scale::Kind::sqrt_dk ? 1.0 / std::sqrt(static_cast<double>(d_k)) : 1.0;
    context.post(Apply{session::SetScale{{static_cast<Scale::Kind>(*picked), now}}});
  }
  column.label_width = column.width * 0.5f;
  switch (config.scale.kind) {
    case Scale::Kind::none:
      explain_setting(
          column,
          context.tr("Wide vectors give large scores, and softmax then takes almost only the largest."));
      break;
    case Scale::Kind::sqrt_dk:
      explain_setting(column, context.tr("Keeps the scores about as large whatever the width."));
      break;
    case Scale::Kind::number: {
      NumberFieldOptions options;
      options.enabled = open;
      settings_number(column, {PanelId::scenario, "scale_number"}, context.tr("factor c"),
                      config.scale.number, options, [](double value) -> Edit {
                        return session::SetScale{{Scale::Kind::number, value}};
                      });
      explain_setting(column, context.tr("Every score is multiplied by this number."));
      break;
    }
  }
  NumberFieldOptions temperature;
  temperature.low = 0.001;
  temperature.enabled = open;
  settings_number(column, {PanelId::scenario, "temperature"}, context.tr("temperature T"), config.temperature,
                  temperature, [](double value) -> Edit { return session::SetTemperature{value}; });
  show_formula(column, temperature_formula());
  explain_setting(column, context.tr("Below 1 the shares get sharper, above 1 more even."));
}

void draw_position_settings(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Position position = column.input().config.position;
  const std::array items = {ChoiceItem{context.tr("no position"), formula_of(Position::none)},
                            ChoiceItem{context.tr("sinusoidal"), formula_of(Position::sinusoidal)},
                            ChoiceItem{context.tr("RoPE"), formula_of(Position::rope)},
                            ChoiceItem{context.tr("ALiBi"), formula_of(Position::alibi)}};
  const auto picked = settings_choice(column, {PanelId::scenario, "position"}, "position", items,
                                      index_of(position), settings_open(column));
  if (picked) context.post(Apply{session::SetPosition{static_cast<Position>(*picked)}});
  settings_refusal<session::SetPosition>(column);
  switch (position) {
    case Position::none:
      explain_setting(column, context.tr("The order of the words makes no difference: they are a set."));
      break;
    case Position::sinusoidal:
      explain_setting(
          column,
          context.tr("Waves of different lengths are added to x: every place gets a pattern of its own."));
      break;
    case Position::rope:
      explain_setting(column,
                      context.tr("Queries and keys are turned by their place: the score then depends on "
                                 "how far apart they are."));
      break;
    case Position::alibi:
      explain_setting(column,
                      context.tr("The further apart, the lower the score; each head has its own slope m."));
      break;
  }
}

void draw_softmax_settings(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Config& config = column.input().config;
  const bool open = settings_open(column);
  const std::array items = {
      ChoiceItem{context.tr("softmax"), formula_of(Normalise::softmax)},
      ChoiceItem{context.tr("no max removed"), formula_of(Normalise::softmax_without_max), true},
      ChoiceItem{context.tr("no softmax"), formula_of(Normalise::none)}};
  const auto picked = settings_choice(column, {PanelId::scenario, "normalise"}, "normalise", items,
                                      index_of(config.normalise), open);
  if (picked) context.post(Apply{session::SetNormalise{static_cast<Normalise>(*picked)}});
  switch (config.normalise) {
    case Normalise::softmax:
      explain_setting(column,
                      context.tr("Exponentials, divided by their sum. The largest score is taken away first, "
                                 "so that exp stays finite."));
      break;
    case Normalise::softmax_without_max:
      explain_setting(column, context.tr("On paper the same; in the computer exp overflows past 88."), true);
      break;
    case Normalise::none:
      explain_setting(column,
                      context.tr("The scores themselves weigh the values: they may be negative and need not "
                                 "sum to 1."));
      break;
  }
  settings_heading(column, context.tr("what sums to 1"));
  const std::array axes = {ChoiceItem{context.tr("each row"), formula_of(SoftmaxAxis::keys)},
                           ChoiceItem{context.tr("each column"), formula_of(SoftmaxAxis::queries), true}};
  const auto axis = settings_choice(column, {PanelId::scenario, "softmax_axis"}, "axis", axes,
                                    index_of(config.softmax_axis), open);
  if (axis) context.post(Apply{session::SetSoftmaxAxis{static_cast<SoftmaxAxis>(*axis)}});
  if (config.softmax_axis == SoftmaxAxis::keys) {
    explain_setting(column, context.tr("Each query shares itself out over all keys."));
  } else {
    explain_setting(
        column,
        context.tr("The wrong axis: each key is shared out over the queries, and a query may get more "
                   "or less than one whole."),
        true);
  }
}

void draw_dropout_settings(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const bool open = settings_open(column);
  const Dropout dropout = column.input().config.dropout.value_or(Dropout{});
  column.label_width = column.width * 0.5f;
  NumberFieldOptions p;
  p.low = 0.0;
  p.high = 0.999;
  p.step = 0.05;
  p.enabled = open;
  settings_number(column, {PanelId::scenario, "dropout_p"}, context.tr("part removed p"), dropout.p, p,
                  [seed = dropout.seed](double value) -> Edit {
                    return session::SetDropout{{value, seed}};
                  });
  NumberFieldOptions seed = whole_number(0, 9007199254740991.0);
  seed.enabled = open;
  settings_number(column, {PanelId::scenario, "dropout_seed"}, context.tr("seed"),
                  static_cast<double>(dropout.seed), seed, [part = dropout.p](double value) -> Edit {
                    return session::SetDropout{{part, static_cast<std::uint64_t>(value)}};
                  });
  show_formula(column, dropout_formula());
  explain_setting(column,
                  context.tr("While a network learns, each share is removed with probability p; the others "
                             "grow. The same seed removes the same ones."));
}

}  // namespace attn::ui
