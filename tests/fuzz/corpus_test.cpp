#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

TEST_CASE("every target keeps its promises on every file of its corpus") {
  REQUIRE_FALSE(attn::fuzz::targets().empty());
  for (const attn::fuzz::Target& target : attn::fuzz::targets()) {
    const auto folder = std::filesystem::path(ATTN_FUZZ_CORPUS) / target.name;
    CAPTURE(folder.string());
    REQUIRE(std::filesystem::is_directory(folder));
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      CAPTURE(entry.path().string());
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text((std::istreambuf_iterator<char>(file)), {});
      const std::vector<std::uint8_t> bytes(text.begin(), text.end());
      CHECK_NOTHROW(target.run(bytes));  // a broken promise aborts
      ++files;
    }
    CHECK(files > 0);
  }
}

TEST_CASE("a folder of the corpus belongs to a target") {
  for (const auto& entry : std::filesystem::directory_iterator(ATTN_FUZZ_CORPUS)) {
    CAPTURE(entry.path().string());
    bool known = false;
    for (const attn::fuzz::Target& target : attn::fuzz::targets()) {
      known = known || entry.path().filename() == target.name;
    }
    CHECK(known);
  }
}
