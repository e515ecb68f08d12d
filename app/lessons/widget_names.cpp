#include "app/lessons/widget_names.h"

#include <algorithm>
#include <array>

namespace attn::lessons {

bool is_widget_name(std::string_view name) {
  constexpr std::array<std::string_view, 8> kPanels = {"topbar",   "menu",    "pipeline", "playhead",
                                                       "scenario", "heatmap", "vectors",  "explain"};
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || std::ranges::find(kPanels, name.substr(0, dot)) == kPanels.end())
    return false;
  const std::string_view rest = name.substr(dot + 1);
  const std::size_t bracket = std::min(rest.find('['), rest.size());
  const std::string_view kind = rest.substr(0, bracket);
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (kind.empty() || !std::ranges::all_of(kind, plain)) return false;
  bool open = false;
  for (const char c : rest.substr(bracket)) {
    if (c == '[' || c == ']') {
      if (open == (c == '[')) return false;
      open = !open;
    } else if (!open || (!plain(c) && c != ',')) {
      return false;
    }
  }
  return !open;
}

}  // namespace attn::lessons
