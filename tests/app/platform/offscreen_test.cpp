#include "app/platform/offscreen.h"

#include <doctest/doctest.h>
#include <epoxy/gl.h>

#include <array>
#include <thread>

#include "app/platform/gl_handles.h"
#include "app/platform/gl_program.h"

using namespace attn::gl;

TEST_CASE("a context without a display is at least the version that was asked for") {
  for (const Version needed : {Version{3, 3}, Version{4, 3}}) {
    const OffscreenContext context({.needed = needed});
    CHECK(context.info().version >= needed);
    CHECK(!context.info().renderer.empty());
    CHECK(glGetError() == GL_NO_ERROR);
    CHECK(describe(context.info()).find("OpenGL " + text(context.info().version)) != std::string::npos);
  }
}

TEST_CASE("a version that no driver has is refused with what was found") {
  try {
    const OffscreenContext context({.needed = {9, 9}});
    FAIL("OpenGL 9.9 does not exist");
  } catch (const ContextError& error) {
    const std::string reason = error.what();
    INFO(reason);
    CHECK(reason.starts_with("OpenGL "));
    CHECK(reason.ends_with(" found, 9.9 needed"));
    CHECK(reason != "OpenGL 9.9 found, 9.9 needed");
  }
}

TEST_CASE("a picture can be drawn and read without a display") {
  const OffscreenContext context({.needed = {3, 3}});
  const Texture texture = Texture::create();
  glBindTexture(GL_TEXTURE_2D, texture.id());
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, 2, 2, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  const Framebuffer framebuffer = Framebuffer::create();
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer.id());
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture.id(), 0);
  REQUIRE(glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE);
  glClearColor(1.0f, 0.0f, 0.2f, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
  std::array<unsigned char, 16> pixels{};
  glReadPixels(0, 0, 2, 2, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
  CHECK(pixels[12] == 255);
  CHECK(pixels[13] == 0);
  CHECK(pixels[14] == 51);
  CHECK(pixels[15] == 255);
}

TEST_CASE("two contexts live side by side, and one outlives the other") {
  auto first = std::make_unique<OffscreenContext>(OffscreenRequest{});
  const OffscreenContext second{OffscreenRequest{}};
  first.reset();
  OffscreenContext third{OffscreenRequest{}};
  CHECK(third.info().version >= Version{4, 3});
  glFinish();
  CHECK(glGetError() == GL_NO_ERROR);
}

TEST_CASE("a context moves to another thread once it is released") {
  OffscreenContext context{OffscreenRequest{}};
  context.release();
  GLenum error = GL_INVALID_OPERATION;
  GLint major = 0;
  std::thread([&] {
    context.make_current();
    glGetIntegerv(GL_MAJOR_VERSION, &major);
    error = glGetError();
    context.release();
  }).join();
  CHECK(error == GL_NO_ERROR);
  CHECK(major >= 4);
}

TEST_CASE("a handle that is moved from owns nothing") {
  const OffscreenContext context{OffscreenRequest{}};
  Buffer first = Buffer::create();
  const GLuint id = first.id();
  Buffer second = std::move(first);
  CHECK(second.id() == id);
  CHECK(!first);  // NOLINT(bugprone-use-after-move): that it is empty is the point
  second.reset();
  CHECK(second.id() == 0);
}

TEST_CASE("a shader's message is one line with its name") {
  const OffscreenContext context{OffscreenRequest{}};
  CHECK_THROWS_AS(make_program({{GL_COMPUTE_SHADER, "broken.comp", "#version 430 core\nbroken"}}),
                  ShaderError);
  try {
    make_program(
        {{GL_FRAGMENT_SHADER, "broken.frag", "#version 330 core\nout vec4 c; void main() { c = d; }"}});
    FAIL("compiled");
  } catch (const ShaderError& error) {
    const std::string message = error.what();
    INFO(message);
    CHECK(message.starts_with("shader broken.frag does not compile: "));
    CHECK(message.find('\n') == std::string::npos);
  }
}

TEST_CASE("software rasterisers are known by their names") {
  CHECK(is_software_renderer("llvmpipe (LLVM 15.0.6, 256 bits)"));
  CHECK(is_software_renderer("softpipe"));
  CHECK(is_software_renderer("Software Rasterizer"));
  CHECK(is_software_renderer("Google SwiftShader"));
  CHECK(!is_software_renderer("NVIDIA GeForce RTX 3060/PCIe/SSE2"));
  CHECK(!is_software_renderer("Mesa Intel(R) UHD Graphics 620 (KBL GT2)"));
}
