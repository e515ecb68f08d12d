#pragma once
// Heatmap textures in OpenGL. Make, use and destroy it while the window's context is current.

#include <unordered_map>

#include "app/platform/gl_handles.h"
#include "app/widgets/heatmap_texture.h"

namespace attn::ui {

class GlTextures final : public TextureMaker {
 public:
  ImTextureID create(const HeatmapImage& image) override;
  void replace(ImTextureID texture, const HeatmapImage& image) override;
  void destroy(ImTextureID texture) override;

 private:
  std::unordered_map<GLuint, gl::Texture> textures_;
};

}  // namespace attn::ui
