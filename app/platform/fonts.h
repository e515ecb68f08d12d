#pragma once
// The fonts that the program draws with: DejaVu Sans and Mono, STIX for formulas, WenQuanYi Micro Hei
// for Chinese inside each of them. One atlas holds every glyph that the texts of the moment need, at
// every size that was asked for.

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

namespace attn::ui {

enum class Face {
  sans,
  sans_bold,
  mono,
  formula,         ///< STIX upright, for operators and functions
  formula_italic,  ///< STIX italic, for variables
};
inline constexpr int kFaceCount = 5;

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

  /// Adds the characters of this text to what the atlas has to hold. Every character stays until reset.
  void need(std::string_view utf8);
  /// Whether a character will be baked: it was needed, or always is.
  bool is_needed(char32_t character) const;
  /// Bakes the atlas anew if a character or a size was asked for since the last time, or the display
  /// changed. Between frames only. Returns true when it did, and the texture has to be uploaded again.
  bool update(ImFontAtlas& atlas);
  void set_pixels_per_unit(float pixels);

  /// The font for this size (of the em); asks for the size where it is not baked yet and gives the
  /// nearest one meanwhile.
  ImFont* find(Face face, float px);
  /// The nearest baked font, without asking for more.
  ImFont* nearest(Face face, float px) const;
  /// What ImGui calls this size: from the top of the tallest letter to the bottom of the lowest.
  float size_of(Face face, float px) const;
  /// The same for an em of 1.
  float height_of_em(Face face) const;
  /// Where the baseline is below the top of the line, for an em of 1.
  float ascent_of_em(Face face) const;
  /// Whether the files of this face have the character, baked or not.
  bool shows(Face face, char32_t character) const;
  /// Whether a size or a character was asked for that the atlas does not have yet.
  bool stale() const { return stale_; }

  /// "fonts-wqy-microhei is missing: Chinese text is shown as boxes": one line a missing file.
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  struct File;
  struct Library;
  struct Baked {
    ImFont* font = nullptr;
    unsigned used = 0;  ///< the update before which it was last asked for
  };
  using Key = std::pair<Face, int>;  ///< face and em in whole pixels

  void bake(ImFontAtlas& atlas);
  Key key(Face face, float px) const;

  std::unique_ptr<Library> library_;
  std::vector<std::unique_ptr<File>> files_;
  std::array<std::vector<const File*>, kFaceCount>
      stacks_;  ///< the face's own file first, then its stand-ins
  const File* chinese_ = nullptr;
  std::map<Key, Baked> baked_;
  std::set<Key> wanted_;
  std::set<ImWchar> characters_;
  ImVector<ImWchar> ranges_;
  std::vector<std::string> missing_;
  float pixels_per_unit_ = 1.0f;
  unsigned updates_ = 0;
  bool stale_ = true;
};

}  // namespace attn::ui
