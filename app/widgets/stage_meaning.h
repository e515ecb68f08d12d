#pragma once
// What each stage is for, in one sentence: where its title is pointed at, and above its large map.

#include <string_view>

#include "app/widgets/panel_context.h"

namespace attn::ui {

/// "what each word looks for: x times W_Q". Follows the settings: without a mask, that nothing is hidden.
std::string_view stage_meaning(const PanelContext& context, const Input& input, Stage stage);

}  // namespace attn::ui
