#pragma once
// What is being typed or dragged in a field, of which there is one at a time.

#include <array>
#include <optional>
#include <string>

#include "app/widgets/widget_id.h"

namespace attn::ui {

struct FieldMemory {
  static constexpr std::size_t kLongestText = 65536;  ///< a sentence of some thousand words

  std::optional<WidgetId> editing;
  std::array<char, kLongestText> text{};
  bool caret_to_end = false;
  int claim_keyboard = 0;  ///< frames in which the field still asks ImGui for the keyboard

  std::optional<WidgetId> refused;  ///< the field whose last entry was wrong
  std::string error;                ///< and why

  std::optional<WidgetId> dragging;
  double pressed_value = 0.0;
};

}  // namespace attn::ui
