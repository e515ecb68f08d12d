#include "app/platform/picture.h"

#include <doctest/doctest.h>

using namespace attn::ui;

namespace {

Picture two_pixels() { return {2, 1, {255, 0, 0, 255, 10, 20, 30, 255}}; }

}  // namespace

TEST_CASE("a picture is written and read back") {
  const auto path = std::filesystem::temp_directory_path() / "attentionscope_picture_test.png";
  write_png(path, two_pixels());
  const Picture back = read_picture(path);
  CHECK(back.width == 2);
  CHECK(back.height == 1);
  CHECK(back.pixels == two_pixels().pixels);
  std::filesystem::remove(path);
}

TEST_CASE("a picture that cannot be written leaves nothing behind") {
  const std::filesystem::path nowhere = "/nowhere/at/all.png";
  CHECK_THROWS_WITH_AS(write_png(nowhere, two_pixels()), "/nowhere/at/all.png: cannot be written",
                       std::runtime_error);
}

TEST_CASE("pictures are compared pixel by pixel, with a threshold") {
  const Picture a = two_pixels();
  Picture b = a;
  b.pixels[4] = 15;
  CHECK(compare(a, b, 4).pixels == 1);
  CHECK(compare(a, b, 4).largest == 5);
  CHECK(compare(a, b, 5).pixels == 0);
  CHECK_THROWS_AS(compare(a, Picture{1, 1, {0, 0, 0, 255}}, 0), std::invalid_argument);
}
