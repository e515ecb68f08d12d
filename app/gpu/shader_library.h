#pragma once
// Where the text of a shader comes from, and the programs made of it.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/platform/gl_program.h"

namespace attn::gpu {

/// Shaders travel inside the program; a folder given for development comes first, file by file. A line
/// `#include "name"` is replaced by that file. Belongs to the thread of its context.
class ShaderLibrary {
 public:
  /// An empty path: the embedded shaders only.
  explicit ShaderLibrary(std::filesystem::path directory = {});

  /// The text that the driver gets. Throws gl::ShaderError: "shader scale.comp: no such file".
  std::string text(std::string_view name) const;
  /// The program of one compute shader, made at the first call. `defines` are lines that stand after the
  /// first #version: "#define STEP 8\n". Throws gl::ShaderError.
  GLuint compute_program(const std::string& name, const std::string& defines = {});
  /// Names of the compute shaders that are embedded.
  static std::vector<std::string> compute_shaders();

 private:
  std::string file(std::string_view name) const;
  std::string expanded(std::string_view name, int depth) const;

  std::filesystem::path directory_;
  std::map<std::pair<std::string, std::string>, gl::Program> programs_;  ///< by name and defines
};

}  // namespace attn::gpu
