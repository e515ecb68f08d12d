#pragma once
// Texts of lessons as coloured runs: live values, formulas, quotations, words in the colours of Q, K and V.

#include <string_view>

#include "app/lessons/classroom.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {

/// The text at this moment. A value that there is not yet (or not any more) is "?".
Runs lesson_runs(const PanelContext& context, const lessons::RichText& text, const lessons::Moment& now,
                 lessons::Scenes& scenes, const TextLook& base);

/// A formula in the notation of lessons, laid out on one line: indices below, exponents above, Q, K and V in
/// their colours.
Runs formula_runs(const PanelContext& context, std::string_view notation, const TextLook& base);

}  // namespace attn::ui
