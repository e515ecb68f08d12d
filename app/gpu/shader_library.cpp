#include "app/gpu/shader_library.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "embedded/attn_shaders.h"

namespace attn::gpu {
namespace {

constexpr int kMaxIncludeDepth = 4;
constexpr std::string_view kInclude = "#include \"";

/// The name in a line `#include "name"`, empty for any other line.
std::string_view included_name(std::string_view line) {
  if (!line.starts_with(kInclude)) return {};
  const std::string_view rest = line.substr(kInclude.size());
  return rest.substr(0, rest.find('"'));
}

/// #version must come before everything else; the driver's messages keep counting the lines of the file.
std::string with_defines(const std::string& text, const std::string& defines) {
  if (defines.empty()) return text;
  const std::size_t version = text.find("#version");
  const std::size_t end = version == std::string::npos ? std::string::npos : text.find('\n', version);
  if (end == std::string::npos) return text;
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n') + 2;
  return text.substr(0, end + 1) + defines + fmt::format("#line {}\n", line) + text.substr(end + 1);
}

}  // namespace

ShaderLibrary::ShaderLibrary(std::filesystem::path directory) : directory_(std::move(directory)) {}

std::string ShaderLibrary::file(std::string_view name) const {
  if (!directory_.empty()) {
    std::ifstream stream(directory_ / name, std::ios::binary);
    if (stream) {
      std::ostringstream content;
      content << stream.rdbuf();
      return content.str();
    }
  }
  if (const auto embedded = shaders::find(name)) return std::string(*embedded);
  throw gl::ShaderError(fmt::format("shader {}: no such file", name));
}

std::string ShaderLibrary::expanded(std::string_view name, int depth) const {
  if (depth > kMaxIncludeDepth) throw gl::ShaderError(fmt::format("shader {}: includes itself", name));
  std::istringstream lines(file(name));
  std::string result;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (const std::string_view include = included_name(line); !include.empty()) {
      // The driver's messages keep counting the lines of the including file.
      result += expanded(include, depth + 1) + fmt::format("#line {}\n", number + 1);
    } else {
      result += line + '\n';
    }
  }
  return result;
}

std::string ShaderLibrary::text(std::string_view name) const {
  std::string result = expanded(name, 0);
  // Comments hold UTF-8, which some drivers refuse even there.
  std::ranges::replace_if(
      result, [](char c) { return static_cast<unsigned char>(c) > 127; }, '?');
  return result;
}

GLuint ShaderLibrary::compute_program(const std::string& name, const std::string& defines) {
  const auto known = programs_.find({name, defines});
  if (known != programs_.end()) return known->second.id();
  const std::string source = with_defines(text(name), defines);
  gl::Program program = gl::make_program({{GL_COMPUTE_SHADER, name, source}});
  return programs_.emplace(std::pair(name, defines), std::move(program)).first->second.id();
}

std::vector<std::string> ShaderLibrary::compute_shaders() {
  std::vector<std::string> names;
  for (const shaders::File& file : shaders::files()) {
    if (file.name.ends_with(".comp")) names.emplace_back(file.name);
  }
  return names;
}

}  // namespace attn::gpu
