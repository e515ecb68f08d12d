#pragma once
// OpenGL objects that delete themselves. Make and destroy them while their context is current.

#include <epoxy/gl.h>

#include <utility>

namespace attn::gl {

/// Owns one object name. Traits has `static GLuint create()` and `static void destroy(GLuint)`.
template <class Traits>
class Handle {
 public:
  /// Owns nothing.
  Handle() = default;
  /// Takes over a name that somebody else made; 0 is nothing.
  explicit Handle(GLuint id) : id_(id) {}
  static Handle create() { return Handle(Traits::create()); }
  ~Handle() { reset(); }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, 0);
    }
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  GLuint id() const { return id_; }
  explicit operator bool() const { return id_ != 0; }
  void reset() {
    if (id_ != 0) Traits::destroy(std::exchange(id_, 0));
  }

 private:
  GLuint id_ = 0;
};

struct BufferTraits {
  static GLuint create() {
    GLuint id = 0;
    glGenBuffers(1, &id);
    return id;
  }
  static void destroy(GLuint id) { glDeleteBuffers(1, &id); }
};
struct TextureTraits {
  static GLuint create() {
    GLuint id = 0;
    glGenTextures(1, &id);
    return id;
  }
  static void destroy(GLuint id) { glDeleteTextures(1, &id); }
};
struct FramebufferTraits {
  static GLuint create() {
    GLuint id = 0;
    glGenFramebuffers(1, &id);
    return id;
  }
  static void destroy(GLuint id) { glDeleteFramebuffers(1, &id); }
};
struct RenderbufferTraits {
  static GLuint create() {
    GLuint id = 0;
    glGenRenderbuffers(1, &id);
    return id;
  }
  static void destroy(GLuint id) { glDeleteRenderbuffers(1, &id); }
};
struct VertexArrayTraits {
  static GLuint create() {
    GLuint id = 0;
    glGenVertexArrays(1, &id);
    return id;
  }
  static void destroy(GLuint id) { glDeleteVertexArrays(1, &id); }
};
struct ProgramTraits {
  static GLuint create() { return glCreateProgram(); }
  static void destroy(GLuint id) { glDeleteProgram(id); }
};
/// Shaders are made with a type: gl::Shader(glCreateShader(GL_COMPUTE_SHADER)).
struct ShaderTraits {
  static void destroy(GLuint id) { glDeleteShader(id); }
};

using Buffer = Handle<BufferTraits>;
using Texture = Handle<TextureTraits>;
using Framebuffer = Handle<FramebufferTraits>;
using Renderbuffer = Handle<RenderbufferTraits>;
using VertexArray = Handle<VertexArrayTraits>;
using Program = Handle<ProgramTraits>;
using Shader = Handle<ShaderTraits>;

/// A point in the stream of commands that can be waited for.
class Fence {
 public:
  /// After every command given so far.
  Fence() : sync_(glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0)) {}
  ~Fence() { glDeleteSync(sync_); }
  Fence(const Fence&) = delete;
  Fence& operator=(const Fence&) = delete;

  enum class State { passed, waiting, failed };
  /// Waits at most `nanoseconds`; also sends the commands off, so that waiting can end.
  State wait(GLuint64 nanoseconds) const {
    switch (glClientWaitSync(sync_, GL_SYNC_FLUSH_COMMANDS_BIT, nanoseconds)) {
      case GL_ALREADY_SIGNALED:
      case GL_CONDITION_SATISFIED:
        return State::passed;
      case GL_TIMEOUT_EXPIRED:
        return State::waiting;
      default:
        return State::failed;
    }
  }

 private:
  GLsync sync_;
};

}  // namespace attn::gl
