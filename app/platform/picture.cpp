#include "app/platform/picture.h"

#include <fmt/format.h>
#include <stb_image.h>
#include <stb_image_write.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace attn::ui {

void write_png(const std::filesystem::path& path, const Picture& picture) {
  const auto count = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
  std::vector<std::uint8_t> opaque(count * 3);
  for (std::size_t i = 0; i < count; ++i) std::copy_n(&picture.pixels[i * 4], 3, &opaque[i * 3]);
  std::vector<char> bytes;
  const auto append = [](void* context, void* data, int size) {
    const char* begin = static_cast<const char*>(data);
    static_cast<std::vector<char>*>(context)->insert(static_cast<std::vector<char>*>(context)->end(), begin,
                                                     begin + size);
  };
  if (stbi_write_png_to_func(append, &bytes, picture.width, picture.height, 3, opaque.data(),
                             picture.width * 3) == 0)
    throw std::runtime_error(fmt::format("{}: the picture could not be packed", path.string()));

  std::filesystem::path part = path;
  part += ".part";
  const auto fail = [&](std::string_view why) {
    std::error_code ignored;  // the message below says what went wrong
    std::filesystem::remove(part, ignored);
    throw std::runtime_error(fmt::format("{}: {}", path.string(), why));
  };
  std::ofstream file(part, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) fail("cannot be written");
  std::error_code error;
  std::filesystem::rename(part, path, error);
  if (error) fail(error.message());
}

Picture read_picture(const std::filesystem::path& path) {
  Picture picture;
  int channels = 0;
  const std::unique_ptr<stbi_uc, decltype(&std::free)> pixels(
      stbi_load(path.string().c_str(), &picture.width, &picture.height, &channels, 4), &std::free);
  if (!pixels) throw std::runtime_error(fmt::format("{}: {}", path.string(), stbi_failure_reason()));
  picture.pixels.assign(pixels.get(),
                        pixels.get() + static_cast<std::ptrdiff_t>(picture.width) * picture.height * 4);
  return picture;
}

PictureDifference compare(const Picture& a, const Picture& b, int threshold) {
  if (a.width != b.width || a.height != b.height) {
    throw std::invalid_argument(
        fmt::format("pictures: {}x{} and {}x{} cannot be compared", a.width, a.height, b.width, b.height));
  }
  PictureDifference difference;
  for (std::size_t i = 0; i + 3 < a.pixels.size(); i += 4) {
    int worst = 0;
    for (std::size_t c = 0; c < 3; ++c)
      worst = std::max(worst, std::abs(int{a.pixels[i + c]} - int{b.pixels[i + c]}));
    difference.largest = std::max(difference.largest, worst);
    if (worst > threshold) ++difference.pixels;
  }
  return difference;
}

}  // namespace attn::ui
