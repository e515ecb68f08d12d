#include "app/platform/fonts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "app/platform/font_files.h"
#include "app/platform/utf8.h"

namespace attn::ui {
namespace {

constexpr int kLeastPixels = 7;
constexpr int kMostPixels = 160;
/// Above this only every fourth size is drawn: large letters bear a little stretching.
constexpr int kEverySizeUpTo = 48;

/// What ImGui itself wants of a font, whatever is written with it.
constexpr std::u32string_view kAlways = U" ?.";

int pixels_of(const FontFile& file, int em) {
  return std::max(1, static_cast<int>(std::lround(static_cast<float>(em) * file.height())));
}

/// ImGui finds letters by tables that are filled when an atlas is built; this one comes later.
void enter_in_tables(ImFont& font, ImWchar character) {
  const int known = font.IndexAdvanceX.Size;
  if (character >= known) {
    font.GrowIndex(character + 1);
    for (int c = known; c < character; ++c) font.IndexAdvanceX[c] = font.FallbackAdvanceX;
  }
  using Index = std::remove_reference_t<decltype(font.IndexLookup[0])>;
  font.IndexAdvanceX[character] = font.Glyphs.back().AdvanceX;
  font.IndexLookup[character] = static_cast<Index>(font.Glyphs.Size - 1);
  font.DirtyLookupTables = false;
  // All glyphs may have moved.
  font.FallbackGlyph = font.FindGlyphNoFallback(font.FallbackChar);
}

}  // namespace

Fonts::Fonts(float pixels_per_unit)
    : library_(std::make_unique<FreeType>()), pixels_per_unit_(pixels_per_unit) {
  const auto open = [&](const FontName& name) -> FontFile* {
    const auto path = find_font(name.file);
    if (!path) return nullptr;
    files_.push_back(std::make_unique<FontFile>(*library_, *path));
    return files_.back().get();
  };
  const auto required = [&](const FontName& name) {
    FontFile* opened = open(name);
    if (!opened) throw FontError(fmt::format("{}: not found (Debian package {})", name.file, name.package));
    return opened;
  };
  FontFile* sans = required(kSans);
  FontFile* bold = required(kSansBold);
  FontFile* mono = required(kMono);
  FontFile* formula = open(kFormula);
  FontFile* italic = open(kFormulaItalic);
  FontFile* chinese = open(kChinese);
  if (!formula || !italic)
    missing_.push_back(fmt::format("{} is missing: formulas are set in DejaVu Sans", kFormula.package));
  if (!chinese)
    missing_.push_back(fmt::format("{} is missing: Chinese text is shown as boxes", kChinese.package));

  const auto stack = [&](Face face, std::initializer_list<FontFile*> files) {
    for (FontFile* file : files)
      if (file) stacks_[static_cast<std::size_t>(face)].push_back(file);
  };
  stack(Face::sans, {sans, chinese});
  stack(Face::sans_bold, {bold, sans, chinese});
  stack(Face::mono, {mono, sans, chinese});
  stack(Face::formula, {formula, sans, chinese});
  stack(Face::formula_italic, {italic, sans, chinese});
  chinese_ = chinese;
}

Fonts::~Fonts() = default;

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

Fonts::Sized& Fonts::find(Face face, float px) {
  const Key wanted = key(face, px);
  if (const auto found = sized_.find(wanted); found != sized_.end()) return found->second;
  if (!atlas_) throw std::logic_error("fonts: update() comes before find()");
  FontFile& file = *stacks_[static_cast<std::size_t>(face)].front();
  const int pixels = pixels_of(file, wanted.second);
  const FontFile::Metrics metrics = file.metrics(pixels);
  Sized& sized = sized_[wanted] = {IM_NEW(ImFont)(), face, wanted.second};
  ImFont& font = *sized.font;
  atlas_->Fonts.push_back(&font);  // which deletes it
  font.ContainerAtlas = atlas_;
  font.FontSize = static_cast<float>(pixels);
  font.Ascent = metrics.ascent;
  font.Descent = metrics.descent;
  for (const char32_t c : kAlways) draw(sized, static_cast<ImWchar>(c));
  font.BuildLookupTable();
  return sized;
}

const ImFontGlyph* Fonts::glyph(Sized& sized, char32_t character) {
  if (character > 0xFFFF) return nullptr;
  const auto c = static_cast<ImWchar>(character);
  if (const ImFontGlyph* glyph = sized.font->FindGlyphNoFallback(c)) return glyph;
  if (sized.unknown.contains(c)) return nullptr;
  if (const ImFontGlyph* glyph = draw(sized, c)) return glyph;
  sized.unknown.insert(c);
  return nullptr;
}

void Fonts::load(Sized& sized, std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size();) glyph(sized, next_code_point(utf8, at));
}

