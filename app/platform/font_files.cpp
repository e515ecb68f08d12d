#include "app/platform/font_files.h"

#include <fmt/format.h>

#include FT_SIZES_H
#include FT_SYNTHESIS_H

#include <cstdlib>
#include <fstream>

#include "app/platform/fonts.h"

namespace attn::ui {
namespace {

constexpr std::string_view kFolders[] = {
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/opentype/stix",
    "/usr/share/fonts/truetype/wqy",
    "/usr/share/fonts/TTF",
    "/usr/share/fonts/OTF",
    "/usr/share/fonts/wenquanyi/wqy-microhei",
    "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/dejavu-sans-mono-fonts",
    "/usr/share/fonts/stix",
    "/usr/share/fonts/wqy-microhei-fonts",
    "/opt/homebrew/share/fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
};

/// FreeType counts in 64ths of a pixel.
constexpr FT_Pos kPixel = 64;
/// The next whole number of pixels, also of a negative length.
float whole_pixels(FT_Pos length) {
  return static_cast<float>((length + kPixel - 1) & -kPixel) / static_cast<float>(kPixel);
}

}  // namespace

std::optional<std::filesystem::path> find_font(std::string_view file) {
  std::error_code ignored;  // a folder that cannot be read is one that has no fonts
  if (const char* folder = std::getenv("ATTENTIONSCOPE_FONTS")) {
    const std::filesystem::path path = std::filesystem::path(folder) / file;
    if (std::filesystem::is_regular_file(path, ignored)) return path;
  }
  for (const std::string_view folder : kFolders) {
    const std::filesystem::path path = std::filesystem::path(folder) / file;
    if (std::filesystem::is_regular_file(path, ignored)) return path;
  }
  return std::nullopt;
}

FreeType::FreeType() {
  if (FT_Init_FreeType(&library_) != 0) throw FontError("fonts: FreeType does not start");
}
FreeType::~FreeType() { FT_Done_FreeType(library_); }

FontFile::FontFile(const FreeType& library, const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary | std::ios::ate);
  if (const std::streamoff size = stream.tellg(); size > 0) {
    bytes_.resize(static_cast<std::size_t>(size));
    stream.seekg(0).read(bytes_.data(), size);
  }
  if (!stream || bytes_.empty() ||
      FT_New_Memory_Face(library.get(), reinterpret_cast<const FT_Byte*>(bytes_.data()),
                         static_cast<FT_Long>(bytes_.size()), 0, &face_) != 0)
    throw FontError(fmt::format("{}: is no font", path.string()));
  const auto em = static_cast<float>(face_->units_per_EM);
  ascent_ = static_cast<float>(face_->ascender) / em;
  height_ = static_cast<float>(face_->ascender - face_->descender) / em;
}

FontFile::~FontFile() { FT_Done_Face(face_); }

void FontFile::choose_size(int pixels) {
  const auto [entry, is_new] = sizes_.try_emplace(pixels, nullptr);
  if (is_new && FT_New_Size(face_, &entry->second) != 0) throw FontError("fonts: no memory for letters");
  if (face_->size != entry->second) FT_Activate_Size(entry->second);
  if (!is_new) return;
  FT_Size_RequestRec request{FT_SIZE_REQUEST_TYPE_REAL_DIM, 0, pixels * kPixel, 0, 0};
  FT_Request_Size(face_, &request);
}

FontFile::Metrics FontFile::metrics(int pixels) {
  choose_size(pixels);
  return {whole_pixels(face_->size->metrics.ascender), whole_pixels(face_->size->metrics.descender)};
}

std::optional<DrawnLetter> FontFile::draw(char32_t character, int pixels, bool emboldened) {
  const FT_UInt index = FT_Get_Char_Index(face_, character);
  if (index == 0) return std::nullopt;
  choose_size(pixels);
  // Light hinting fits letters to whole pixels in height only, and keeps their distances.
  if (FT_Load_Glyph(face_, index, FT_LOAD_NO_BITMAP | FT_LOAD_TARGET_LIGHT) != 0) return std::nullopt;
  FT_GlyphSlotRec* const slot = face_->glyph;
  if (emboldened) FT_GlyphSlot_Embolden(slot);
  if (FT_Render_Glyph(slot, FT_RENDER_MODE_NORMAL) != 0) return std::nullopt;
  return DrawnLetter{static_cast<int>(slot->bitmap.width),
                     static_cast<int>(slot->bitmap.rows),
                     slot->bitmap_left,
                     slot->bitmap_top,
                     whole_pixels(slot->advance.x),
                     slot->bitmap.buffer,
                     slot->bitmap.pitch};
}

}  // namespace attn::ui
