// The masks, each a layer of its own, and what a hidden score is replaced by.

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/settings_formulas.h"
#include "app/panels/settings_groups.h"
#include "app/panels/settings_parts.h"
#include "app/widgets/heatmap.h"
#include "app/widgets/lock.h"

namespace attn::ui {
namespace {

using session::Apply;
using session::Edit;

constexpr double kManyBelow = -1.0e9;

/// The keys as they stand in the sequence; those that padding hides are hatched.
void draw_padded_keys(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Style& style = column.style();
  const Theme& theme = context.colours();
  const Input& input = column.input();
  const std::vector<std::uint8_t>& hidden = *input.config.mask.padding;
  const float height = style.px(30);
  const float gap = style.px(5);
  float x = column.x;
  for (std::size_t j = 0; j < hidden.size(); ++j) {
    const std::string& word = (*input.key_tokens())[j];
    const Colour ink = hidden[j] != 0 ? theme.ink_muted : theme.k;
    const TextLook look = context.look(TextSize::body, context.locked ? ink_of_locked(context, ink) : ink);
    const float width =
        std::min(std::max(context.text.measure(look, word).x + style.px(16), style.px(34)), column.width);
    if (x > column.x && x + width > column.x + column.width) {
      x = column.x;
      column.y += height + gap;
    }
    const Rect rect{{x, column.y}, {x + width, column.y + height}};
    x += width + gap;
    const WidgetId id = WidgetId{PanelId::scenario, "padded_key"}.at(j);
    const Interaction mouse = interact(context, id, rect);
    context.list->AddRectFilled(rect.min, rect.max, mouse.hovered ? theme.button_hover : theme.button,
                                style.small_rounding());
    if (hidden[j] != 0) draw_hatching(*context.list, style, rect.inset(1));
    context.list->AddRect(rect.min, rect.max, theme.button_border, style.small_rounding(), 0, style.line());
    context.text.draw_in(*context.list, rect.inset(style.px(6), 0), look, word, Align::centre);
    focus_ring(context, id, rect, style.small_rounding());
    if (mouse.hovered) context.hover_next.key = j;
    if (mouse.clicked) context.post(Apply{session::SetPaddedKey{j, hidden[j] == 0}});
  }
  column.y += height + style.px(6);
}

void draw_window(ScenarioColumn& column, bool open) {
  PanelContext& context = column.context;
  const auto& window = column.input().config.mask.window;
  if (settings_switch(column, {PanelId::scenario, "window"}, context.tr("window"), window_formula(),
                      window.has_value(), open)) {
    context.post(Apply{session::SetWindow{window ? std::nullopt : std::optional<std::int64_t>(1)}});
  }
  if (window) {
    column.label_width = column.width * 0.5f;
    settings_number(column, {PanelId::scenario, "window_width"}, context.tr("reach w"),
                    static_cast<double>(*window), whole_number(0, 65536), [](double value) -> Edit {
                      return session::SetWindow{static_cast<std::int64_t>(value)};
                    });
  }
  explain_setting(column, context.tr("A word sees its neighbours up to this far."));
}

void draw_hidden_value(ScenarioColumn& column, bool open) {
  PanelContext& context = column.context;
  const std::optional<double>& value = column.input().config.mask.hidden_value;
  settings_heading(column, context.tr("a hidden score becomes"));
  const std::array items = {ChoiceItem{"−∞", {}}, ChoiceItem{"0", {}, true}, ChoiceItem{"−10⁹", {}, true},
                            ChoiceItem{context.tr("a number"), {}}};
  const std::size_t chosen = !value ? 0 : *value == 0.0 ? 1 : *value == kManyBelow ? 2 : 3;
  const auto picked =
      settings_choice(column, {PanelId::scenario, "hidden_value"}, "mask", items, chosen, open);
  if (picked) {
    constexpr std::array<double, 4> kValues = {0.0, 0.0, kManyBelow, -10.0};
    context.post(
        Apply{session::SetHiddenValue{*picked == 0 ? std::nullopt : std::optional(kValues[*picked])}});
  }
  switch (chosen) {
    case 0:
      explain_setting(column, context.tr("Its share is exactly 0. A query that sees nothing gets zeros."));
      return;
    case 1:
      explain_setting(column, context.tr("exp(0) is 1: what should be hidden still gets a share."), true);
      return;
    case 2:
      explain_setting(
          column,
          context.tr("Looks like −∞ until a query sees nothing: then all hidden words share equally."), true);
      return;
    default:
      break;
  }
  column.label_width = column.width * 0.5f;
  NumberFieldOptions options;
  options.step = 1.0;
  settings_number(column, {PanelId::scenario, "hidden_number"}, context.tr("its value"), *value, options,
                  [](double number) -> Edit { return session::SetHiddenValue{number}; });
  explain_setting(column, context.tr("A hidden score is this number and takes part in softmax."));
}

}  // namespace

void draw_mask_settings(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const LockedPart lock(context, "mask");
  const MaskConfig& mask = column.input().config.mask;
  const bool open = settings_open(column);
  if (settings_switch(column, {PanelId::scenario, "causal"}, context.tr("causal"), causal_formula(),
                      mask.causal, open))
    context.post(Apply{session::SetCausal{!mask.causal}});
  explain_setting(column, context.tr("A word sees itself and what came before."));
  draw_window(column, open);
  if (settings_switch(column, {PanelId::scenario, "padding"}, context.tr("padding"), {},
                      mask.padding != nullptr, open)) {
    context.post(Apply{session::SetPadding{mask.padding == nullptr}});
  }
  if (mask.padding) draw_padded_keys(column);
  explain_setting(column, mask.padding
                              ? context.tr("No query sees a hatched word. Click to hide or show one.")
                              : context.tr("Words that only fill a place: no query sees them."));
  if (settings_switch(column, {PanelId::scenario, "own_mask"}, context.tr("own mask"), {},
                      mask.allow != nullptr, open)) {
    context.post(Apply{session::SetOwnMask{mask.allow == nullptr}});
  }
  explain_setting(column, context.tr("Visible or hidden, cell by cell, as you like."));
  draw_hidden_value(column, open);
}

}  // namespace attn::ui
