#include "tests/app/panels/screen_text.h"

#include <imgui.h>

#include <map>
#include <utility>

namespace attn::ui::testing {
namespace {

/// A letter by the corner of the atlas where it lies.
std::map<std::pair<float, float>, ImWchar> letters() {
  std::map<std::pair<float, float>, ImWchar> found;
  for (const ImFont* font : ImGui::GetIO().Fonts->Fonts)
    for (const ImFontGlyph& glyph : font->Glyphs)
      if (glyph.Visible) found[{glyph.U0, glyph.V0}] = static_cast<ImWchar>(glyph.Codepoint);
  return found;
}

void append_utf8(std::string& text, ImWchar letter) {
  const auto c = static_cast<unsigned>(letter);
  const auto byte = [&](unsigned value) { text += static_cast<char>(value); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

}  // namespace

std::string screen_text(const Rect& rect) {
  const auto known = letters();
  std::string text;
  const ImDrawData* data = ImGui::GetDrawData();
  for (int l = 0; l < data->CmdListsCount; ++l) {
    const auto& corners = data->CmdLists[l]->VtxBuffer;
    for (int i = 0; i + 2 < corners.Size; ++i) {
      const ImDrawVert& a = corners[i];
      const ImDrawVert& b = corners[i + 2];
      if (b.uv.x <= a.uv.x || b.uv.y <= a.uv.y) continue;
      const auto letter = known.find({a.uv.x, a.uv.y});
      if (letter == known.end()) continue;
      if (rect.contains({(a.pos.x + b.pos.x) / 2, (a.pos.y + b.pos.y) / 2}))
        append_utf8(text, letter->second);
      i += 3;
    }
  }
  return text;
}

}  // namespace attn::ui::testing
