#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "app/panels/matrix_fields.h"
#include "app/panels/scenario_column.h"
#include "app/panels/scenario_panel.h"
#include "app/widgets/controls.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

using session::Edit;

void draw_words(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Input& input = column.input();
  const auto words = [&](const Tokens& tokens, const SharedMatrix& x, bool asks, bool answers,
                         std::size_t& page) {
    MatrixFields matrix{
        .id = asks ? WidgetId{PanelId::scenario, "x"} : WidgetId{PanelId::scenario, "source"},
        .values = x,
        .edit = [asks](std::size_t row, std::size_t c, float value) -> Edit {
          if (asks) return session::SetXCell{row, c, value};
          return session::SetSourceCell{row, c, value};
        },
        .label = [&context, &tokens, asks, answers](std::size_t row) -> Runs {
          const bool hovered = (asks && context.hover.query == row) || (answers && context.hover.key == row);
          const Colour ink = hovered ? context.colours().accent : context.colours().ink;
          return {{(*tokens)[row], context.look(TextSize::label, ink, Face::sans_bold), 0.0f}};
        },
        .hovered =
            [&context, asks, answers](std::size_t row, std::size_t c, bool hovered) {
              if (!hovered) return;
              context.hover_next.cell = CellRef{asks ? Stage::x : Stage::source_x, 0, row, c};
              if (asks) context.hover_next.query = row;
              if (answers) context.hover_next.key = row;
            },
        .colour = 0,
    };
    column.y += draw_matrix_fields(context, {column.x, column.y}, column.width, matrix, page);
  };
  words(input.tokens, input.x, true, !input.source.has_value(),
        column.context.memory.get<ScenarioMemory>().x_page);
  if (!input.source) return;
  column.y += column.style().px(6);
  context.text.draw_in(*context.list, column.take(column.style().px(24), column.style().px(6)),
                       context.look(TextSize::body, context.colours().ink_muted),
                       context.tr("source words, which answer"));
  words(input.source->tokens, input.source->x, false, true,
        column.context.memory.get<ScenarioMemory>().source_page);
}

void draw_scale(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Config& config = column.input().config;
  std::array<std::string, 3> words = {std::string(context.tr("none")), "÷ √d", ""};
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
  if (picked && *picked < 2)
    context.post(
        session::Apply{session::SetScale{{*picked == 1 ? Scale::Kind::sqrt_dk : Scale::Kind::none, 1.0}}});
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
  const std::array<std::string_view, 2> labels = {context.tr("none"), context.tr("causal")};
  const auto picked = segmented(context, {PanelId::scenario, "mask"}, column.labelled(context.tr("mask")),
                                labels, config.mask.causal ? 1 : 0, config.attend_over == AttendOver::tokens);
  if (picked) context.post(session::Apply{session::SetCausal{*picked == 1}});
  const std::string others = other_masks(context, config.mask);
  if (!others.empty())
    column.y += context.text.draw_paragraph(
        *context.list, {column.x, column.y}, context.look(TextSize::body, context.colours().ink_muted),
        context.say("also: {masks}", fmt::arg("masks", others)), column.width);
}

