#include "app/platform/fonts.h"

#include <fmt/format.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>

#include "app/platform/imgui_shims.h"
#include "app/platform/utf8.h"

namespace attn::ui {
namespace {

/// Frames after which a size that nobody draws with is dropped at the next bake.
constexpr unsigned kKeptFrames = 600;
constexpr int kLeastPixels = 7;
constexpr int kMostPixels = 160;
/// Above this only every fourth size is baked: large letters bear a little stretching.
constexpr int kEverySizeUpTo = 48;

struct FontFile {
  std::string_view name;
  std::string_view package;  ///< Debian's
};
constexpr FontFile kSans{"DejaVuSans.ttf", "fonts-dejavu-core"};
constexpr FontFile kSansBold{"DejaVuSans-Bold.ttf", "fonts-dejavu-core"};
constexpr FontFile kMono{"DejaVuSansMono.ttf", "fonts-dejavu-core"};
constexpr FontFile kFormula{"STIXGeneral-Regular.otf", "fonts-stix"};
constexpr FontFile kFormulaItalic{"STIXGeneral-Italic.otf", "fonts-stix"};
constexpr FontFile kChinese{"wqy-microhei.ttc", "fonts-wqy-microhei"};

/// Where systems keep fonts; ATTENTIONSCOPE_FONTS names one more folder, looked at first.
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

std::optional<std::filesystem::path> find_file(std::string_view name) {
  std::error_code ignored;  // a folder that cannot be read is one that has no fonts
  if (const char* folder = std::getenv("ATTENTIONSCOPE_FONTS")) {
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    if (std::filesystem::is_regular_file(path, ignored)) return path;
  }
  for (const std::string_view folder : kFolders) {
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    if (std::filesystem::is_regular_file(path, ignored)) return path;
  }
  return std::nullopt;
}

/// Characters that panels write themselves, whatever the catalogues say: numbers, indices, operators.
constexpr std::string_view kAlways =
    "…·×÷−±∞≈≠≤≥→←↑↓⇒√∑Σ∏∂∘⊙αβγδελμσφτ₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀ′‖⟨⟩“”‘’–—«»‹›•中文\uFFFD";

class FreeType {
 public:
  FreeType() {
    if (FT_Init_FreeType(&library_) != 0) throw FontError("fonts: FreeType does not start");
  }
  ~FreeType() { FT_Done_FreeType(library_); }
  FreeType(const FreeType&) = delete;
  FreeType& operator=(const FreeType&) = delete;
  FT_Library get() const { return library_; }

 private:
  FT_Library library_ = nullptr;
};

}  // namespace

/// A font file in memory, opened for its metrics and for what characters it has.
struct Fonts::File {
  File(const FreeType& library, const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary | std::ios::ate);
    if (const std::streamoff size = stream.tellg(); size > 0) {
      bytes.resize(static_cast<std::size_t>(size));
      stream.seekg(0).read(bytes.data(), size);
    }
    if (!stream || bytes.empty() ||
        FT_New_Memory_Face(library.get(), reinterpret_cast<const FT_Byte*>(bytes.data()),
                           static_cast<FT_Long>(bytes.size()), 0, &face) != 0)
      throw FontError(fmt::format("{}: is no font", path.string()));
    ascent = static_cast<float>(face->ascender) / static_cast<float>(face->units_per_EM);
    height = static_cast<float>(face->ascender - face->descender) / static_cast<float>(face->units_per_EM);
  }
  ~File() { FT_Done_Face(face); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::vector<char> bytes;
  FT_Face face = nullptr;
  float ascent = 1.0f;  ///< for an em of 1
  float height = 1.0f;
};

struct Fonts::Library {
  FreeType freetype;
};

Fonts::Fonts(float pixels_per_unit)
    : library_(std::make_unique<Library>()), pixels_per_unit_(pixels_per_unit) {
  const auto open = [&](const FontFile& file) -> const File* {
    const auto path = find_file(file.name);
    if (!path) return nullptr;
    files_.push_back(std::make_unique<File>(library_->freetype, *path));
    return files_.back().get();
  };
  const auto required = [&](const FontFile& file) {
    const File* opened = open(file);
    if (!opened) throw FontError(fmt::format("{}: not found (Debian package {})", file.name, file.package));
    return opened;
  };
  const File* sans = required(kSans);
  const File* bold = required(kSansBold);
  const File* mono = required(kMono);
  const File* formula = open(kFormula);
  const File* italic = open(kFormulaItalic);
  const File* chinese = open(kChinese);
  if (!formula || !italic)
    missing_.push_back(fmt::format("{} is missing: formulas are set in DejaVu Sans", kFormula.package));
  if (!chinese)
    missing_.push_back(fmt::format("{} is missing: Chinese text is shown as boxes", kChinese.package));

  const auto stack = [&](Face face, std::initializer_list<const File*> files) {
    for (const File* file : files)
      if (file) stacks_[static_cast<std::size_t>(face)].push_back(file);
  };
  stack(Face::sans, {sans, chinese});
  stack(Face::sans_bold, {bold, sans, chinese});
  stack(Face::mono, {mono, sans, chinese});
  stack(Face::formula, {formula, sans, chinese});
  stack(Face::formula_italic, {italic, sans, chinese});
  chinese_ = chinese;

  for (ImWchar c = 0x20; c < 0x7F; ++c) characters_.insert(c);
  for (ImWchar c = 0xA0; c < 0x100; ++c) characters_.insert(c);
  need(kAlways);
  for (int i = 0; i < kFaceCount; ++i) wanted_.insert({static_cast<Face>(i), 18});
}

Fonts::~Fonts() = default;

void Fonts::need(std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = next_code_point(utf8, at);
    if (c < 0x20 || c > 0xFFFF) continue;
    if (characters_.insert(static_cast<ImWchar>(c)).second) stale_ = true;
  }
}

