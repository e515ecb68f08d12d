#pragma once
// Pictures as files.

#include <cstdint>
#include <filesystem>
#include <vector>

namespace attn::ui {

/// Rows from the top, four bytes a pixel (red, green, blue, opacity).
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

/// Writes a PNG without opacity, whole or not at all. Throws std::runtime_error with one line.
void write_png(const std::filesystem::path& path, const Picture& picture);
/// Throws std::runtime_error with one line where the file is no picture.
Picture read_picture(const std::filesystem::path& path);

/// How two pictures of one size differ. A pixel differs when one of its colours is off by more than
/// `threshold` of 255: letters are smoothed a little differently by every driver.
struct PictureDifference {
  std::size_t pixels = 0;  ///< that differ
  int largest = 0;         ///< difference of one colour
};
/// Throws std::invalid_argument where the sizes differ.
PictureDifference compare(const Picture& a, const Picture& b, int threshold);

}  // namespace attn::ui
