#pragma once
// Shaders from text.

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "app/platform/gl_handles.h"

namespace attn::gl {

/// A shader was refused by the driver. One line: "shader mask.comp does not compile: 0:12: …".
struct ShaderError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct ShaderText {
  GLenum type = GL_COMPUTE_SHADER;
  std::string_view name;  ///< the file's name, for messages
  std::string_view text;
};

/// Compiles and links. Throws ShaderError with the first line of the driver's message.
Program make_program(std::initializer_list<ShaderText> shaders);

}  // namespace attn::gl
