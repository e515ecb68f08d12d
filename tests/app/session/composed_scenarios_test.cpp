// The examples with composed heads are what the program makes, and do what their titles say.
// After a change that means to change them:  ATTN_WRITE_SCENARIOS=1 build/…/tests_compose -tc="composed
// examples*"

#include "tests/app/session/composed_scenarios.h"

#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

#include "app/session/builtin.h"
#include "app/session/feature_columns.h"
#include "core/attention/attention.h"
#include "core/composer/compose_head.h"
#include "core/io/file.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::weight;

namespace {

double distance(const Document& document, std::size_t head) {
  const auto composed = recognise_head(document.input(), head, match_pairs(document));
  REQUIRE(composed.has_value());
  Arrays<float> arrays;
  forward(document.input(), document.dimensions(), arrays);
  const auto found =
      wish_distance(wished_keys(document.input(), composed->wish), arrays.head(Stage::weights, head));
  REQUIRE(found.has_value());
  return found->mean;
}

}  // namespace

TEST_CASE("composed examples: the files are what the program makes") {
  for (const auto& [name, scenario] : tests::composed_scenarios()) {
    CAPTURE(name);
    const std::filesystem::path path =
        std::filesystem::path(ATTN_SOURCE_DIR) / "assets" / "scenarios" / (name + ".json");
    if (std::getenv("ATTN_WRITE_SCENARIOS") != nullptr) io::save_scenario(path, scenario);
    // The view is what a person last looked at: it may be changed by hand.
    io::Scenario file = io::load_scenario(path);
    io::Scenario made = scenario;
    file.view_json = made.view_json = "";
    CHECK(io::write_scenario(file) == io::write_scenario(made));
  }
}

TEST_CASE("composed examples: in both languages the pronoun finds the animal and not the street") {
  const Document english = builtin_scenario("pronoun_en");
  CHECK(weight(english, 2, 8, 1) > 0.9);
  CHECK(weight(english, 2, 8, 6) < 0.01);
  CHECK(weight(english, 3, 4, 1) > 0.9);  // who crosses
  const Document chinese = builtin_scenario("pronoun_zh");
  CHECK(weight(chinese, 2, 6, 0) > 0.9);
  CHECK(weight(chinese, 2, 6, 3) < 0.01);
  for (const Document& document : {english, chinese}) {
    CHECK(distance(document, 0) < 0.01);
    CHECK(distance(document, 1) < 0.01);
  }
}

TEST_CASE("composed examples: sinusoids alone make the previous, the first and the same word") {
  const Document document = builtin_scenario("sinusoidal_heads");
  for (std::size_t head = 0; head < 3; ++head) CHECK(distance(document, head) < 0.01);
  CHECK(weight(document, 0, 4, 3) > 0.99);
}

TEST_CASE("composed examples: the second time a word looks at what came after the first") {
  const Document document = builtin_scenario("after_the_same_word");
  CHECK(weight(document, 0, 5, 2) > 0.95);  // loves → bread
  CHECK(weight(document, 0, 4, 1) > 0.95);  // king → loves
  CHECK(distance(document, 0) < 0.05);
}
