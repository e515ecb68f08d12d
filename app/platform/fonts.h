#pragma once
// The fonts that the program draws with: DejaVu Sans and Mono, STIX for formulas, WenQuanYi Micro Hei
// for Chinese inside each of them. One atlas holds every glyph that the texts of the moment need, at
// every size that was asked for.

#include <imgui.h>

#include <cstddef>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/widgets/text.h"

namespace attn::ui {

/// A font file is missing or broken. One line with the name of the file and of its package.
struct FontError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Fonts {
 public:
  /// Reads the font files. `pixels_per_unit` is how many pixels one display unit has (2 on displays whose
  /// framebuffer is twice as wide as the window). Throws FontError where DejaVu is missing; without STIX
  /// formulas use DejaVu, without WenQuanYi Chinese is shown as boxes, and `missing()` says so.
  explicit Fonts(float pixels_per_unit = 1.0f);

  /// Adds the characters of this text to what the atlas has to hold. Every character stays until reset.
  void need(std::string_view utf8);
  /// Bakes the atlas anew if a character or a size was asked for since the last time, or the display
  /// changed. Between frames only. Returns true when it did, and the texture has to be uploaded again.
  bool update(ImFontAtlas& atlas);
  void set_pixels_per_unit(float pixels);

  /// The font for this size; asks for the size where it is not baked yet and gives the nearest.
  ImFont* find(Face face, float px);
  /// Whether this face can show the character once the atlas is baked.
  bool shows(Face face, char32_t character);

  /// "WenQuanYi Micro Hei (fonts-wqy-microhei): Chinese text is shown as boxes": one line a missing file.
  const std::vector<std::string>& missing() const { return missing_; }
  std::size_t baked_sizes() const { return baked_.size(); }

 private:
  struct Baked {
    ImFont* font = nullptr;
    unsigned used = 0;  ///< the update in which it was last asked for
  };
  using Key = std::pair<Face, int>;  ///< face and size in whole pixels

  void bake(ImFontAtlas& atlas);
  void add_face(ImFontAtlas& atlas, Face face, int pixels);

  std::map<Key, Baked> baked_;
  std::set<Key> wanted_;
  std::set<ImWchar> characters_;
  ImVector<ImWchar> ranges_;
  std::vector<std::string> missing_;
  float pixels_per_unit_ = 1.0f;
  unsigned generation_ = 0;
  bool stale_ = true;
};

}  // namespace attn::ui
