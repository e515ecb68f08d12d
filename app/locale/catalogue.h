#pragma once
// The program's texts in the reader's language. English messages are the ids; another language is a
// compiled gettext catalogue (.mo), read here without libintl. Arguments have names: "head {head} of
// {heads}", so that a translation may put them in another order.

#include <fmt/args.h>
#include <fmt/format.h>

#include <cstddef>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/session/message.h"

namespace attn::ui {

/// The bytes are no catalogue, or a damaged one. One line.
struct CatalogueError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Catalogue {
 public:
  /// English: every message is its own translation.
  Catalogue() = default;
  /// Takes a .mo file's bytes (either byte order). Every offset is checked.
  /// Throws CatalogueError: "zh.mo: string 12 ends after the file".
  static Catalogue from_mo(std::string language, std::string_view bytes);

  /// "en", "zh"
  const std::string& language() const { return language_; }
  /// The translation, or `id` itself where there is none. Lives as long as the catalogue and `id`.
  std::string_view tr(std::string_view id) const;

  /// tr() with arguments: say("head {head} of {heads}", fmt::arg("head", 1), fmt::arg("heads", 4)).
  /// A translation that names an argument that is not given is shown in English instead.
  template <class... Arguments>
  std::string say(std::string_view id, const Arguments&... arguments) const {
    return format(id, fmt::make_format_args(arguments...));
  }

  /// A sentence of the session, its {0}, {1} … replaced.
  std::string tr(const session::Message& message) const;

  std::size_t size() const { return messages_.size(); }
  /// Every id and every translation, for glyphs and for tests.
  std::vector<std::pair<std::string_view, std::string_view>> messages() const;

 private:
  std::string format(std::string_view id, fmt::format_args arguments) const;

  std::string language_ = "en";
  struct Hash {
    // Looks up without making a string; the standard's name.
    using is_transparent = void;  // NOLINT(readability-identifier-naming)
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> messages_;
};

/// The languages that the program speaks: "en" first.
struct Language {
  std::string_view tag;   ///< "zh"
  std::string_view name;  ///< in itself: "中文"
};
std::span<const Language> languages();
/// The embedded catalogue of a language. Throws CatalogueError for one that does not exist.
const Catalogue& catalogue(std::string_view language);

}  // namespace attn::ui

/// Marks a message that is translated later, so that the catalogue's test finds it:
/// const char* kTitles[] = {ATTN_MESSAGE("raw scores"), …};
#define ATTN_MESSAGE(id) id
