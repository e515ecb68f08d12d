#pragma once
// The parts of a line of Python by what they are, for colours.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace attn::code {

enum class Syntax : std::uint8_t {
  plain,    ///< names and operators
  keyword,  ///< def, return, import, …
  number,
  string,
  comment,
  q,  ///< q and what makes it: q, q_rotated, w_q, b_q, …
  k,
  v,
};

struct Span {
  Syntax kind = Syntax::plain;
  std::size_t first = 0;  ///< byte
  std::size_t last = 0;   ///< past the last byte
  bool operator==(const Span&) const = default;
};

/// The whole of one line, without gaps; neighbours differ. For lines as write_listing() makes them: strings
/// end in the line in which they began.
std::vector<Span> spans_of(std::string_view line);

}  // namespace attn::code
