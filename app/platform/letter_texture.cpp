#include "app/platform/letter_texture.h"

#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "app/platform/font_files.h"

namespace attn::ui {
namespace {

constexpr int kGap = 1;         ///< empty pixels between letters: none is stretched into its neighbour
constexpr int kShelfSteps = 4;  ///< heights are rounded up to multiples of this, for fewer shelves
constexpr ImU32 kNothing = IM_COL32(255, 255, 255, 0);

}  // namespace

void LetterTexture::reset(ImFontAtlas& atlas, int height) {
  atlas.Clear();
  atlas.Flags |= ImFontAtlasFlags_NoMouseCursors;
  ImFontAtlasBuildInit(&atlas);
  atlas.TexWidth = kWidth;
  atlas.TexHeight = height_ = height;
  atlas.TexUvScale = {1.0f / kWidth, 1.0f / static_cast<float>(height)};
  const std::size_t pixels = static_cast<std::size_t>(kWidth) * static_cast<std::size_t>(height);
  atlas.TexPixelsRGBA32 = static_cast<unsigned*>(IM_ALLOC(pixels * sizeof(unsigned)));
  std::fill_n(atlas.TexPixelsRGBA32, pixels, kNothing);
  // A white spot and anti-aliased lines, which ImGui draws into rectangles that it is given.
  int x = 0;
  free_from_ = 0;
  for (ImFontAtlasCustomRect& own : atlas.CustomRects) {
    own.X = static_cast<unsigned short>(x);
    own.Y = 0;
    x += own.Width + kGap;
    free_from_ = std::max(free_from_, static_cast<int>(own.Height) + kGap);
  }
  ImFontAtlasBuildFinish(&atlas);
  atlas.TexReady = true;
  shelves_.clear();
  changed_.reset();
}

std::optional<LetterTexture::Place> LetterTexture::find_room(int width, int height) {
  const int rows = (height + kGap + kShelfSteps - 1) / kShelfSteps * kShelfSteps;
  const auto shelf = shelves_.find(rows);
  const bool fits = shelf != shelves_.end() && shelf->second.x + width + kGap <= kWidth;
  if (!fits) {
    if (free_from_ + rows > height_) return std::nullopt;
    shelves_[rows] = {0, free_from_};
    free_from_ += rows;
  }
  Shelf& open = shelves_[rows];
  const Place place{open.x, open.y};
  open.x += width + kGap;
  return place;
}

std::optional<LetterTexture::Place> LetterTexture::add(ImFontAtlas& atlas, const DrawnLetter& letter) {
  const auto place = find_room(letter.width, letter.height);
  if (!place) return std::nullopt;
  for (int row = 0; row < letter.height; ++row) {
    unsigned* to = atlas.TexPixelsRGBA32 + static_cast<std::ptrdiff_t>(place->y + row) * kWidth + place->x;
    const unsigned char* from = letter.grey + static_cast<std::ptrdiff_t>(row) * letter.pitch;
    std::transform(from, from + letter.width, to,
                   [](unsigned char grey) { return IM_COL32(255, 255, 255, grey); });
  }
  const TextureRows rows = changed_.value_or(TextureRows{place->y, place->y});
  changed_ = TextureRows{std::min(rows.first, place->y), std::max(rows.end, place->y + letter.height)};
  return place;
}

std::optional<TextureRows> LetterTexture::take_changed() { return std::exchange(changed_, std::nullopt); }

}  // namespace attn::ui
