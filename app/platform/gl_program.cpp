#include "app/platform/gl_program.h"

#include <fmt/core.h>

#include <vector>

namespace attn::gl {
namespace {

/// The first line of a driver's message that says anything.
std::string first_line(const std::string& message) {
  const std::size_t start = message.find_first_not_of(" \t\r\n");
  if (start == std::string::npos) return "the driver gives no reason";
  const std::size_t end = message.find_first_of("\r\n", start);
  return message.substr(start, end == std::string::npos ? end : end - start);
}

template <class GetInteger, class GetLog>
std::string log_of(GLuint id, GetInteger get_integer, GetLog get_log) {
  GLint length = 0;
  get_integer(id, GL_INFO_LOG_LENGTH, &length);
  if (length <= 0) return {};
  std::string log(static_cast<std::size_t>(length), '\0');
  GLsizei written = 0;
  get_log(id, length, &written, log.data());
  log.resize(static_cast<std::size_t>(written));
  return log;
}

Shader compile(const ShaderText& source) {
  Shader shader(glCreateShader(source.type));
  const GLchar* text = source.text.data();
  const GLint length = static_cast<GLint>(source.text.size());
  glShaderSource(shader.id(), 1, &text, &length);
  glCompileShader(shader.id());
  GLint compiled = GL_FALSE;
  glGetShaderiv(shader.id(), GL_COMPILE_STATUS, &compiled);
  if (compiled != GL_TRUE) {
    throw ShaderError(fmt::format("shader {} does not compile: {}", source.name,
                                  first_line(log_of(shader.id(), glGetShaderiv, glGetShaderInfoLog))));
  }
  return shader;
}

}  // namespace

Program make_program(std::initializer_list<ShaderText> shaders) {
  Program program = Program::create();
  std::vector<Shader> compiled;
  std::string names;
  for (const ShaderText& source : shaders) {
    compiled.push_back(compile(source));
    glAttachShader(program.id(), compiled.back().id());
    names += (names.empty() ? "" : " + ") + std::string(source.name);
  }
  glLinkProgram(program.id());
  GLint linked = GL_FALSE;
  glGetProgramiv(program.id(), GL_LINK_STATUS, &linked);
  if (linked != GL_TRUE) {
    throw ShaderError(fmt::format("shader {} does not link: {}", names,
                                  first_line(log_of(program.id(), glGetProgramiv, glGetProgramInfoLog))));
  }
  for (const Shader& shader : compiled) glDetachShader(program.id(), shader.id());
  return program;
}

}  // namespace attn::gl
