// The languages of the program, and their catalogues, which travel inside it.

#include <array>

#include "app/locale/catalogue.h"
#include "embedded/attn_catalogues.h"

namespace attn::ui {
namespace {

constexpr std::array<Language, 2> kLanguages = {Language{"en", "English"}, Language{"zh", "中文"}};

}  // namespace

std::span<const Language> languages() { return kLanguages; }

const Catalogue& catalogue(std::string_view language) {
  static const Catalogue kEnglish;
  static const Catalogue kChinese = [] {
    const auto bytes = catalogues::find("zh.mo");
    if (!bytes) throw CatalogueError("zh.mo: was not built into this program");
    return Catalogue::from_mo("zh", *bytes);
  }();
  if (language == "en") return kEnglish;
  if (language == "zh") return kChinese;
  throw CatalogueError(fmt::format("language: expected en or zh, found {}", language));
}

}  // namespace attn::ui
