#include "app/locale/catalogue.h"
#include "app/session/file_message.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace attn::ui {
namespace {

/// The head of a .mo file, in words of 32 bits (gettext manual, "The Format of GNU MO Files").
enum Word : std::size_t { magic_word = 0, count_word = 2, ids_word = 3, translations_word = 4, n_words = 7 };
constexpr std::uint32_t kMagic = 0x950412de;
constexpr std::uint32_t kMagicSwapped = 0xde120495;
/// A damaged count must not make us ask for gigabytes.
constexpr std::uint64_t kMostMessages = 100'000;

class MoFile {
 public:
  MoFile(std::string_view language, std::string_view bytes) : language_(language), bytes_(bytes) {
    if (bytes.size() < n_words * 4) fail(fmt::format("expected a catalogue, found {} bytes", bytes.size()));
    const std::uint32_t magic = word_at(0);
    if (magic != kMagic && magic != kMagicSwapped) fail("is no compiled catalogue");
    swapped_ = magic == kMagicSwapped;
    count_ = word_at(count_word * 4);
    if (count_ > kMostMessages)
      fail(fmt::format("expected at most {} messages, found {}", kMostMessages, count_));
    ids_ = table(ids_word);
    translations_ = table(translations_word);
  }

  std::uint64_t count() const { return count_; }
  std::string_view id(std::uint64_t i) const { return text(ids_, i); }
  std::string_view translation(std::uint64_t i) const { return text(translations_, i); }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw CatalogueError(fmt::format("{}.mo: {}", language_, why));
  }
  /// The caller knows that four bytes are there.
  std::uint32_t word_at(std::uint64_t offset) const {
    std::array<unsigned char, 4> b{};
    std::memcpy(b.data(), bytes_.data() + offset, b.size());
    const std::uint32_t little =
        b[0] | (std::uint32_t{b[1]} << 8) | (std::uint32_t{b[2]} << 16) | (std::uint32_t{b[3]} << 24);
    const std::uint32_t big =
        b[3] | (std::uint32_t{b[2]} << 8) | (std::uint32_t{b[1]} << 16) | (std::uint32_t{b[0]} << 24);
    return swapped_ ? big : little;
  }
  std::uint64_t table(Word where) const {
    const std::uint64_t offset = word_at(where * 4);
    if (offset + count_ * 8 > bytes_.size())
      fail(fmt::format("the table at byte {} ends after the file", offset));
    return offset;
  }
  std::string_view text(std::uint64_t table, std::uint64_t i) const {
    const std::uint64_t length = word_at(table + i * 8);
    const std::uint64_t offset = word_at(table + i * 8 + 4);
    if (offset + length > bytes_.size()) fail(fmt::format("string {} ends after the file", i));
    return bytes_.substr(offset, length);
  }

  std::string_view language_;
  std::string_view bytes_;
  bool swapped_ = false;
  std::uint64_t count_ = 0;
  std::uint64_t ids_ = 0;
  std::uint64_t translations_ = 0;
};

}  // namespace

Catalogue Catalogue::from_mo(std::string language, std::string_view bytes) {
  const MoFile file(language, bytes);
  Catalogue catalogue;
  catalogue.messages_.reserve(file.count());
  std::uint64_t length = 0;
  for (std::uint64_t i = 0; i < file.count(); ++i) {
    const std::string_view id = file.id(i);
    const std::string_view translation = file.translation(i);
    length += id.size() + translation.size();
    // Many messages that point at one long text would take the square of the file's size.
    if (length > bytes.size()) {
      throw CatalogueError(
          fmt::format("{}.mo: expected texts that fit into {} bytes, found more by string {}", language,
                      bytes.size(), i));
    }
    if (!id.empty() && !translation.empty())
      catalogue.messages_.insert_or_assign(std::string(id), translation);
  }
  catalogue.language_ = std::move(language);
  return catalogue;
}

std::string_view Catalogue::tr(std::string_view id) const {
  const auto found = messages_.find(id);
  return found == messages_.end() ? id : std::string_view(found->second);
}

std::string Catalogue::tr(const session::Message& message) const {
  const std::vector<session::Message> phrases = session::phrases_in(message);
  if (phrases.empty()) return session::substitute(tr(message.id), message.arguments);
  std::vector<std::string> arguments;
  arguments.reserve(phrases.size());
  for (const session::Message& phrase : phrases)
    arguments.push_back(session::substitute(tr(phrase.id), phrase.arguments));
  return session::substitute(tr(message.id), arguments);
}

std::string Catalogue::format(std::string_view id, fmt::format_args arguments) const {
  const std::string_view translation = tr(id);
  if (translation != id) {
    try {
      return fmt::vformat(translation, arguments);
    } catch (const fmt::format_error&) {
      // The translation asks for an argument that nobody gave: English is better than nothing. A test
      // compares the arguments of every translation with those of its message.
    }
  }
  return fmt::vformat(id, arguments);
}

std::vector<std::pair<std::string_view, std::string_view>> Catalogue::messages() const {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  all.reserve(messages_.size());
  for (const auto& [id, translation] : messages_) all.emplace_back(id, translation);
  return all;
}

}  // namespace attn::ui
