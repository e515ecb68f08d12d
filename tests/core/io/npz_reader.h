#pragma once
// Reads .npz files back, for tests of what was written.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace attn::test {

struct NpzArray {
  char kind = 'f';
  std::vector<std::size_t> shape;
  std::vector<float> numbers;       ///< of float32 arrays
  std::vector<std::string> labels;  ///< of text, without the zeros that fill it up
  std::string bytes;                ///< as they lie in the file
};

/// By name, without ".npy". Throws std::runtime_error for a member that is compressed or broken.
std::map<std::string, NpzArray> read_npz(const std::filesystem::path& path);

}  // namespace attn::test
