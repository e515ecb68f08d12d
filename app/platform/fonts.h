#pragma once
// The fonts that the program draws with: DejaVu Sans and Mono, STIX for formulas, WenQuanYi Micro Hei
// for Chinese inside each of them. A letter is drawn into the atlas when it is first asked for at a size, in
// the middle of a frame: nothing is prepared that is not shown.

#include <imgui.h>

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/platform/letter_texture.h"

namespace attn::ui {

class FontFile;
class FreeType;

enum class Face {
  sans,
  sans_bold,
  mono,
  formula,         ///< STIX upright, for operators and functions
  formula_italic,  ///< STIX italic, for variables
};
inline constexpr int kFaceCount = 5;

/// A letter as an index, smaller and below the line, where text has no runs of its own for it: ASCII moved
/// into the area that Unicode leaves to programs. Never written to a file or the clipboard.
constexpr char32_t index_letter(char ascii) { return 0xE000 + static_cast<unsigned char>(ascii); }
constexpr bool is_index_letter(char32_t c) { return c > 0xE020 && c < 0xE07F; }
inline constexpr float kIndexSize = 0.7f;    ///< of the text around it
inline constexpr float kIndexBelow = 0.16f;  ///< its baseline, of the em

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
  ~Fonts();
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;

  /// Between frames, and before the first one: empties the atlas if the display has changed or there was no
  /// room left, and the letters of the next frame are drawn anew. Returns true when it did: the texture
  /// has to be made anew as well. The atlas has to outlive every frame drawn with it.
  bool update(ImFontAtlas& atlas);
  /// After a frame was built and before it is shown: the rows of the texture that it added letters to.
  std::optional<TextureRows> take_changed() { return texture_.take_changed(); }
  void set_pixels_per_unit(float pixels);

  /// A face at one size. Valid until update() returns true.
  struct Sized {
    ImFont* font = nullptr;
    Face face = Face::sans;
    int pixels = 0;               ///< of the em
    std::set<ImWchar> unknown{};  ///< what no file has
  };
  /// The face at this size (of the em). Only after update().
  Sized& find(Face face, float px);
  /// The letter, drawn into the atlas if it is not there yet; null where no file has it.
  const ImFontGlyph* glyph(Sized& sized, char32_t character);
  /// Draws all letters of a text into the atlas, for what draws with the ImFont itself.
  void load(Sized& sized, std::string_view utf8);

  /// What ImGui calls this size: from the top of the tallest letter to the bottom of the lowest.
  float size_of(Face face, float px) const;
  /// The same for an em of 1.
  float height_of_em(Face face) const;
  /// Where the baseline is below the top of the line, for an em of 1.
  float ascent_of_em(Face face) const;
  /// Whether the files of this face have the character.
  bool shows(Face face, char32_t character) const;
  /// Whether letters are left out for lack of room: the next update() makes more.
  bool stale() const { return stale_; }

  /// "fonts-wqy-microhei is missing: Chinese text is shown as boxes": one line a missing file.
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  using Key = std::pair<Face, int>;  ///< face and em in whole pixels

  Key key(Face face, float px) const;
  const ImFontGlyph* draw(Sized& sized, ImWchar character);

  std::unique_ptr<FreeType> library_;
  std::vector<std::unique_ptr<FontFile>> files_;
  std::array<std::vector<FontFile*>, kFaceCount> stacks_;  ///< the face's own file first, then its stand-ins
  const FontFile* chinese_ = nullptr;
  ImFontAtlas* atlas_ = nullptr;
  LetterTexture texture_;
  std::map<Key, Sized> sized_;
  std::vector<std::string> missing_;
  float pixels_per_unit_ = 1.0f;
  int height_ = LetterTexture::kLeastHeight;  ///< of the texture
  bool stale_ = true;
  bool full_ = false;
};

}  // namespace attn::ui
