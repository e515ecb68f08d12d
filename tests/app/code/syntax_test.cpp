#include "app/code/syntax.h"

#include <string>

#include <doctest/doctest.h>

namespace attn::code {
namespace {

/// "q:[q] …": every part with the letter of its kind.
std::string marked(std::string_view line) {
  constexpr std::string_view kLetters = "pkns#QKV";
  std::string out;
  for (const Span& span : spans_of(line)) {
    out += kLetters[static_cast<std::size_t>(span.kind)];
    out += "[" + std::string(line.substr(span.first, span.last - span.first)) + "]";
  }
  return out;
}

TEST_CASE("names of queries, keys and values have their colours, other names do not") {
  CHECK(marked("scores = q @ k.T") == "p[scores = ]Q[q]p[ @ ]K[k]p[.T]");
  CHECK(marked("v = x @ w_v + b_v") == "V[v]p[ = x @ ]V[w_v]p[ + ]V[b_v]");
  CHECK(marked("torch.q + quick") == "p[torch.q + quick]");
}

TEST_CASE("numbers, strings, keywords and comments are told apart") {
  CHECK(marked("import numpy as np") == "k[import]p[ numpy ]k[as]p[ np]");
  CHECK(marked("a = 1e-9 - 0x9E + d2") == "p[a = ]n[1e-9]p[ - ]n[0x9E]p[ + d2]");
  CHECK(marked(R"(print("q # \" 1") # "k")") == R"(p[print(]s["q # \" 1"]p[) ]#[# "k"])");
  CHECK(marked("\"not closed") == "s[\"not closed]");
  CHECK(marked("").empty());
}

TEST_CASE("the parts of a line are the whole line, in order") {
  const std::string line = "masked = np.where(visible, scaled, -np.inf)  # h × n × m = 2 × 5 × 5";
  std::size_t at = 0;
  for (const Span& span : spans_of(line)) {
    CHECK(span.first == at);
    CHECK(span.last > span.first);
    at = span.last;
  }
  CHECK(at == line.size());
}

}  // namespace
}  // namespace attn::code
