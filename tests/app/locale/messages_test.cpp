// The sources and the catalogues belong together: every text of the program is translated, nothing
// translated is stale, arguments agree, and every letter can be drawn.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "app/locale/catalogue.h"
#include "app/platform/fonts.h"
#include "app/platform/utf8.h"

using namespace attn::ui;

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Reads the string literals from `at` on, joined as the compiler joins them; empty where there are none.
std::string literals(const std::string& source, std::size_t at) {
  std::string text;
  while (at < source.size()) {
    while (at < source.size() && std::isspace(static_cast<unsigned char>(source[at]))) ++at;
    if (at >= source.size() || source[at] != '"') break;
    for (++at; at < source.size() && source[at] != '"'; ++at) {
      if (source[at] == '\\' && at + 1 < source.size()) {
        ++at;
        text += source[at] == 'n' ? '\n' : source[at];
      } else {
        text += source[at];
      }
    }
    ++at;
  }
  return text;
}

/// Every text given to tr(), say(), message() or ATTN_MESSAGE() in the program, and where.
std::map<std::string, std::string> messages_in_sources() {
  static const std::regex call("\\b(?:tr|say|message|ATTN_MESSAGE)\\s*\\(\\s*(?=\")");
  static const std::regex comment("(^|\\n)[ \\t]*//[^\\n]*");
  std::map<std::string, std::string> found;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::filesystem::path(ATTN_SOURCE_DIR) / "app")) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".h") continue;
    const std::string source = std::regex_replace(read(entry.path()), comment, "$1");
    for (auto at = std::sregex_iterator(source.begin(), source.end(), call); at != std::sregex_iterator();
         ++at) {
      const std::string text = literals(source, static_cast<std::size_t>(at->position() + at->length()));
      if (!text.empty()) found.emplace(text, entry.path().filename().string());
    }
  }
  return found;
}

std::set<std::string> arguments(std::string_view text) {
  static const std::regex argument("\\{([^{}:]*)");
  std::set<std::string> names;
  const std::string all(text);
  for (auto at = std::sregex_iterator(all.begin(), all.end(), argument); at != std::sregex_iterator(); ++at)
    names.insert((*at)[1]);
  return names;
}

}  // namespace

TEST_CASE("the search for texts in the sources finds them") {
  const auto found = messages_in_sources();
  CHECK(found.size() > 100);
  CHECK(found.contains("Undo"));
  CHECK(found.contains("temperature"));
}

TEST_CASE("every text of the program has a Chinese translation") {
  const Catalogue& chinese = catalogue("zh");
  std::set<std::string> known;
  for (const auto& [id, translation] : chinese.messages()) known.emplace(id);
  for (const auto& [id, file] : messages_in_sources()) {
    CAPTURE(file);
    CHECK_MESSAGE(known.contains(id), "not translated: ", id);
  }
}

TEST_CASE("no translation is stale") {
  const auto found = messages_in_sources();
  for (const auto& [id, translation] : catalogue("zh").messages())
    CHECK_MESSAGE(found.contains(std::string(id)), "no longer used: ", std::string(id));
}

TEST_CASE("a translation has the arguments of its message") {
  for (const auto& [id, translation] : catalogue("zh").messages()) {
    CAPTURE(std::string(id));
    CHECK(arguments(id) == arguments(translation));
  }
}

TEST_CASE("every letter of both languages can be drawn in every face") {
  const Fonts fonts;
  REQUIRE(fonts.missing().empty());
  std::set<char32_t> letters;
  for (const auto& [id, translation] : catalogue("zh").messages())
    for (const std::string_view text : {id, translation})
      for (std::size_t at = 0; at < text.size();) letters.insert(next_code_point(text, at));
  letters.erase(U'\n');
  CHECK(letters.size() > 200);
  for (const char32_t letter : letters) {
    std::string shown;
    append_utf8(shown, letter);
    CAPTURE(shown);
    for (int face = 0; face < kFaceCount; ++face) CHECK(fonts.shows(static_cast<Face>(face), letter));
  }
}

TEST_CASE("weights are always attention weights or parameters, never one word for both") {
  for (const auto& [id, translation] : catalogue("zh").messages()) {
    CAPTURE(std::string(translation));
    if (id.find("parameter") != std::string_view::npos)
      CHECK(translation.find("参数") != std::string_view::npos);
  }
}
