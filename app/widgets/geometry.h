#pragma once
// Rectangles and colours as every widget uses them. Lengths are ImGui's display units, y down.

#include <imgui.h>

#include <algorithm>

namespace attn::ui {

/// Packed as ImGui packs it.
using Colour = ImU32;

struct Rect {
  ImVec2 min{0, 0};
  ImVec2 max{0, 0};

  float width() const { return max.x - min.x; }
  float height() const { return max.y - min.y; }
  ImVec2 size() const { return {width(), height()}; }
  ImVec2 centre() const { return {(min.x + max.x) * 0.5f, (min.y + max.y) * 0.5f}; }
  bool empty() const { return !(max.x > min.x && max.y > min.y); }
  bool contains(ImVec2 p) const { return p.x >= min.x && p.x < max.x && p.y >= min.y && p.y < max.y; }
  /// Smaller by this much on every side (larger where negative).
  Rect inset(float by) const { return inset(by, by); }
  Rect inset(float x, float y) const { return {{min.x + x, min.y + y}, {max.x - x, max.y - y}}; }
  Rect intersection(const Rect& other) const {
    return {{std::max(min.x, other.min.x), std::max(min.y, other.min.y)},
            {std::min(max.x, other.max.x), std::min(max.y, other.max.y)}};
  }

  /// Takes a strip off one side: returns it, and this rectangle keeps the rest, `gap` further in.
  Rect cut_top(float height, float gap = 0) {
    const Rect strip{min, {max.x, min.y + height}};
    min.y += height + gap;
    return strip;
  }
  Rect cut_bottom(float height, float gap = 0) {
    const Rect strip{{min.x, max.y - height}, max};
    max.y -= height + gap;
    return strip;
  }
  Rect cut_left(float width, float gap = 0) {
    const Rect strip{min, {min.x + width, max.y}};
    min.x += width + gap;
    return strip;
  }
  Rect cut_right(float width, float gap = 0) {
    const Rect strip{{max.x - width, min.y}, max};
    max.x -= width + gap;
    return strip;
  }
};

inline ImVec2 add(ImVec2 a, ImVec2 b) { return {a.x + b.x, a.y + b.y}; }
inline ImVec2 subtract(ImVec2 a, ImVec2 b) { return {a.x - b.x, a.y - b.y}; }
inline ImVec2 scale(ImVec2 a, float by) { return {a.x * by, a.y * by}; }

}  // namespace attn::ui
