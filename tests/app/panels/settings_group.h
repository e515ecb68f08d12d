#pragma once
// The groups of the settings tab, as tests name them.

#include <cstddef>
#include <string>

namespace attn::ui::testing {

/// In the order of the tab.
enum class Group : std::size_t {
  score,
  scale,
  position,
  mask,
  softmax,
  dropout,
  heads,
  widths,
  sequences,
  texts
};

/// The heading that folds and unfolds a group.
inline std::string heading(Group group) {
  return "scenario.group[" + std::to_string(static_cast<std::size_t>(group)) + "]";
}

}  // namespace attn::ui::testing
