#include "app/session/message.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace attn::session;

TEST_CASE("message: arguments take the places of their numbers") {
  struct Case {
    std::string text;
    std::vector<std::string> arguments;
    std::string expected;
  };
  const std::vector<Case> cases = {
      {"Move {0}", {"x1"}, "Move x1"},
      {"{1} before {0}, {1}", {"a", "b"}, "b before a, b"},
      {"no argument {0}", {}, "no argument {0}"},
      {"{x} {} {0", {"a"}, "{x} {} {0"},
      {"{0}", {"{0}"}, "{0}"},  // what an argument holds is not looked at again
      {"{ {0}", {"a"}, "{ a"},
      {"", {"a"}, ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(substitute(c.text, c.arguments) == c.expected);
  }
}

TEST_CASE("message: a line of the engine is shown as it is, braces and all") {
  CHECK(english(verbatim("x: expected {0}, found 1")) == "x: expected {0}, found 1");
  CHECK(english(message("Saved {0}", {"a.json"})) == "Saved a.json");
}
