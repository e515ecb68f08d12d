#include "app/code/syntax.h"

#include <algorithm>
#include <array>

namespace attn::code {
namespace {

constexpr std::array<std::string_view, 12> kKeywords = {"def", "return", "import", "as",   "for",   "in",
                                                        "if",  "else",   "from",   "True", "False", "None"};
constexpr std::array<std::string_view, 6> kOfQ = {"q",   "q_rotated",    "w_q",
                                                  "b_q", "additive_w_q", "query_part"};
constexpr std::array<std::string_view, 7> kOfK = {"k",        "k_rotated", "w_k", "b_k", "additive_w_k",
                                                  "key_part", "k_shared"};
constexpr std::array<std::string_view, 4> kOfV = {"v", "w_v", "b_v", "v_shared"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

Syntax kind_of_name(std::string_view name) {
  const auto stands_in = [&](const auto& list) { return std::ranges::find(list, name) != list.end(); };
  if (stands_in(kKeywords)) return Syntax::keyword;
  if (stands_in(kOfQ)) return Syntax::q;
  if (stands_in(kOfK)) return Syntax::k;
  if (stands_in(kOfV)) return Syntax::v;
  return Syntax::plain;
}

std::size_t end_of_string(std::string_view line, std::size_t at) {
  for (std::size_t i = at + 1; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == line[at]) {
      return i + 1;
    }
  }
  return line.size();
}

std::size_t end_of_number(std::string_view line, std::size_t at) {
  while (at < line.size()) {
    const bool exponent = (line[at] == '-' || line[at] == '+') && (line[at - 1] == 'e');
    if (!is_digit(line[at]) && !starts_name(line[at]) && line[at] != '.' && !exponent) break;
    ++at;
  }
  return at;
}

}  // namespace

std::vector<Span> spans_of(std::string_view line) {
  std::vector<Span> spans;
  const auto add = [&](Syntax kind, std::size_t first, std::size_t last) {
    if (!spans.empty() && spans.back().kind == kind) {
      spans.back().last = last;
    } else {
      spans.push_back({kind, first, last});
    }
  };
  std::size_t at = 0;
  while (at < line.size()) {
    const char c = line[at];
    std::size_t end = at + 1;
    Syntax kind = Syntax::plain;
    if (c == '#') {
      end = line.size();
      kind = Syntax::comment;
    } else if (c == '"' || c == '\'') {
      end = end_of_string(line, at);
      kind = Syntax::string;
    } else if (is_digit(c)) {
      end = end_of_number(line, at + 1);
      kind = Syntax::number;
    } else if (starts_name(c)) {
      while (end < line.size() && (starts_name(line[end]) || is_digit(line[end]))) ++end;
      // What stands behind a point belongs to something else: torch.q is no query.
      if (at == 0 || line[at - 1] != '.') kind = kind_of_name(line.substr(at, end - at));
    }
    add(kind, at, end);
    at = end;
  }
  return spans;
}

}  // namespace attn::code
