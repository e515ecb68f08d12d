#include "app/session/input_message.h"

#include <string>

#include <doctest/doctest.h>

#include "core/attention/input.h"
#include "tests/core/attention/random_input.h"

using namespace attn;
using namespace attn::session;

TEST_CASE("what validate() says becomes a sentence with arguments, and reads the same in English") {
  const std::string line = "weights.w_k: expected 3 columns a head, as w_q gives, found 2";
  const Message m = translatable(line);
  CHECK(m.id == "{0}: expected {1} columns a head, as w_q gives, found {2}");
  CHECK(m.arguments == std::vector<std::string>{"weights.w_k", "3", "2"});
  CHECK(english(m) == line);
}

TEST_CASE("a line that is not known is shown as it is") {
  const Message m = translatable("something else");
  CHECK(m == verbatim("something else"));
}

TEST_CASE("every refusal that inputs at random meet is a known sentence") {
  test::Random random(4);
  int refused = 0;
  for (int round = 0; round < 400; ++round) {
    Config config = test::random_config(random, 4, 4);
    if (random.below(4) == 0) config.attend_over = AttendOver::features;
    if (random.below(6) == 0) config.temperature = -1.0;
    if (random.below(6) == 0) config.dropout = Dropout{2.0, 0};
    Input input = test::random_input(config, random.coin(), random);
    if (random.coin()) {
      const auto id = static_cast<ParameterId>(random.below(kParameterCount));
      input.parameters[id] = SharedMatrix(random.matrix(1 + random.below(5), 1 + random.below(5)));
    }
    try {
      validate(input);
    } catch (const std::invalid_argument& error) {
      ++refused;
      const Message m = translatable(error.what());
      CAPTURE(error.what());
      CHECK(english(m) == error.what());
      CHECK(m.id != "{0}");
      CHECK(m.id != "{0}: expected {1}, found {2}");
    }
  }
  CHECK(refused > 100);
}
