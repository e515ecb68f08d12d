#pragma once
// What the groups of the settings are made of: answers with their formulas, numbers, switches, and below each
// the sentence that explains it.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "app/panels/scenario_column.h"
#include "app/widgets/choice_list.h"
#include "app/widgets/controls.h"

namespace attn::ui {

/// Whether settings can be chosen at all: features attend without any.
bool settings_open(const ScenarioColumn& column);

/// A small heading inside a group, in muted ink.
void settings_heading(ScenarioColumn& column, std::string_view text);

/// The sentence below a setting; a common mistake is called that, calmly.
void explain_setting(ScenarioColumn& column, std::string_view text, bool mistake = false);

/// A formula in the middle of a line of its own, broken where it is too wide.
void show_formula(ScenarioColumn& column, const Formula& formula);

/// Answers below one another; returns the one that was picked in this frame. `locked_as` is what a lesson
/// calls it.
std::optional<std::size_t> settings_choice(ScenarioColumn& column, const WidgetId& id,
                                           std::string_view locked_as, std::span<const ChoiceItem> items,
                                           std::size_t chosen, bool enabled);

/// A switch, with its formula at the right; true when it was turned.
bool settings_switch(ScenarioColumn& column, const WidgetId& id, std::string_view label,
                     const Formula& formula, bool on, bool enabled);

/// A number beside its label, with the line that says why an entry is refused.
void settings_number(ScenarioColumn& column, const WidgetId& id, std::string_view label, double value,
                     const NumberFieldOptions& options, const std::function<session::Edit(double)>& edit);
/// Options of a whole number from `low` to `high`.
NumberFieldOptions whole_number(double low, double high);

/// Says below a control why the last edit of one of these kinds was refused.
template <class... Edits>
void settings_refusal(ScenarioColumn& column) {
  const auto& refusal = column.context.session.refusal();
  if (refusal && (std::holds_alternative<Edits>(refusal->edit) || ...))
    column.error(column.context.tr(refusal->reason));
}

}  // namespace attn::ui