const ImFontGlyph* Fonts::draw(Sized& sized, ImWchar character) {
  ImFont& font = *sized.font;
  const bool is_index = is_index_letter(character);
  const char32_t letter_itself = is_index ? character - index_letter('\0') : character;
  const auto em = static_cast<float>(sized.pixels);
  const int letter_em = is_index ? static_cast<int>(std::lround(em * kIndexSize)) : sized.pixels;
  const float below = is_index ? std::round(em * kIndexBelow) : 0.0f;
  for (FontFile* file : stacks_[static_cast<std::size_t>(sized.face)]) {
    const bool emboldened = sized.face == Face::sans_bold && file == chinese_;
    const auto letter = file->draw(letter_itself, pixels_of(*file, letter_em), emboldened);
    if (!letter) continue;
    const auto place = texture_.add(*atlas_, *letter);
    // Without room it is left out once, and keeps its width.
    if (!place) stale_ = full_ = true;
    const int width = place ? letter->width : 0;
    const int height = place ? letter->height : 0;
    const ImVec2 from = place ? ImVec2(static_cast<float>(place->x), static_cast<float>(place->y)) : ImVec2();
    const ImVec2 corner{static_cast<float>(letter->left),
                        std::round(font.Ascent) + below - static_cast<float>(letter->top)};
    const ImVec2 size{static_cast<float>(width), static_cast<float>(height)};
    const ImVec2 uv = atlas_->TexUvScale;
    font.AddGlyph(nullptr, character, corner.x, corner.y, corner.x + size.x, corner.y + size.y, from.x * uv.x,
                  from.y * uv.y, (from.x + size.x) * uv.x, (from.y + size.y) * uv.y, letter->advance);
    enter_in_tables(font, character);
    return font.FindGlyphNoFallback(character);
  }
  return nullptr;
}

float Fonts::size_of(Face face, float px) const {
  // Whole pixels; text at this size is drawn without stretching.
  const float pixels =
      std::max(1.0f, std::round(static_cast<float>(key(face, px).second) * height_of_em(face)));
  const int exact = static_cast<int>(std::lround(px * pixels_per_unit_));
  if (exact != key(face, px).second) return px * height_of_em(face);
  return pixels / pixels_per_unit_;
}

float Fonts::height_of_em(Face face) const {
  return stacks_[static_cast<std::size_t>(face)].front()->height();
}
float Fonts::ascent_of_em(Face face) const {
  return stacks_[static_cast<std::size_t>(face)].front()->ascent();
}

bool Fonts::shows(Face face, char32_t character) const {
  if (character > 0xFFFF) return false;
  return std::ranges::any_of(stacks_[static_cast<std::size_t>(face)],
                             [&](const FontFile* file) { return file->has(character); });
}

bool Fonts::update(ImFontAtlas& atlas) {
  if (!stale_) return false;
  // A texture that is full becomes twice as high; at its highest, sizes that nobody uses any more go.
  if (atlas_ == &atlas && full_) height_ = std::min(2 * height_, LetterTexture::kMostHeight);
  atlas_ = &atlas;
  sized_.clear();
  texture_.reset(atlas, height_);
  stale_ = full_ = false;
  find(Face::sans, 18.0f);  // ImGui wants one font, whoever draws
  return true;
}

}  // namespace attn::ui