void draw_numbers(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Config& config = column.input().config;
  const auto number = [&](const WidgetId& id, std::string_view label, double value,
                          NumberFieldOptions options, const std::function<Edit(double)>& edit) {
    options.problem = problem_with(context, edit);
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

Colour colour_of(const Theme& theme, ParameterId id) {
  switch (id) {
    case ParameterId::w_q:
    case ParameterId::b_q:
    case ParameterId::additive_w_q:
      return theme.q;
    case ParameterId::w_k:
    case ParameterId::b_k:
    case ParameterId::additive_w_k:
      return theme.k;
    case ParameterId::w_v:
    case ParameterId::b_v:
      return theme.v;
    default:
      return theme.ink;
  }
}

/// Which parameters have a line: the four projections, and what else this scenario gives.
bool has_line(const Input& input, ParameterId id) {
  const bool projection =
      id == ParameterId::w_q || id == ParameterId::w_k || id == ParameterId::w_v || id == ParameterId::w_o;
  return projection || input.parameters[id].has_value();
}

bool can_be_identity(ParameterId id, const SharedMatrix& values) {
  const bool projection =
      id == ParameterId::w_q || id == ParameterId::w_k || id == ParameterId::w_v || id == ParameterId::w_o;
  return projection && values.rows() == values.columns();
}

/// "W" with its index below, as formulas write it.
Runs parameter_label(const PanelContext& context, ParameterId id) {
  const std::string_view written = session::display_name(id);
  const Colour colour = colour_of(context.colours(), id);
  const std::size_t bar = written.find('_');
  const TextLook letter{Face::formula_italic, context.style.text(TextSize::number), colour};
  Runs runs{{std::string(written.substr(0, bar)), letter, 0.0f}};
  if (bar != std::string_view::npos) {
    TextLook index = letter;
    index.px = context.style.px(16);
    runs.push_back({std::string(written.substr(bar + 1)), index, -context.style.px(6)});
  }
  return runs;
}

/// The line of one parameter: its name, and a box that says what it is and unfolds it.
void draw_parameter_head(ScenarioColumn& column, ParameterId id, Rect line) {
  PanelContext& context = column.context;
  const Style& style = column.style();
  const Theme& colours = context.colours();
  bool& unfolded = column.context.memory.get<ScenarioMemory>().unfolded[static_cast<std::size_t>(id)];
  context.text.draw_in(*context.list, line.cut_left(style.px(32), style.px(2)), parameter_label(context, id));

  const WidgetId own = WidgetId{PanelId::scenario, "parameter"}.at(id);
  const Interaction mouse = interact(context, own, line);
  const Colour fill = unfolded ? colours.accent_soft : mouse.hovered ? colours.button_hover : colours.field;
  context.list->AddRectFilled(line.min, line.max, fill, style.small_rounding());
  context.list->AddRect(line.min, line.max, colours.field_border, style.small_rounding(), 0, style.line());
  focus_ring(context, own, line, style.small_rounding());
  if (mouse.clicked) unfolded = !unfolded;

  std::string summary(context.tr("identity"));
  if (const auto& given = column.input().parameters[id])
    summary = fmt::format("{} × {}", given->rows(), given->columns());
  context.text.draw_in(*context.list, line.inset(style.px(4), 0),
                       context.look(TextSize::body, unfolded ? colours.accent : colours.ink), summary,
                       Align::centre);
  if (mouse.hovered)
    tooltip(context, unfolded ? context.tr("Click to fold the numbers away")
                              : context.tr("Click to see and change the numbers"));
}

void draw_unfolded(ScenarioColumn& column, ParameterId id) {
  PanelContext& context = column.context;
  const Style& style = column.style();
  const auto i = static_cast<std::size_t>(id);
  const auto values = session::parameter_values(column.subject.document, id);
  if (!column.context.memory.get<ScenarioMemory>().unfolded[i] || !values) return;
  context.text.draw_in(*context.list, column.take(style.px(24), style.px(4)), parameter_label(context, id));
  const MatrixFields matrix{
      .id = WidgetId{PanelId::scenario, "parameter"}.at(id),
      .values = *values,
      .edit = [id](std::size_t row, std::size_t c, float value) -> Edit {
        return session::SetParameterCell{{id, row, c}, value};
      },
      .label = {},
      .hovered = {},
      .colour = colour_of(context.colours(), id),
  };
  column.y += draw_matrix_fields(context, {column.x, column.y}, column.width, matrix,
                                 column.context.memory.get<ScenarioMemory>().parameter_page[i]);
  const bool identity = !column.input().parameters[id].has_value();
  if (!identity && can_be_identity(id, *values)) {
    const Rect area = column.take(style.control_height(), style.px(6));
    if (button(context, WidgetId{PanelId::scenario, "identity"}.at(id), area,
               context.tr("make it the identity")))
      context.post(session::Apply{session::SetParameter{id, std::nullopt}});
  }
}

/// Two parameters a line; the numbers of those that are unfolded follow below their line.
void draw_parameters(ScenarioColumn& column) {
  std::vector<ParameterId> shown;
  for (const ParameterId id : kParameterIds)
    if (has_line(column.input(), id)) shown.push_back(id);
  const float gap = column.style().px(10);
  for (std::size_t i = 0; i < shown.size(); i += 2) {
    const Rect line = column.take(column.style().control_height(), column.style().px(6));
    const float half = std::round((line.width() - gap) * 0.5f);
    draw_parameter_head(column, shown[i], {line.min, {line.min.x + half, line.max.y}});
    if (i + 1 < shown.size())
      draw_parameter_head(column, shown[i + 1], {{line.max.x - half, line.min.y}, line.max});
    draw_unfolded(column, shown[i]);
    if (i + 1 < shown.size()) draw_unfolded(column, shown[i + 1]);
  }
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
      if (button(context, WidgetId{PanelId::scenario, "freedom"}.at(i), rect, labels[i],
                 {.chosen = i == chosen}))
        context.post(session::SetPullFreedom{kChoices[i]});
    }
  }
}

}  // namespace

void draw_words_tab(const session::Subject& subject, PanelContext& context, const Rect& content) {
  const Style& style = context.style;
  ScenarioMemory& memory = context.memory.get<ScenarioMemory>();
  float label_width = 0.0f;
  for (const std::string_view label :
       {context.tr("scale"), context.tr("mask"), context.tr("heads"), context.tr("temperature")})
    label_width = std::max(label_width, context.text.measure(context.look(TextSize::body), label).x);

  // Words take what the settings leave, and at least three rows and a half.
  const float gap = style.px(12);
  const float least = std::min(memory.words_height, 3.5f * (style.control_height() + style.px(6)));
  const float words_room =
      std::min(memory.words_height, std::max(content.height() - gap - memory.settings_height, least));
  const float before = memory.words_height + memory.settings_height;
  Rect lower = content;
  const Rect upper = lower.cut_top(words_room, gap);
  memory.words_height = draw_scenario_column(subject, context, "words", upper, draw_words);
  memory.settings_height =
      draw_scenario_column(subject, context, "settings", lower, [&](ScenarioColumn& column) {
        column.label_width = std::ceil(label_width);
        draw_scale(column);
        draw_mask(column);
        draw_numbers(column);
        draw_parameters(column);
        draw_freedom(column);
      });
  if (memory.words_height + memory.settings_height != before) context.animating = true;
}

}  // namespace attn::ui
