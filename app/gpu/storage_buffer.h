#pragma once
// Numbers on the GPU.

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

#include "app/platform/gl_handles.h"
#include "core/attention/shared_matrix.h"

namespace attn::gpu {

/// A buffer would be larger than the driver allows or has: that stage belongs on the CPU.
struct TooLarge : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Shaders count cells in 32 bits and step over the end by one grid: half of that range is safe.
inline constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 31;

/// OpenGL reports an error that no call of ours should give: "OpenGL error 0x0502".
struct DeviceError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// Throws DeviceError when OpenGL has an error waiting.
void check_gl_error();

/// A shader storage buffer of 32-bit words that grows when it must and keeps its memory otherwise.
class StorageBuffer {
 public:
  /// Room for `words` numbers, whose values are not defined. Throws TooLarge above limit_bytes, or when the
  /// driver has no memory left; DeviceError for errors of earlier commands.
  void resize(std::size_t words, std::uint64_t limit_bytes);
  GLuint id() const { return buffer_.id(); }
  std::size_t words() const { return words_; }

  /// Writes from the start of the buffer; resize() has made room.
  void write(std::span<const float> values) { write_bytes(values.data(), values.size_bytes(), 0); }
  void write(std::span<const std::uint32_t> values) { write_bytes(values.data(), values.size_bytes(), 0); }
  void write(const SharedMatrix& values);
  /// Reads from that number of the buffer on; waits for the commands before it.
  void read(std::span<float> values, std::size_t first = 0) const;

 private:
  void write_bytes(const void* data, std::size_t bytes, std::size_t offset);

  gl::Buffer buffer_;
  std::size_t words_ = 0;
  std::size_t capacity_ = 0;  ///< words
};

}  // namespace attn::gpu
