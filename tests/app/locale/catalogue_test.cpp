#include "app/locale/catalogue.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace attn;
using namespace attn::ui;

namespace {

void add_word(std::string& bytes, std::uint32_t word, bool big_endian) {
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>((word >> (big_endian ? 24 - 8 * i : 8 * i)) & 255u);
}

/// A .mo file of these messages, laid out as msgfmt does: head, two tables, texts.
std::string mo_file(const std::vector<std::pair<std::string, std::string>>& messages,
                    bool big_endian = false) {
  const auto count = static_cast<std::uint32_t>(messages.size());
  std::string bytes;
  for (const std::uint32_t word : {0x950412deu, 0u, count, 28u, 28u + 8 * count, 0u, 0u})
    add_word(bytes, word, big_endian);
  std::uint32_t at = 28 + 16 * count;
  std::string texts;
  const auto entry = [&](const std::string& text) {
    add_word(bytes, static_cast<std::uint32_t>(text.size()), big_endian);
    add_word(bytes, at, big_endian);
    at += static_cast<std::uint32_t>(text.size()) + 1;
    texts += text + '\0';
  };
  for (const auto& [id, translation] : messages) entry(id);
  for (const auto& [id, translation] : messages) entry(translation);
  return bytes + texts;
}

const std::vector<std::pair<std::string, std::string>> kMessages = {
    {"", "Language: zh\n"}, {"Undo", "撤销"}, {"head {head} of {heads}", "第 {head} 头，共 {heads} 头"}};

}  // namespace

TEST_CASE("a catalogue of either byte order is read") {
  for (const bool big_endian : {false, true}) {
    const Catalogue catalogue = Catalogue::from_mo("zh", mo_file(kMessages, big_endian));
    CHECK(catalogue.tr("Undo") == "撤销");
    CHECK(catalogue.language() == "zh");
    CHECK(catalogue.size() == 2);
  }
}

TEST_CASE("a message without translation is shown in English") {
  const Catalogue catalogue = Catalogue::from_mo("zh", mo_file(kMessages));
  CHECK(catalogue.tr("Redo") == "Redo");
  CHECK(Catalogue().tr("Undo") == "Undo");
}

TEST_CASE("arguments have names, and a translation may put them in another order") {
  const Catalogue catalogue =
      Catalogue::from_mo("zh", mo_file({{"{a} before {b}", "{b}在{a}之后"}, {"{a} alone", "{missing}"}}));
  CHECK(catalogue.say("{a} before {b}", fmt::arg("a", 1), fmt::arg("b", 2)) == "2在1之后");
  CHECK(Catalogue().say("{a} before {b}", fmt::arg("a", 1), fmt::arg("b", 2)) == "1 before 2");
  SUBCASE("a translation that asks for something else is not used") {
    CHECK(catalogue.say("{a} alone", fmt::arg("a", 1)) == "1 alone");
  }
}

TEST_CASE("a sentence of the session has numbered arguments") {
  const Catalogue catalogue = Catalogue::from_mo("zh", mo_file({{"Move {0}", "移动 {0}"}}));
  CHECK(catalogue.tr(session::message("Move {0}", {"x1"})) == "移动 x1");
}

TEST_CASE("a catalogue that is cut off anywhere is refused with one line") {
  const std::string whole = mo_file(kMessages);
  for (std::size_t length = 0; length + 1 < whole.size(); ++length) {
    CAPTURE(length);
    CHECK_THROWS_AS(Catalogue::from_mo("zh", whole.substr(0, length)), CatalogueError);
  }
  // Only the zero byte behind the last text may be missing.
  CHECK_NOTHROW(Catalogue::from_mo("zh", whole.substr(0, whole.size() - 1)));
}

TEST_CASE("a catalogue whose numbers point anywhere is refused or read, never worse") {
  const std::string whole = mo_file(kMessages);
  for (std::size_t at = 0; at < 28 + 16 * kMessages.size(); ++at) {
    for (const int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(value);
      try {
        const std::size_t size = Catalogue::from_mo("zh", damaged).size();
        CHECK(size <= kMessages.size());
      } catch (const CatalogueError& error) {
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
      }
    }
  }
}

TEST_CASE("a catalogue whose texts share their bytes does not become larger than its file") {
  // Eight messages, each as long as three quarters of the file.
  constexpr std::uint32_t kCount = 8;
  constexpr std::uint32_t kSize = 28 + 16 * kCount;
  std::string bytes;
  for (const std::uint32_t word : {0x950412deu, 0u, kCount, 28u, 28u + 8 * kCount, 0u, 0u})
    add_word(bytes, word, false);
  for (std::uint32_t i = 0; i < 2 * kCount; ++i) {
    add_word(bytes, kSize * 3 / 4, false);
    add_word(bytes, i % kCount, false);
  }
  CHECK_THROWS_WITH_AS(Catalogue::from_mo("zh", bytes),
                       "zh.mo: expected texts that fit into 156 bytes, found more by string 0",
                       CatalogueError);
}

TEST_CASE("what is no catalogue is said so") {
  CHECK_THROWS_WITH_AS(Catalogue::from_mo("zh", std::string(40, 'x')), "zh.mo: is no compiled catalogue",
                       CatalogueError);
  CHECK_THROWS_WITH_AS(Catalogue::from_mo("zh", "short"), "zh.mo: expected a catalogue, found 5 bytes",
                       CatalogueError);
}

TEST_CASE("the program speaks English and Chinese, and no other language") {
  CHECK(catalogue("en").tr("Undo") == "Undo");
  CHECK(catalogue("zh").tr("Undo") == "撤销");
  CHECK_THROWS_AS(catalogue("xx"), CatalogueError);
  CHECK(languages().size() == 2);
}
