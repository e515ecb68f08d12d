// The whole window as a picture, against references that a person has looked at. tests/tools/pictures.sh
// --update makes the references anew.

#include "app/platform/picture.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

using namespace attn::ui;

namespace {

namespace fs = std::filesystem;

/// Letters and lines are smoothed a little differently by every version of FreeType and Mesa.
constexpr int kThreshold = 32;
constexpr std::size_t kAllowedPercent = 1;

/// Renders the scenario as `attentionscope render` does for a person, by Mesa's software renderer.
void render(const fs::path& output, std::string_view scenario, std::string_view options) {
  const std::string command = fmt::format(
      "LIBGL_ALWAYS_SOFTWARE=1 GALLIUM_DRIVER=llvmpipe '{}' render '{}/assets/scenarios/{}.json' -o '{}' "
      "--size 960x600 {}",
      ATTN_PROGRAM_FILE, ATTN_SOURCE_DIR, scenario, output.string(), options);
  CAPTURE(command);
  REQUIRE(std::system(command.c_str()) == 0);
}

void check_picture(std::string_view scenario, std::string_view variant, std::string_view options) {
  const std::string file = fmt::format("{}_{}.png", scenario, variant);
  const fs::path reference = fs::path(ATTN_GOLDEN_DIR) / "pictures" / file;
  const fs::path drawn = fs::path(ATTN_DRAWN_DIR) / file;
  if (std::getenv("ATTN_UPDATE_PICTURES")) {
    fs::create_directories(reference.parent_path());
    render(reference, scenario, options);
    return;
  }
  fs::create_directories(drawn.parent_path());
  render(drawn, scenario, options);
  INFO("drawn: ", drawn.string());
  INFO("reference: ", reference.string());
  INFO("where the new picture is right: bash tests/tools/pictures.sh --update");
  const Picture now = read_picture(drawn);
  const PictureDifference difference = compare(now, read_picture(reference), kThreshold);
  INFO("largest difference of a colour: ", difference.largest);
  CHECK(difference.pixels * 100 <= kAllowedPercent * now.pixels.size() / 4);
}

}  // namespace

TEST_CASE("three words look as they did, in light English") {
  check_picture("three_words", "light_en", "--theme light --language en");
}

TEST_CASE("three words look as they did, in dark Chinese") {
  check_picture("three_words", "dark_zh", "--theme dark --language zh");
}

TEST_CASE("twelve words look as they did, in light English") {
  check_picture("twelve_words_zh", "light_en", "--theme light --language en");
}

TEST_CASE("twelve words look as they did, in dark Chinese") {
  check_picture("twelve_words_zh", "dark_zh", "--theme dark --language zh");
}
