#include "app/platform/canvas.h"

#include <epoxy/gl.h>
#include <fmt/format.h>
#include <imgui_impl_opengl3.h>

#include <stdexcept>
#include <vector>

#include "app/platform/gl_context.h"
#include "app/platform/imgui_shims.h"

namespace attn::ui {

FrameRenderer::FrameRenderer() {
  if (!ImGui_ImplOpenGL3_Init("#version 330 core"))
    throw gl::ContextError("the interface does not start with this OpenGL");
}

FrameRenderer::~FrameRenderer() { ImGui_ImplOpenGL3_Shutdown(); }

void FrameRenderer::upload_fonts() {
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
}

void FrameRenderer::upload_letters(const TextureRows& rows) {
  const ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  glBindTexture(GL_TEXTURE_2D, texture_name(atlas.TexID));
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, rows.first, atlas.TexWidth, rows.end - rows.first, GL_RGBA,
                  GL_UNSIGNED_BYTE,
                  atlas.TexPixelsRGBA32 + static_cast<std::ptrdiff_t>(rows.first) * atlas.TexWidth);
}

void FrameRenderer::begin_frame() {
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
}

void FrameRenderer::submit() { ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData()); }

Canvas::Canvas(int width, int height) : width_(width), height_(height) {
  int most = 0;
  glGetIntegerv(GL_MAX_RENDERBUFFER_SIZE, &most);
  if (width > most || height > most) {
    throw std::invalid_argument(
        fmt::format("--size: expected at most {}x{}, found {}x{}", most, most, width, height));
  }
  glBindRenderbuffer(GL_RENDERBUFFER, colours_.id());
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width, height);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.id());
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colours_.id());
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
    throw gl::ContextError(fmt::format("OpenGL refuses a picture of {}x{}", width, height));
}

void Canvas::clear(ImU32 background) const {
  glViewport(0, 0, width_, height_);
  const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(background);
  glClearColor(colour.x, colour.y, colour.z, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
}

Picture Canvas::read() const { return read_pixels(width_, height_); }

Picture read_pixels(int width, int height) {
  Picture picture{width, height, {}};
  const auto stride = static_cast<std::size_t>(width) * 4;
  std::vector<std::uint8_t> upwards(stride * static_cast<std::size_t>(height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, upwards.data());
  for (std::size_t row = static_cast<std::size_t>(height); row-- > 0;) {
    picture.pixels.insert(picture.pixels.end(), upwards.begin() + static_cast<std::ptrdiff_t>(row * stride),
                          upwards.begin() + static_cast<std::ptrdiff_t>((row + 1) * stride));
  }
  return picture;
}

}  // namespace attn::ui
