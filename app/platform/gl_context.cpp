#include "app/platform/gl_context.h"

#include <epoxy/gl.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace attn::gl {
namespace {

std::string gl_string(GLenum name) {
  const GLubyte* value = glGetString(name);
  if (value == nullptr) return "unknown";
  std::string result;
  for (; *value != 0; ++value) result += static_cast<char>(*value);
  return result;
}

}  // namespace

std::string text(Version version) { return fmt::format("{}.{}", version.major, version.minor); }

std::string describe(const ContextInfo& info) {
  return fmt::format("{} (OpenGL {}, {})", info.renderer, text(info.version), info.vendor);
}

bool is_software_renderer(std::string_view renderer) {
  std::string lower(renderer);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array<std::string_view, 7> kNames = {
      "llvmpipe",    "softpipe",    "swrast",        "software rasterizer",
      "swiftshader", "gdi generic", "apple software"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view name) { return lower.find(name) != std::string::npos; });
}

ContextInfo current_context_info(std::string how) {
  ContextInfo info;
  info.vendor = gl_string(GL_VENDOR);
  info.renderer = gl_string(GL_RENDERER);
  info.version_string = gl_string(GL_VERSION);
  glGetIntegerv(GL_MAJOR_VERSION, &info.version.major);
  glGetIntegerv(GL_MINOR_VERSION, &info.version.minor);
  info.how = std::move(how);
  return info;
}

}  // namespace attn::gl
