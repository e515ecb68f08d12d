#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "app/panels/matrix_fields.h"
#include "app/panels/parameter_words.h"
#include "app/panels/scenario_column.h"
#include "app/panels/scenario_panel.h"
#include "app/panels/words_toolbar.h"
#include "app/widgets/controls.h"
#include "app/widgets/lock.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

using session::Edit;

void draw_scale(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const LockedPart lock(context, "scale");
  const Config& config = column.input().config;
  std::array<std::string, 3> words = {std::string(context.tr("none")), with_indices(std::string("÷ √d_k")),
                                      ""};
  std::size_t chosen = config.scale.kind == Scale::Kind::sqrt_dk ? 1 : 0;
  std::size_t count = 2;
  if (config.scale.kind == Scale::Kind::number) {
    words[2] = "× " + format_number(config.scale.number, 4);
    chosen = 2;
    count = 3;
  }
  const std::array<std::string_view, 3> labels = {words[0], words[1], words[2]};
  const auto picked =
      segmented(context, {PanelId::scenario, "scale"}, column.labelled(context.tr("scale")),
                std::span(labels).first(count), chosen, config.attend_over == AttendOver::tokens);
  if (picked && *picked < 2) {
    context.post(
        session::Apply{session::SetScale{{*picked == 1 ? Scale::Kind::sqrt_dk : Scale::Kind::none, 1.0}}});
  }
}

/// What else hides keys, in words; empty when nothing does.
std::string other_masks(const PanelContext& context, const MaskConfig& mask) {
  std::string words;
  const auto add = [&](std::string_view more) { words += (words.empty() ? "" : ", ") + std::string(more); };
  if (mask.window) add(context.say("window {width}", fmt::arg("width", *mask.window)));
  if (mask.padding) add(context.tr("padding"));
  if (mask.allow) add(context.tr("own mask"));
  if (mask.hidden_value)
    add(context.say("hidden = {value}", fmt::arg("value", format_number(*mask.hidden_value, 4))));
  return words;
}

void draw_mask(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Config& config = column.input().config;
  const LockedPart lock(context, "mask");
  const std::array<std::string_view, 2> labels = {context.tr("none"), context.tr("causal")};
  const auto picked = segmented(context, {PanelId::scenario, "mask"}, column.labelled(context.tr("mask")),
                                labels, config.mask.causal ? 1 : 0, config.attend_over == AttendOver::tokens);
  if (picked) context.post(session::Apply{session::SetCausal{*picked == 1}});
  const std::string others = other_masks(context, config.mask);
  if (!others.empty()) {
    column.y += context.text.draw_paragraph(
        *context.list, {column.x, column.y}, context.look(TextSize::body, context.colours().ink_muted),
        context.say("also: {masks}", fmt::arg("masks", others)), column.width);
  }
}

void draw_numbers(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Config& config = column.input().config;
  const auto number = [&](const WidgetId& id, std::string_view label, double value,
                          NumberFieldOptions options, const std::function<Edit(double)>& edit) {
    options.problem = problem_with(context, edit);
    const LockedPart lock(context, edit(value));
    const NumberFieldResult result = number_field(context, id, column.labelled(label), value, options);
    post_edit(context, result, edit);
    column.error(result.error);
  };
  NumberFieldOptions heads;
  heads.integer = true;
  heads.step = 1.0;
  heads.low = 1.0;
  heads.high = 256.0;
  number({PanelId::scenario, "heads"}, context.tr("heads"), static_cast<double>(config.heads), heads,
         [](double value) -> Edit { return session::SetHeads{static_cast<std::size_t>(value)}; });
  NumberFieldOptions temperature;
  temperature.low = 0.001;
  number({PanelId::scenario, "temperature"}, context.tr("temperature"), config.temperature, temperature,
         [](double value) -> Edit { return session::SetTemperature{value}; });
}

void draw_freedom(ScenarioColumn& column) {
  using session::PullFreedom;
  PanelContext& context = column.context;
  const Style& style = column.style();
  constexpr std::array<PullFreedom, 4> kChoices = {PullFreedom::this_word, PullFreedom::all_words,
                                                   PullFreedom::w_q_and_w_k, PullFreedom::w_v};
  const auto formula = [&](ParameterId id) { return parameter_label(context, id); };
  const TextLook look = context.look(TextSize::body);
  const std::array<Runs, 4> labels = {
      Runs{{std::string(context.tr("this word")), look, 0.0f}},
      Runs{{std::string(context.tr("all words")), look, 0.0f}},
      format_runs(context.tr("{w_q} and {w_k}"), look,
                  {{"w_q", formula(ParameterId::w_q)}, {"w_k", formula(ParameterId::w_k)}}),
      formula(ParameterId::w_v)};
  column.y += style.px(6);
  context.text.draw_in(*context.list, column.take(style.px(24), style.px(4)),
                       context.look(TextSize::body, context.colours().accent, Face::sans_bold),
                       context.tr("a pull may move"));
  const auto chosen =
      static_cast<std::size_t>(std::ranges::find(kChoices, column.subject.view.freedom) - kChoices.begin());
  for (std::size_t row = 0; row < 2; ++row) {
    const Rect area = column.take(style.control_height(), style.px(6));
    const float middle = std::round(area.centre().x);
    const float half = style.px(3);
    for (std::size_t side = 0; side < 2; ++side) {
      const std::size_t i = row * 2 + side;
      const Rect rect = side == 0 ? Rect{area.min, {middle - half, area.max.y}}
                                  : Rect{{middle + half, area.min.y}, area.max};
      const auto& rules = context.session.lesson_rules();
      const LockedPart lock(context,
                            rules && is_locked(*rules, kChoices[i], column.subject.view.selection.row));
      if (button(context, WidgetId{PanelId::scenario, "freedom"}.at(i), rect, labels[i],
                 {.chosen = i == chosen}))
        context.post(session::SetPullFreedom{kChoices[i]});
    }
  }
}

}  // namespace

void draw_words_tab(const session::Subject& subject, PanelContext& context, const Rect& content) {
  const Style& style = context.style;
  WordsMemory& memory = context.memory.get<WordsMemory>();
  use_word_keys(context, subject.document.input(), memory);
  float label_width = 0.0f;
  for (const std::string_view label :
       {context.tr("scale"), context.tr("mask"), context.tr("heads"), context.tr("temperature")})
    label_width = std::max(label_width, context.text.measure(context.look(TextSize::body), label).x);

  Rect rest = content;
  draw_words_toolbar(subject, context, memory, rest);
  draw_scenario_column(subject, context, "words", rest, [&](ScenarioColumn& column) {
    const bool cross = column.input().source.has_value();
    const auto heading = [&](std::string_view text, Colour colour) {
      context.text.draw_in(*column.context.list, column.take(style.px(26), style.px(4)),
                           context.look(TextSize::body, colour, Face::sans_bold), text);
    };
    if (cross) heading(context.tr("target words X ask"), context.colours().q);
    draw_word_rows(column, memory, TokenSide::queries);
    if (cross) {
      column.y += style.px(6);
      heading(context.tr("source words Z answer"), context.colours().k);
      draw_word_rows(column, memory, TokenSide::source);
    }
    column.y += style.px(6);
    column.label_width = std::ceil(label_width);
    draw_scale(column);
    draw_mask(column);
    draw_numbers(column);
    draw_freedom(column);
  });
}

}  // namespace attn::ui
