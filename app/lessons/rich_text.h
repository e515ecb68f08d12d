#pragma once
// The texts of lessons: words with live values, formulas, quotations and coloured words in braces. Parsed
// once; assets/lessons/README.md lists what may stand in braces.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/lessons/expression.h"
#include "app/lessons/value.h"

namespace attn::lessons {

/// A stretch of a text.
struct TextPart {
  enum class Kind {
    words,
    strong,  ///< words that stand out
    query,   ///< words in the colour of queries, keys, values
    key,
    value,
    live,     ///< expression, format
    formula,  ///< text, in the notation of formulas
    quote,    ///< text, of `document`
    term      ///< text is the id of a glossary entry
  };
  Kind kind = Kind::words;
  std::string text;
  std::string document;                                 ///< of a quote: "003"
  std::optional<Expression> expression = std::nullopt;  ///< of a live value
  ValueFormat format = {};
};
using RichText = std::vector<TextPart>;

/// Throws ExpressionError for braces that do not close, an unknown mark or an expression that is none.
RichText parse_rich_text(std::string_view text);

/// How long a text is to read: English words, or Chinese characters with other words as one each. What stands
/// in braces counts as one.
std::size_t words_of(const RichText& text, bool chinese);

/// A live value behind what stands before it: a negative number is in brackets where a sign of calculation
/// goes before it, as in 3 · (−2). A list is left as it is.
std::string behind_sign(std::string_view before, const std::string& value);

/// The first digit that stands where none may: outside expressions and quotations. Nothing if there is none.
std::optional<std::string> digits_of(const RichText& text);

}  // namespace attn::lessons
