#include "app/widgets/head_survey.h"

#include <doctest/doctest.h>

#include "core/attention/backend.h"

using namespace attn;
using namespace attn::ui;

namespace {

/// Four heads of width 1 over n words whose numbers all differ.
Input four_heads(std::size_t n, float shift = 0.0f) {
  Matrix x(n, 4);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t c = 0; c < 4; ++c)
      x(i, c) = shift + static_cast<float>((i * 7 + c * 5) % 11) / 5.0f - 1.0f;
  }
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(n, "w");
  input.x = SharedMatrix(x);
  input.config.heads = 4;
  input.config.mask.causal = true;
  return input;
}

std::shared_ptr<const Trace> trace_of(const Input& input, std::uint64_t revision) {
  RunOptions options;
  options.revision = revision;
  return make_cpu_backend()->run(input, options).trace;
}

session::Playhead playhead_of(const Trace& trace) {
  return session::Playhead(session::StepOrder(trace.input(), trace.dimensions()));
}

bool advance(HeadSurvey& survey, const std::shared_ptr<const Trace>& trace, NoTextures& textures,
             std::size_t cells) {
  return survey.advance(trace, playhead_of(*trace), {}, theme(ThemeKind::light), textures, cells);
}

}  // namespace

TEST_CASE("a survey in small parts ends with what one head after the other measures") {
  const auto trace = trace_of(four_heads(20), 1);
  NoTextures textures;
  HeadSurvey survey;
  int parts = 1;
  while (!advance(survey, trace, textures, 100)) ++parts;
  CHECK(parts >= 4 * 20 * 20 / 100);
  REQUIRE(survey.heads() == 4);
  for (std::size_t h = 0; h < 4; ++h) {
    for (const HeadMeasure measure : kHeadMeasures)
      CHECK(survey.measures(h)[measure] == measure_head(*trace, h)[measure]);
  }
  CHECK(textures.n_created() == 4);
}

TEST_CASE("what a survey shows is whole: a newer trace takes its place at once, not head by head") {
  const auto first = trace_of(four_heads(20), 1);
  const auto second = trace_of(four_heads(20, 0.5f), 2);
  NoTextures textures;
  HeadSurvey survey;
  while (!advance(survey, first, textures, 1'000'000)) {
  }
  CHECK_FALSE(advance(survey, second, textures, 500));
  CHECK(survey.trace() == first);
  CHECK(textures.n_replaced() == 0);
  while (!advance(survey, second, textures, 500)) {
  }
  CHECK(survey.trace() == second);
  CHECK(textures.n_replaced() == 4);
}

TEST_CASE("a survey that newer traces overtake finishes what it began, so that a drag is followed") {
  NoTextures textures;
  HeadSurvey survey;
  // Every frame a new trace, and only a third of a survey in a frame.
  int shown = 0;
  std::shared_ptr<const Trace> before;
  for (std::uint64_t revision = 1; revision <= 12; ++revision) {
    const auto trace = trace_of(four_heads(20, static_cast<float>(revision) * 0.01f), revision);
    advance(survey, trace, textures, 4 * 20 * 20 / 3);
    shown += survey.trace() != before ? 1 : 0;
    before = survey.trace();
  }
  CHECK(shown >= 3);
}

TEST_CASE("nothing is painted again while nothing changes") {
  const auto trace = trace_of(four_heads(8), 1);
  NoTextures textures;
  HeadSurvey survey;
  REQUIRE(advance(survey, trace, textures, 1'000'000));
  REQUIRE(advance(survey, trace, textures, 1'000'000));
  CHECK(textures.n_created() == 4);
  CHECK(textures.n_replaced() == 0);
}
