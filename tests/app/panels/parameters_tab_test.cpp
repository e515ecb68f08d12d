#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;

namespace {

const std::optional<SharedMatrix>& parameter(Harness& h, ParameterId id) {
  return h.document().input().parameters[id];
}

void show(Harness& h) { h.post(session::ShowScenarioTab{session::ScenarioTab::parameters}); }

}  // namespace

TEST_CASE("a parameter is unfolded, edited, and made the identity again") {
  Harness h;
  show(h);
  CHECK_FALSE(h.has("scenario.parameter[w_q][0,1]"));
  h.click("scenario.parameter[w_q]");
  REQUIRE(h.has("scenario.parameter[w_q][0,1]"));
  h.click("scenario.parameter[w_q][0,1]");
  h.type("0.5");
  h.key(Key::enter);
  REQUIRE(parameter(h, ParameterId::w_q).has_value());
  CHECK((*parameter(h, ParameterId::w_q))(0, 1) == 0.5f);
  CHECK((*parameter(h, ParameterId::w_q))(0, 0) == 1.0f);
  h.click("scenario.identity[w_q]");
  CHECK_FALSE(parameter(h, ParameterId::w_q).has_value());
}

TEST_CASE("random numbers follow the seed that is typed, and another press takes the next seed") {
  Harness h;
  show(h);
  h.click("scenario.parameter[w_k]");
  h.click("scenario.seed[w_k]");
  h.type("42");
  h.key(Key::enter);
  const session::Document expected =
      session::apply(session::Document(h.document()),
                     session::FillParameter{ParameterId::w_k, session::ParameterFill::random, 42});
  REQUIRE(parameter(h, ParameterId::w_k));
  CHECK(equal_values(*parameter(h, ParameterId::w_k), *expected.input().parameters[ParameterId::w_k]));
  h.click("scenario.random[w_k]");
  const session::Document next =
      session::apply(session::Document(h.document()),
                     session::FillParameter{ParameterId::w_k, session::ParameterFill::random, 43});
  CHECK(equal_values(*parameter(h, ParameterId::w_k), *next.input().parameters[ParameterId::w_k]));
  CHECK(h.session().history().undo_steps() == 2);
}

TEST_CASE("an absent bias is made, typed into, and taken away") {
  Harness h;
  show(h);
  h.click("scenario.parameter[b_q]");
  CHECK_FALSE(h.has("scenario.parameter[b_q][0,0]"));
  h.click("scenario.zeros[b_q]");
  REQUIRE(h.has("scenario.parameter[b_q][0,1]"));
  h.click("scenario.parameter[b_q][0,1]");
  h.type("2");
  h.key(Key::enter);
  CHECK((*parameter(h, ParameterId::b_q))(0, 1) == 2.0f);
  h.click("scenario.none[b_q]");
  CHECK_FALSE(parameter(h, ParameterId::b_q).has_value());
}

TEST_CASE("the identity of a matrix that is not square is refused beside its buttons") {
  Harness h;
  h.post(session::Apply{session::SetParameter{ParameterId::w_v, SharedMatrix(Matrix(2, 3, 1.0f))}});
  show(h);
  h.click("scenario.parameter[w_v]");
  h.click("scenario.identity[w_v]");
  REQUIRE(h.session().refusal());
  CHECK(english(h.session().refusal()->reason) == "W_V is 2 × 3: only a square matrix can be the identity");
  CHECK(parameter(h, ParameterId::w_v)->columns() == 3);
}

TEST_CASE("every projection and bias has its line, others only where they take part") {
  Harness h;
  show(h);
  for (const char* name : {"w_q", "b_q", "w_k", "b_k", "w_v", "b_v", "w_o", "b_o"}) {
    CAPTURE(name);
    CHECK(h.has("scenario.parameter[" + std::string(name) + "]"));
  }
  CHECK_FALSE(h.has("scenario.parameter[bilinear]"));
}

TEST_CASE("a parameter is filled by keys alone") {
  Harness h;
  show(h);
  h.click("scenario.parameter[w_o]");
  for (int i = 0; i < 12 && h.focused() != "scenario.zeros[w_o]"; ++i) h.tab();
  REQUIRE(h.focused() == "scenario.zeros[w_o]");
  h.key(Key::enter);
  REQUIRE(parameter(h, ParameterId::w_o));
  CHECK(parameter(h, ParameterId::w_o)->dense() == Matrix(2, 2));
}
