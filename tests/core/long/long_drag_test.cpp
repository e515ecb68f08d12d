// Ten thousand movements of one drag: what is changed in parts must not wander off.

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/attention.h"
#include "core/attention/backend.h"
#include "tests/core/attention/random_input.h"
#include "tests/support/inputs.h"
#include "tests/support/worst.h"

using namespace attn;

namespace {

constexpr int kMovements = 10000;

/// The largest difference of a stage from the exact one, over all heads.
double error_of(const Trace& trace, const Arrays<double>& exact, Stage stage) {
  const StageShape shape = trace.shape(stage);
  double worst = 0;
  for (std::size_t h = 0; h < shape.heads; ++h) {
    const Read read = trace.read_head(stage, h);
    REQUIRE(read.ready());
    const MatrixView<const double> values = exact.head(stage, h);
    for (std::size_t i = 0; i < shape.rows; ++i)
      for (std::size_t c = 0; c < shape.columns; ++c) {
        worst = test::worst(worst, static_cast<double>(read.values(i, c)) - values(i, c));
      }
  }
  return worst;
}

/// One word wanders, now and then far out, as far as 16 times the spread of the others, and comes back.
void check_drift(Input input, const std::string& what) {
  CAPTURE(what);
  const std::unique_ptr<Backend> backend = make_cpu_backend();
  RunOptions options;
  options.may_update = true;
  test::Random random(5);
  std::shared_ptr<const Trace> trace = backend->run(input, options).trace;
  const std::size_t d = input.x.columns();
  std::vector<float> row(d);
  bool updated = false;
  for (int k = 0; k < kMovements; ++k) {
    const float reach = k % 100 < 10 ? 16.0F : 1.0F;  // the last one is near again
    for (float& value : row) value = reach * random.number();
    input.x = input.x.with_row(100, row);
    RunResult result = backend->run(input, options);
    updated = updated || result.updated;
    trace = std::move(result.trace);
  }
  CHECK(updated);
  const std::shared_ptr<const Trace> fresh = make_cpu_backend()->run(input, {}).trace;
  Arrays<double> exact;
  forward<double>(input, validate(input), exact);
  for (const Stage stage : {Stage::weights, Stage::head_outputs, Stage::output}) {
    CAPTURE(name(stage));
    const double of_fresh = error_of(*fresh, exact, stage);
    const double of_updated = error_of(*trace, exact, stage);
    MESSAGE(what << ", " << std::string(name(stage)) << ": after the drag " << of_updated << ", fresh "
                 << of_fresh);
    CHECK(of_updated <= 1.2 * of_fresh);
  }
}

}  // namespace

TEST_CASE(
    "long drag: after ten thousand movements the error is at most 1.2 times that of a fresh forward pass") {
  const auto make = [] { return tests::random_input(512, 64, 1, 3); };
  check_drift(make(), "all is seen");
  Input causal = make();
  causal.config.mask.causal = true;
  check_drift(causal, "causal");
  Input window = make();
  window.config.mask.window = 40;
  check_drift(window, "window");
}
