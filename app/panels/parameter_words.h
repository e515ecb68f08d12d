#pragma once
// How parameters are written and what they are, for every panel that names one.

#include "app/widgets/panel_context.h"

namespace attn::ui {

/// Q orange, K blue, V green; ink for the others.
Colour colour_of(const Theme& theme, ParameterId id);
/// "W" with its index below, as formulas write it.
Runs parameter_label(const PanelContext& context, ParameterId id);
/// What it does, in one line: "makes a query of every word".
std::string_view parameter_role(const PanelContext& context, ParameterId id);

}  // namespace attn::ui
