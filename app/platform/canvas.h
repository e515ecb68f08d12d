#pragma once
// Drawing Dear ImGui's frames without a window: into a framebuffer of the current OpenGL context.

#include <imgui.h>

#include "app/platform/gl_handles.h"
#include "app/platform/letter_texture.h"
#include "app/platform/picture.h"

namespace attn::ui {

/// ImGui's OpenGL part, which lives shorter than the context. Throws gl::ContextError.
class FrameRenderer {
 public:
  FrameRenderer();
  ~FrameRenderer();
  FrameRenderer(const FrameRenderer&) = delete;
  FrameRenderer& operator=(const FrameRenderer&) = delete;

  static void upload_fonts();
  /// Only rows to which letters were added.
  static void upload_letters(const TextureRows& rows);
  static void begin_frame();  ///< ImGui's NewFrame
  static void submit();       ///< hands what ImGui::Render() left to OpenGL
};

/// What the current framebuffer shows, from its lower left corner.
Picture read_pixels(int width, int height);

/// What is drawn into, and can be read back.
class Canvas {
 public:
  /// Throws std::invalid_argument where OpenGL has no room for so many pixels, gl::ContextError.
  Canvas(int width, int height);
  void clear(ImU32 background) const;
  Picture read() const;

 private:
  int width_;
  int height_;
  gl::Renderbuffer colours_ = gl::Renderbuffer::create();
  gl::Framebuffer framebuffer_ = gl::Framebuffer::create();
};

}  // namespace attn::ui
