#pragma once
// What panels and controls are given to draw with: the session as const, a way to post actions, the look,
// the texts and the registry of widgets. There are no globals beside ImGui's own.

#include "app/session/session.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {}  // namespace attn::ui
