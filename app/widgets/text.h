#pragma once
// Text on screen: one line, a line of coloured runs, or a paragraph. Sizes are in display units, and letters
// are drawn for each, so that nothing is stretched. What the fonts cannot show is a box with its code
// (U+1F642), and the rest of the line stays where it should be.

#include <imgui.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/platform/fonts.h"
#include "app/platform/utf8.h"
#include "app/widgets/geometry.h"

namespace attn::ui {

struct TextLook {
  Face face = Face::sans;
  float px = 18.0f;
  Colour colour = IM_COL32_BLACK;
};

/// A stretch of text with its own look. `raise` moves it up by that many display units (indices are
/// negative), without changing the line it stands in.
struct Run {
  std::string text;
  TextLook look;
  float raise = 0.0f;
  std::string_view link = {};  ///< where a click on it leads; must outlive the run
};
using Runs = std::vector<Run>;

enum class Align { left, centre, right };

/// How far apart baselines are, for a letter size of 1.
inline constexpr float kLineHeight = 1.6f;

/// One line of a paragraph that was broken.
struct Line {
  Runs runs;
  float width = 0.0f;
  float height = 0.0f;  ///< kLineHeight of its tallest run
};

class Text {
 public:
  explicit Text(Fonts& fonts) : fonts_(&fonts) {}

  /// The font itself, with the letters of `loaded`: for its metrics, and for ImGui calls that want one. Valid
  /// for this frame.
  ImFont* font(Face face, float px, std::string_view loaded = {}) const;

  /// From the top of the font's box to the line that letters stand on.
  float baseline(const TextLook& look) const;

  /// Width of the line and height of its letters (px). A line break counts as a space.
  ImVec2 measure(const TextLook& look, std::string_view text) const;
  ImVec2 measure(const Runs& runs) const;

  /// Draws with the top left corner at `position` and returns the width.
  float draw(ImDrawList& list, ImVec2 position, const TextLook& look, std::string_view text) const;
  float draw(ImDrawList& list, ImVec2 position, const Runs& runs) const;
  /// Inside a rectangle, centred from top to bottom; what does not fit in its width ends in an ellipsis.
  void draw_in(ImDrawList& list, const Rect& rect, const TextLook& look, std::string_view text,
               Align align = Align::left) const;
  void draw_in(ImDrawList& list, const Rect& rect, const Runs& runs, Align align = Align::left) const;

  /// The longest beginning that fits, with "…" where something was left out; never cuts a character.
  std::string ellipsis(const TextLook& look, std::string_view text, float width) const;
  Runs ellipsis(const Runs& runs, float width) const;
  /// The same with what was left out in the middle: names of files differ at their ends.
  std::string ellipsis_inside(const TextLook& look, std::string_view text, float width) const;

  /// Breaks at spaces and between Chinese characters, never before 。，、；：？！）】 or after an opening
  /// bracket; a word wider than the line is broken inside. "\n" always breaks.
  std::vector<Line> wrap(const Runs& runs, float width) const;
  std::vector<Line> wrap(const TextLook& look, std::string_view text, float width) const;
  /// Draws wrapped lines from `position` down and returns their height.
  float draw(ImDrawList& list, ImVec2 position, const std::vector<Line>& lines) const;
  float draw_paragraph(ImDrawList& list, ImVec2 position, const Runs& runs, float width) const;
  float draw_paragraph(ImDrawList& list, ImVec2 position, const TextLook& look, std::string_view text,
                       float width) const;

 private:
  Fonts* fonts_;
};

/// "row {query} asks → columns {keys} answer" with each name replaced by runs of their own look; the
/// rest has the look of `base`. A name that is not given stays as it is written.
Runs format_runs(std::string_view message, const TextLook& base,
                 std::initializer_list<std::pair<std::string_view, Runs>> arguments);

/// Whether a line may break between these two characters.
bool may_break_between(char32_t before, char32_t after);

}  // namespace attn::ui
