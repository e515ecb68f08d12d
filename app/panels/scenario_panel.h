#pragma once
// The scenario as it can be edited: words with their vectors, settings, parameters, and what a pull on the
// answer may move. Scrolls where there is more than fits. Wide matrices are shown in pages of columns, long
// ones draw only the rows in sight.

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

}  // namespace attn::ui
