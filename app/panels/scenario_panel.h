#pragma once
// The scenario as it can be edited, one tab after the other. A tab draws into the content of the card; its
// entry stands in scenario_panel.cpp.

#include <array>
#include <cstddef>

#include "app/panels/panel.h"

namespace attn::ui {

/// Which parts are unfolded and paged; nothing here is saved.
struct ScenarioMemory {
  std::array<bool, kParameterCount> unfolded{};
  std::array<std::size_t, kParameterCount> parameter_page{};
  std::size_t x_page = 0;
  std::size_t source_page = 0;
  float words_height = 0.0f;     ///< of all words, as measured in the last frame
  float settings_height = 0.0f;  ///< of everything below them
};

/// Words with their vectors, the basic settings, parameters, and what a pull on the answer may move. Wide
/// matrices are shown in pages of columns, long ones draw only the rows in sight.
void draw_words_tab(const session::Subject& subject, PanelContext& context, const Rect& content);

}  // namespace attn::ui
