#include "app/widgets/heatmap_gl_texture.h"

#include <bit>
#include <cstdint>

namespace attn::ui {
namespace {

// ImGui's OpenGL backend takes the texture's name as its handle: a pointer or an integer, as the version
// has it, of 64 bits either way.
ImTextureID handle_of(GLuint id) { return std::bit_cast<ImTextureID>(std::uintptr_t{id}); }
GLuint name_of(ImTextureID texture) { return static_cast<GLuint>(std::bit_cast<std::uintptr_t>(texture)); }

void fill(GLuint id, const HeatmapImage& image) {
  GLint before = 0;
  glGetIntegerv(GL_TEXTURE_BINDING_2D, &before);
  glBindTexture(GL_TEXTURE_2D, id);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, image.width, image.height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
               image.pixels.data());
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(before));
}

}  // namespace

ImTextureID GlTextures::create(const HeatmapImage& image) {
  gl::Texture texture = gl::Texture::create();
  const GLuint id = texture.id();
  fill(id, image);
  textures_.emplace(id, std::move(texture));
  return handle_of(id);
}

void GlTextures::replace(ImTextureID texture, const HeatmapImage& image) { fill(name_of(texture), image); }

void GlTextures::destroy(ImTextureID texture) { textures_.erase(name_of(texture)); }

}  // namespace attn::ui
