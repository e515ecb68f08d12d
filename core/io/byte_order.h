#pragma once
// Numbers of other machines' files.

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace attn::io {

static_assert(std::endian::native == std::endian::little || std::endian::native == std::endian::big);
inline constexpr bool kBigEndianHere = std::endian::native == std::endian::big;

/// The number whose sizeof(T) bytes begin at `bytes`, turned into this machine's byte order.
template <class T>
T number_at(const char* bytes, bool big_endian) {
  std::array<char, sizeof(T)> raw{};
  std::memcpy(raw.data(), bytes, sizeof(T));
  if (big_endian != kBigEndianHere) std::reverse(raw.begin(), raw.end());
  return std::bit_cast<T>(raw);
}

}  // namespace attn::io
