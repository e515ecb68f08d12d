#include "app/lessons/rich_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "core/io/text.h"

namespace attn::lessons {
namespace {

using PartKind = TextPart::Kind;

constexpr std::array<std::pair<std::string_view, PartKind>, 6> kMarks = {{{"q:", PartKind::query},
                                                                          {"k:", PartKind::key},
                                                                          {"v:", PartKind::value},
                                                                          {"f:", PartKind::formula},
                                                                          {"quote:", PartKind::quote},
                                                                          {"term:", PartKind::term}}};

/// Where the brace that opens at `open` closes; braces inside (of formulas) come in pairs.
std::size_t closing_brace(std::string_view text, std::size_t open) {
  std::size_t depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i;
  }
  throw ExpressionError("expected \"}\", found the end of the text after " +
                        io::in_quotes(text.substr(open)));
}

TextPart live(std::string_view inside) {
  TextPart part{PartKind::live, {}, {}};
  const std::size_t bar = inside.rfind('|');
  std::string_view expression = inside;
  if (bar != std::string_view::npos) {
    const std::string_view how = inside.substr(bar + 1);
    expression = inside.substr(0, bar);
    if (how == "%") {
      part.format.kind = ValueFormat::Kind::percent;
    } else if (how == "exact") {
      part.format.kind = ValueFormat::Kind::exact;
    } else if (how.size() == 1 && how[0] >= '0' && how[0] <= '8') {
      part.format = {ValueFormat::Kind::decimals, how[0] - '0'};
    } else {
      throw ExpressionError(
          fmt::format("expected a number of decimals, % or exact after \"|\", found {}", io::in_quotes(how)));
    }
  }
  part.expression = parse_expression(expression);
  return part;
}

TextPart in_braces(std::string_view inside) {
  for (const auto& [mark, kind] : kMarks) {
    if (!inside.starts_with(mark)) continue;
    TextPart part{kind, std::string(inside.substr(mark.size())), {}};
    if (kind == PartKind::quote) {
      constexpr std::size_t kNumber = 3;
      const bool numbered = part.text.size() > kNumber && part.text[kNumber] == ' ' &&
                            std::all_of(part.text.begin(), part.text.begin() + kNumber,
                                        [](char c) { return c >= '0' && c <= '9'; });
      if (!numbered) {
        throw ExpressionError(
            fmt::format("expected an article's number and its words, as in {{quote:003 …}}, found {}",
                        io::in_quotes(inside)));
      }
      part.document = part.text.substr(0, kNumber);
      part.text.erase(0, kNumber + 1);
    }
    if (part.text.empty())
      throw ExpressionError(fmt::format("expected words after \"{}\", found none", mark));
    return part;
  }
  return live(inside);
}

bool is_chinese(char32_t c) { return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF); }
bool is_space(char32_t c) { return c == U' ' || c == U'\n' || c == U'\t' || c == U'　'; }
bool is_punctuation(char32_t c) {
  return (c < 0x80 && std::u32string_view(U".,;:!?()[]\"'/=+-–…*").find(c) != std::u32string_view::npos) ||
         (c >= 0x2010 && c <= 0x2027) || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFF20);
}

}  // namespace

RichText parse_rich_text(std::string_view text) {
  RichText parts;
  std::string words;
  bool strong = false;
  const auto finish = [&] {
    if (!words.empty())
      parts.push_back({strong ? PartKind::strong : PartKind::words, std::exchange(words, {}), {}});
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') {
      finish();
      const std::size_t close = closing_brace(text, i);
      parts.push_back(in_braces(text.substr(i + 1, close - i - 1)));
      i = close;
    } else if (text[i] == '}') {
      throw ExpressionError("expected \"{\" before \"}\", found none");
    } else if (text[i] == '*') {
      finish();
      strong = !strong;
    } else {
      words += text[i];
    }
  }
  if (strong) throw ExpressionError("expected a second \"*\", found the end of the text");
  finish();
  return parts;
}

std::size_t words_of(const RichText& text, bool chinese) {
  std::size_t count = 0;
  bool in_word = false;
  for (const TextPart& part : text) {
    const bool plain = part.kind == PartKind::words || part.kind == PartKind::strong;
    if (!plain) {
      ++count;
      in_word = false;
      continue;
    }
    for (const char32_t c : io::decode_utf8(part.text)) {
      if (is_space(c)) {
        in_word = false;
      } else if (is_punctuation(c)) {
        if (chinese) in_word = false;
      } else if (chinese && is_chinese(c)) {
        ++count;
        in_word = false;
      } else if (!in_word) {
        ++count;
        in_word = true;
      }
    }
    in_word = false;
  }
  return count;
}

std::string behind_sign(std::string_view before, const std::string& value) {
  constexpr std::array<std::string_view, 6> kSigns = {"·", "×", "÷", "/", "+", "−"};
  const bool negative = value.starts_with("−") && value.find(',') == std::string::npos;
  while (before.ends_with(' ')) before.remove_suffix(1);
  const bool behind =
      std::ranges::any_of(kSigns, [&](std::string_view sign) { return before.ends_with(sign); });
  return negative && behind ? "(" + value + ")" : value;
}

std::optional<std::string> digits_of(const RichText& text) {
  for (const TextPart& part : text) {
    if (part.kind == PartKind::live || part.kind == PartKind::quote || part.kind == PartKind::term) continue;
    for (const char32_t c : io::decode_utf8(part.text)) {
      const bool digit = (c >= U'0' && c <= U'9') || (c >= U'０' && c <= U'９') || (c >= U'₀' && c <= U'₉') ||
                         c == U'²' || c == U'³' || c == U'¹' || (c >= U'⁰' && c <= U'⁹') || c == U'½' ||
                         c == U'¼';
      if (digit) return part.text;
    }
  }
  return std::nullopt;
}

}  // namespace attn::lessons
