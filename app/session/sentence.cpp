#include "app/session/sentence.h"

#include <algorithm>
#include <cstddef>

#include "app/lexicon/join_words.h"
#include "core/io/text.h"

namespace attn::session {
namespace {

enum class Kind {
  space,
  han,    ///< Chinese characters and kana, written without spaces
  mark,   ///< punctuation
  letter  ///< everything else: letters, digits, signs that belong to words
};

struct Span {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool in(const Span (&spans)[N], char32_t c) {
  return std::ranges::any_of(spans, [c](const Span& s) { return c >= s.first && c <= s.last; });
}

Kind kind_of(char32_t c) {
  static constexpr Span kSpaces[] = {{0x09, 0x0D},     {0x20, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},
                                     {0x1680, 0x1680}, {0x2000, 0x200A}, {0x200B, 0x200B}, {0x2028, 0x2029},
                                     {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
  static constexpr Span kHan[] = {{0x2E80, 0x2FDF},  {0x3005, 0x3007}, {0x3021, 0x3029}, {0x3031, 0x3035},
                                  {0x3041, 0x309F},  {0x30A1, 0x30FA}, {0x30FC, 0x30FF}, {0x31F0, 0x31FF},
                                  {0x3400, 0x4DBF},  {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0xFF66, 0xFF9D},
                                  {0x20000, 0x3FFFD}};
  static constexpr Span kMarks[] = {{0x21, 0x2F},     {0x3A, 0x40},     {0x5B, 0x60},     {0x7B, 0x7E},
                                    {0xA1, 0xA1},     {0xA7, 0xA7},     {0xAB, 0xAB},     {0xB6, 0xB7},
                                    {0xBB, 0xBB},     {0xBF, 0xBF},     {0x2010, 0x2027}, {0x2030, 0x205E},
                                    {0x3001, 0x3004}, {0x3008, 0x3020}, {0x3030, 0x3030}, {0x303D, 0x303F},
                                    {0x30A0, 0x30A0}, {0x30FB, 0x30FB}, {0xFE30, 0xFE6B}, {0xFF01, 0xFF0F},
                                    {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}};
  if (in(kSpaces, c)) return Kind::space;
  if (in(kHan, c)) return Kind::han;
  if (in(kMarks, c)) return Kind::mark;
  return Kind::letter;
}

/// Marks that belong to a word when letters or digits stand on both sides.
bool joins(char32_t c) {
  constexpr char32_t kRightQuote = 0x2019;
  constexpr char32_t kHyphen = 0x2010;
  constexpr char32_t kUnbreakableHyphen = 0x2011;
  return c == U'\'' || c == kRightQuote || c == U'-' || c == kHyphen || c == kUnbreakableHyphen ||
         c == U'.' || c == U',' || c == U':' || c == U'_';
}

/// Accents, variants and joiners that are drawn on the character before.
bool belongs_to_previous(char32_t c) {
  static constexpr Span kMarks[] = {{0x0300, 0x036F},   {0x1AB0, 0x1AFF},  {0x1DC0, 0x1DFF}, {0x200C, 0x200D},
                                    {0x20D0, 0x20FF},   {0x3099, 0x309A},  {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
                                    {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF}};
  return in(kMarks, c);
}

/// Whether somebody put white space between two Chinese or Japanese characters.
bool cut_by_spaces(std::u32string_view text) {
  bool han_before = false;
  bool space_since = false;
  for (const char32_t c : text) {
    const Kind kind = kind_of(c);
    if (kind == Kind::space) {
      space_since = true;
      continue;
    }
    if (kind == Kind::han && han_before && space_since) return true;
    han_before = kind == Kind::han;
    space_since = false;
  }
  return false;
}

}  // namespace

std::vector<std::string> split_sentence(std::string_view utf8) {
  const std::u32string text = io::decode_utf8(utf8);
  const bool han_words = cut_by_spaces(text);
  const auto kind_at = [&](std::size_t i) { return i < text.size() ? kind_of(text[i]) : Kind::space; };

  std::vector<std::u32string> tokens;
  Kind open = Kind::space;  // what the last token still takes more of
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    Kind kind = kind_of(c);
    if (belongs_to_previous(c) && i > 0 && kind_at(i - 1) != Kind::space && !tokens.empty()) {
      tokens.back() += c;
      continue;
    }
    if (kind == Kind::mark && joins(c) && open == Kind::letter && kind_at(i + 1) == Kind::letter) {
      kind = Kind::letter;
    }
    if (kind == Kind::space) {
      open = Kind::space;
      continue;
    }
    const bool goes_on = kind == open && (kind == Kind::letter || (kind == Kind::han && han_words) ||
                                          (kind == Kind::mark && tokens.back().back() == c));
    if (goes_on) {
      tokens.back() += c;
    } else {
      tokens.emplace_back(1, c);
    }
    open = kind;
  }

  std::vector<std::string> result;
  result.reserve(tokens.size());
  for (const std::u32string& token : tokens) result.push_back(io::encode_utf8(token));
  return result;
}

bool is_cut_by_spaces(std::string_view text) { return cut_by_spaces(io::decode_utf8(text)); }

std::vector<std::string> words_of_sentence(std::string_view text) {
  if (!io::is_utf8(text)) return {};
  std::vector<std::string> tokens = split_sentence(text);
  return is_cut_by_spaces(text) ? tokens : lexicon::join_words(tokens);
}

std::string sentence_of(const std::vector<std::string>& tokens) {
  for (const std::string_view between : {"", " "}) {
    std::string text;
    for (const std::string& token : tokens) {
      if (!text.empty()) text += between;
      text += token;
    }
    if (split_sentence(text) == tokens) return text;
  }
  return {};
}

}  // namespace attn::session
