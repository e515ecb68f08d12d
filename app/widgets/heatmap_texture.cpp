#include "app/widgets/heatmap_texture.h"

#include <bit>

namespace attn::ui {

ImTextureID NoTextures::next() {
  ++n_created_;
  return std::bit_cast<ImTextureID>(static_cast<std::uintptr_t>(n_created_));
}

HeatmapTexture::~HeatmapTexture() {
  if (texture_) maker_->destroy(texture_);
}

void HeatmapTexture::show(TextureMaker& maker, const HeatmapKey& key, const HeatmapImage& image) {
  key_ = key;
  if (image.pixels.empty()) {
    if (texture_) maker_->destroy(texture_);
    texture_ = {};
    return;
  }
  maker_ = &maker;
  if (texture_) {
    maker.replace(texture_, image);
  } else {
    texture_ = maker.create(image);
  }
}

}  // namespace attn::ui
