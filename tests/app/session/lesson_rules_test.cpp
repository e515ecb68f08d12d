#include "app/session/lesson_rules.h"

#include <doctest/doctest.h>

#include "app/session/builtin.h"

using namespace attn;
using namespace attn::session;

TEST_CASE("a veil over scores hides all that is computed from them, and nothing before") {
  const Document document = builtin_scenario("three_words");
  const Veil veil({{Stage::scores, std::nullopt, std::nullopt}}, document.input());
  CHECK_FALSE(veil.hides({Stage::q, 0, 0, 0}));
  CHECK_FALSE(veil.hides({Stage::v, 0, 0, 0}));
  for (const Stage stage :
       {Stage::scores, Stage::scaled, Stage::masked, Stage::weights, Stage::head_outputs, Stage::output})
    CHECK(veil.hides({stage, 0, 2, 0}));
}

TEST_CASE("a veil over one row of one head leaves other rows and heads") {
  const Document document = builtin_scenario("previous");
  const Veil veil({{Stage::weights, std::size_t{0}, std::size_t{1}}}, document.input());
  CHECK(veil.hides({Stage::weights, 0, 1, 0}));
  CHECK_FALSE(veil.hides({Stage::weights, 0, 0, 0}));
  CHECK(veil.hides({Stage::output, 0, 1, 0}));
  CHECK_FALSE(veil.hides({Stage::output, 0, 0, 0}));
  CHECK_FALSE(veil.hides({Stage::scores, 0, 1, 0}));
  CHECK(veil.hides_some(Stage::weights));
  CHECK_FALSE(veil.hides_some(Stage::scores));
}

TEST_CASE("only and lock name what may be changed") {
  LessonRules rules;
  CHECK_FALSE(is_locked(rules, Edit(SetTemperature{2.0})));
  rules.only = std::vector<std::string>{"x[1]", "parameters"};
  CHECK(is_locked(rules, Edit(SetXCell{0, 0, 1.0f})));
  CHECK_FALSE(is_locked(rules, Edit(SetXCell{1, 0, 1.0f})));
  CHECK_FALSE(is_locked(rules, Edit(SetParameterCell{{ParameterId::w_q, 0, 0}, 1.0f})));
  CHECK(is_locked(rules, Edit(SetTemperature{2.0})));
  CHECK(is_locked(rules, PullFreedom::all_words, 1));
  CHECK_FALSE(is_locked(rules, PullFreedom::this_word, 1));
  CHECK_FALSE(is_locked(rules, PullFreedom::w_v, 0));
  rules.lock = {"w_v"};
  CHECK(is_locked(rules, PullFreedom::w_v, 0));
  rules = {};
  rules.lock = {"x", "mask"};
  CHECK(is_locked(rules, Edit(SetXCell{2, 0, 1.0f})));
  CHECK(is_locked(rules, Edit(SetCausal{true})));
  CHECK_FALSE(is_locked(rules, Edit(SetScale{})));
  rules.lock = {"all"};
  CHECK(is_locked(rules, Edit(SetScale{})));
}
