#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace attn::ui {

/// Reads one code point of UTF-8 and moves `at` past it; a broken sequence is U+FFFD and one byte.
char32_t next_code_point(std::string_view text, std::size_t& at);
/// Adds one code point to a text.
void append_utf8(std::string& text, char32_t character);

}  // namespace attn::ui
