#pragma once
// The font files of the system, opened with FreeType: which characters they have, how tall they are, and one
// letter drawn at one size.

#include <ft2build.h>
#include FT_FREETYPE_H

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace attn::ui {

/// A font file is searched for by name, in the folders where systems keep fonts.
struct FontName {
  std::string_view file;
  std::string_view package;  ///< Debian's
};
inline constexpr FontName kSans{"DejaVuSans.ttf", "fonts-dejavu-core"};
inline constexpr FontName kSansBold{"DejaVuSans-Bold.ttf", "fonts-dejavu-core"};
inline constexpr FontName kMono{"DejaVuSansMono.ttf", "fonts-dejavu-core"};
inline constexpr FontName kFormula{"STIXGeneral-Regular.otf", "fonts-stix"};
inline constexpr FontName kFormulaItalic{"STIXGeneral-Italic.otf", "fonts-stix"};
inline constexpr FontName kChinese{"wqy-microhei.ttc", "fonts-wqy-microhei"};

/// ATTENTIONSCOPE_FONTS names one more folder, looked at first.
std::optional<std::filesystem::path> find_font(std::string_view file);

class FreeType {
 public:
  /// Throws FontError.
  FreeType();
  ~FreeType();
  FreeType(const FreeType&) = delete;
  FreeType& operator=(const FreeType&) = delete;
  FT_Library get() const { return library_; }

 private:
  FT_Library library_ = nullptr;
};

/// A letter as it is drawn: grey values 0 to 255, row by row. Lengths are whole pixels.
struct DrawnLetter {
  int width = 0;
  int height = 0;
  int left = 0;  ///< of the bitmap, from where the letter begins
  int top = 0;   ///< of the bitmap, above the baseline
  float advance = 0.0f;
  const unsigned char* grey = nullptr;  ///< valid until the next letter of the same file is drawn
  int pitch = 0;                        ///< bytes from one row to the next
};

/// A font file in memory.
class FontFile {
 public:
  /// Throws FontError.
  FontFile(const FreeType& library, const std::filesystem::path& path);
  ~FontFile();
  FontFile(const FontFile&) = delete;
  FontFile& operator=(const FontFile&) = delete;

  float ascent() const { return ascent_; }  ///< for an em of 1
  float height() const { return height_; }  ///< for an em of 1
  bool has(char32_t character) const { return FT_Get_Char_Index(face_, character) != 0; }

  struct Metrics {
    float ascent = 0.0f;   ///< whole pixels above the baseline
    float descent = 0.0f;  ///< below it: negative
  };
  /// `pixels` counts from the top of the tallest letter to the bottom of the lowest.
  Metrics metrics(int pixels);
  /// Draws a letter with light hinting. Empty where the file does not have it.
  std::optional<DrawnLetter> draw(char32_t character, int pixels, bool emboldened);

 private:
  void choose_size(int pixels);

  std::vector<char> bytes_;
  FT_Face face_ = nullptr;
  std::map<int, FT_Size> sizes_;  ///< FreeType's, which belong to the face
  float ascent_ = 1.0f;
  float height_ = 1.0f;
};

}  // namespace attn::ui