void Fonts::set_pixels_per_unit(float pixels) {
  if (pixels == pixels_per_unit_) return;
  pixels_per_unit_ = pixels;
  stale_ = true;
}

Fonts::Key Fonts::key(Face face, float px) const {
  int pixels = static_cast<int>(std::lround(px * pixels_per_unit_));
  if (pixels > kEverySizeUpTo) pixels = (pixels + 2) / 4 * 4;
  return {face, std::clamp(pixels, kLeastPixels, kMostPixels)};
}

ImFont* Fonts::find(Face face, float px) {
  const Key wanted = key(face, px);
  if (const auto found = baked_.find(wanted); found != baked_.end()) {
    found->second.used = updates_;
    return found->second.font;
  }
  if (wanted_.insert(wanted).second) stale_ = true;
  return nearest(face, px);
}

ImFont* Fonts::nearest(Face face, float px) const {
  const int pixels = key(face, px).second;
  const auto distance = [&](const Key& k) {
    return std::abs(k.second - pixels) + (k.first == face ? 0 : 10 * kMostPixels);
  };
  const auto best = std::min_element(baked_.begin(), baked_.end(), [&](const auto& a, const auto& b) {
    return distance(a.first) < distance(b.first);
  });
  return best == baked_.end() ? nullptr : best->second.font;
}

float Fonts::size_of(Face face, float px) const {
  // ImGui's FreeType part takes whole pixels; text at this size is drawn without stretching.
  const float pixels =
      std::max(1.0f, std::round(static_cast<float>(key(face, px).second) * height_of_em(face)));
  const int exact = static_cast<int>(std::lround(px * pixels_per_unit_));
  if (exact != key(face, px).second) return px * height_of_em(face);
  return pixels / pixels_per_unit_;
}

float Fonts::height_of_em(Face face) const { return stacks_[static_cast<std::size_t>(face)].front()->height; }
float Fonts::ascent_of_em(Face face) const { return stacks_[static_cast<std::size_t>(face)].front()->ascent; }

bool Fonts::is_needed(char32_t character) const {
  return character <= 0xFFFF && characters_.contains(static_cast<ImWchar>(character));
}

bool Fonts::shows(Face face, char32_t character) const {
  if (character > 0xFFFF) return false;
  return std::ranges::any_of(stacks_[static_cast<std::size_t>(face)],
                             [&](const File* file) { return FT_Get_Char_Index(file->face, character) != 0; });
}

bool Fonts::update(ImFontAtlas& atlas) {
  ++updates_;
  if (!stale_) return false;
  bake(atlas);
  return true;
}

void Fonts::bake(ImFontAtlas& atlas) {
  std::set<Key> keys = std::move(wanted_);
  wanted_.clear();
  for (const auto& [key, baked] : baked_)
    if (updates_ - baked.used < kKeptFrames) keys.insert(key);
  baked_.clear();

  ImFontGlyphRangesBuilder builder;
  for (const ImWchar c : characters_) builder.AddChar(c);
  ranges_.clear();
  builder.BuildRanges(&ranges_);

  atlas.Clear();
  atlas.Flags |= ImFontAtlasFlags_NoMouseCursors;
  use_freetype(atlas);
  for (const Key& key : keys) {
    ImFont* font = nullptr;
    for (const File* file : stacks_[static_cast<std::size_t>(key.first)]) {
      ImFontConfig config;
      config.FontData = const_cast<char*>(file->bytes.data());  // ImGui only reads it
      config.FontDataSize = static_cast<int>(file->bytes.size());
      config.FontDataOwnedByAtlas = false;
      config.SizePixels = std::max(1.0f, std::round(static_cast<float>(key.second) * file->height));
      config.GlyphRanges = ranges_.Data;
      config.MergeMode = font != nullptr;
      config.FontBuilderFlags = light_hinting();
      if (key.first == Face::sans_bold && file == chinese_) config.FontBuilderFlags |= emboldened();
      ImFont* added = atlas.AddFont(&config);
      if (!font) font = added;
    }
    baked_[key] = {font, updates_};
  }
  if (!atlas.Build()) throw FontError("fonts: the letters could not be drawn");
  stale_ = false;
}

}  // namespace attn::ui
