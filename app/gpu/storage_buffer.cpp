#include "app/gpu/storage_buffer.h"

#include <fmt/core.h>

#include <algorithm>

namespace attn::gpu {
namespace {

constexpr std::size_t kWordBytes = 4;
/// A buffer this many times too large is given back, unless it is small anyway.
constexpr std::size_t kWaste = 4;
constexpr std::size_t kSmallWords = std::size_t{1} << 22;

}  // namespace

void check_gl_error() {
  const GLenum error = glGetError();
  if (error != GL_NO_ERROR) throw DeviceError(fmt::format("OpenGL error 0x{:04x}", error));
}

void StorageBuffer::resize(std::size_t words, std::uint64_t limit_bytes) {
  if (words > limit_bytes / kWordBytes)
    throw TooLarge(fmt::format("{} bytes needed, a block has at most {}", words * kWordBytes, limit_bytes));
  const bool wasteful = capacity_ > kSmallWords && capacity_ / kWaste > words;
  if (!buffer_ || words > capacity_ || wasteful) {
    check_gl_error();  // so that running out of memory below is about this buffer
    buffer_ = gl::Buffer::create();
    capacity_ = 0;
    words_ = 0;
    glBindBuffer(GL_SHADER_STORAGE_BUFFER, buffer_.id());
    glBufferData(GL_SHADER_STORAGE_BUFFER, static_cast<GLsizeiptr>(words * kWordBytes), nullptr,
                 GL_DYNAMIC_COPY);
    if (glGetError() == GL_OUT_OF_MEMORY) {
      buffer_.reset();
      throw TooLarge(fmt::format("no memory left for {} bytes", words * kWordBytes));
    }
    capacity_ = words;
  }
  words_ = words;
}

void StorageBuffer::write(const SharedMatrix& values) {
  // Rows of one chunk lie one after the other.
  for (std::size_t row = 0; row < values.rows(); row += SharedMatrix::kChunkRows) {
    const std::size_t rows = std::min(SharedMatrix::kChunkRows, values.rows() - row);
    write_bytes(values.row(row).data(), rows * values.columns() * kWordBytes,
                row * values.columns() * kWordBytes);
  }
}

void StorageBuffer::read(std::span<float> values, std::size_t first) const {
  glMemoryBarrier(GL_BUFFER_UPDATE_BARRIER_BIT);
  glBindBuffer(GL_SHADER_STORAGE_BUFFER, buffer_.id());
  glGetBufferSubData(GL_SHADER_STORAGE_BUFFER, static_cast<GLintptr>(first * kWordBytes),
                     static_cast<GLsizeiptr>(values.size_bytes()), values.data());
}

void StorageBuffer::write_bytes(const void* data, std::size_t bytes, std::size_t offset) {
  glBindBuffer(GL_SHADER_STORAGE_BUFFER, buffer_.id());
  glBufferSubData(GL_SHADER_STORAGE_BUFFER, static_cast<GLintptr>(offset), static_cast<GLsizeiptr>(bytes),
                  data);
}

}  // namespace attn::gpu
