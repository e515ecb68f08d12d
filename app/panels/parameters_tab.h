#pragma once
// Every parameter and bias of the scenario: what it is, its numbers, and ways to fill it.

#include <array>
#include <cstddef>
#include <cstdint>

#include "app/panels/panel.h"

namespace attn::ui {

/// What the tab keeps from frame to frame; nothing of it is saved.
struct ParametersMemory {
  std::array<bool, kParameterCount> unfolded{};
  std::array<std::size_t, kParameterCount> page{};  ///< of columns
  std::uint64_t seed = 1;
};

/// One line a parameter; unfolded, its buttons and its numbers. Wide matrices are shown in pages of columns,
/// long ones draw only the rows in sight.
void draw_parameters_tab(const session::Subject& subject, PanelContext& context, const Rect& content);

}  // namespace attn::ui
