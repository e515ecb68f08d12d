#include "app/session/builtin.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "app/session/session.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::act;
using attn::tests::cell;
using attn::tests::direct_options;

TEST_CASE("built-in examples: every one opens and is computed") {
  const std::vector<std::string_view> names = builtin_names();
  CHECK(names.size() == 20);
  for (const std::string_view name : names) {
    CAPTURE(std::string(name));
    Session s(direct_options());
    act(s, OpenExample{std::string(name)});
    s.settle();
    CHECK(s.notices().empty());
    CHECK(s.trace_is_current());
    CHECK_FALSE(s.document().scenario().title.in("zh") == s.document().scenario().title.in("en"));
    CHECK_FALSE(s.document().scenario().description.in("zh") == s.document().scenario().description.in("en"));
  }
  CHECK_THROWS_AS(builtin_scenario("nowhere"), std::out_of_range);
}

TEST_CASE("built-in examples: the twin's scores are not symmetric, and the twelve words look back only") {
  Session s(direct_options());
  act(s, OpenExample{"asymmetric_twin"});
  CHECK(cell(s, {Stage::scores, 0, 0, 1}) == 1.75f);  // worked by hand
  CHECK(cell(s, {Stage::scores, 0, 1, 0}) == 1.5f);
  for (const char* name : {"twelve_words_en", "twelve_words_zh"}) {
    const Document d = builtin_scenario(name);
    CHECK(d.dimensions().n_queries == 12);
    CHECK(d.dimensions().n_heads == 2);
    CHECK(d.input().config.mask.causal);
  }
}
