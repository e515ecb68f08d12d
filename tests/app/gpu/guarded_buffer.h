#pragma once
// A buffer on the GPU with guard numbers behind it: a shader that writes past the end changes them, one
// that reads past the end gets a NaN, and one that leaves a cell out leaves a NaN there.

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "app/gpu/storage_buffer.h"

namespace attn::gpu::tests {

class GuardedBuffer {
 public:
  static constexpr std::size_t kGuard = 300;             ///< more than a row of tiles
  static constexpr std::uint32_t kPattern = 0x7fc0dead;  // a quiet NaN

  /// Room for a result of that many numbers.
  explicit GuardedBuffer(std::size_t words) : words_(words) { fill({}); }
  /// An operand.
  explicit GuardedBuffer(std::span<const float> values) : words_(values.size()) { fill(values); }

  GLuint id() const { return buffer_.id(); }

  struct Content {
    std::vector<float> values;
    bool guard_intact = true;
  };
  Content read() const {
    std::vector<float> all(words_ + kGuard);
    buffer_.read(all);
    Content content;
    content.values.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(words_));
    for (std::size_t i = words_; i < all.size(); ++i)
      content.guard_intact = content.guard_intact && std::bit_cast<std::uint32_t>(all[i]) == kPattern;
    return content;
  }

 private:
  void fill(std::span<const float> values) {
    std::vector<std::uint32_t> words(words_ + kGuard, kPattern);
    if (!values.empty()) std::memcpy(words.data(), values.data(), values.size_bytes());
    buffer_.resize(words.size(), std::uint64_t{1} << 26);
    buffer_.write(words);
  }

  std::size_t words_;
  StorageBuffer buffer_;
};

}  // namespace attn::gpu::tests
