#pragma once
// Text as files need it: UTF-8, numbers in their shortest form, and pieces of other people's files made
// safe to show inside a one-line message.

#include <cstddef>
#include <string>
#include <string_view>

namespace attn::io {

/// Where the first byte that is no well-formed UTF-8 stands; text.size() if all of it is.
std::size_t first_bad_utf8(std::string_view text);
inline bool is_utf8(std::string_view text) { return first_bad_utf8(text) == text.size(); }

/// The code points of well-formed UTF-8. Throws std::invalid_argument for anything else.
std::u32string decode_utf8(std::string_view text);
/// Throws std::invalid_argument for a code point that UTF-8 cannot hold.
std::string encode_utf8(std::u32string_view code_points);

/// The letters A to Z as a to z; everything else as it is.
std::string lower_case(std::string_view text);

/// One line that shows `text`: line breaks, control characters and broken bytes are escaped, and what
/// is longer than `limit` bytes ends in "…".
std::string printable(std::string_view text, std::size_t limit = 60);
/// printable() between double quotes.
std::string in_quotes(std::string_view text, std::size_t limit = 60);

/// `text` as a JSON string, quotes included. Throws std::invalid_argument if it is not UTF-8.
std::string json_string(std::string_view text);
/// The same, at the end of `out`.
void append_json_string(std::string& out, std::string_view text);

/// The shortest decimal that reads back to the very same number; -0 is written "-0.0", since "-0" is an
/// integer in JSON and loses its sign in many readers. The number must be finite.
std::string shortest(float value);
std::string shortest(double value);

}  // namespace attn::io
