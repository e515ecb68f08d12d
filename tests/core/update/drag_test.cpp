#include "core/update/drag.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/attention/attention.h"
#include "core/kernel/kernels.h"
#include "core/update/drag_trace.h"
#include "tests/core/attention/random_input.h"
#include "tests/core/attention/within_bound.h"
#include "tests/support/worst.h"

using namespace attn;

namespace {

std::shared_ptr<const StoredTrace> whole_trace(const Input& input) {
  auto arrays = std::make_shared<Arrays<float>>();
  forward<float>(input, validate(input), *arrays);
  return std::make_shared<StoredTrace>(input, arrays, 1);
}

/// One gesture, each movement into memory of its own.
class Gesture {
 public:
  Gesture(const Input& pressed, const MovedWords& words)
      : drag_(std::make_shared<Drag>(whole_trace(pressed), words)) {}

  std::shared_ptr<const DragTrace> move(const Input& input, bool again = true) {
    if (!again || !at_ || at_.use_count() != 1) at_ = std::make_shared<Dragged>();
    REQUIRE(drag_->move(input, *at_));
    return std::make_shared<DragTrace>(input, drag_, at_, reads_, 2);
  }
  const Drag& drag() const { return *drag_; }

 private:
  std::shared_ptr<const Drag> drag_;
  std::shared_ptr<Dragged> at_;
  std::shared_ptr<DragReads> reads_ = std::make_shared<DragReads>();
};

/// All numbers of a trace, some of them read in parts.
Arrays<float> read_all(const Trace& trace, test::Random& random) {
  Arrays<float> arrays(trace.input(), trace.dimensions());
  for (const Stage stage : stages_of(trace.input())) {
    const StageShape shape = trace.shape(stage);
    const std::size_t step = random.coin() ? shape.rows : 1 + random.below(shape.rows);
    for (std::size_t h = 0; h < shape.heads; ++h) {
      for (std::size_t row = 0; row < shape.rows; row += step) {
        const std::size_t rows = std::min(step, shape.rows - row);
        const Read read = trace.read(stage, h, {row, 0, rows, shape.columns});
        REQUIRE(read.ready());
        for (std::size_t i = 0; i < rows; ++i)
          std::ranges::copy(read.values.row(i), arrays.head(stage, h).row(row + i).begin());
      }
    }
  }
  return arrays;
}

/// These rows with other numbers, up to `size` large.
SharedMatrix with_rows(SharedMatrix x, const std::vector<std::size_t>& rows, float size,
                       test::Random& random) {
  for (const std::size_t i : rows) {
    std::vector<float> row(x.columns());
    for (float& value : row) value = size * random.number();
    x = x.with_row(i, row);
  }
  return x;
}

std::vector<std::size_t> some_of(std::size_t n, std::size_t most, test::Random& random) {
  std::vector<std::size_t> some;
  for (std::size_t k = 1 + random.below(most); k > 0; --k) some.push_back(random.below(n));
  std::ranges::sort(some);
  some.erase(std::unique(some.begin(), some.end()), some.end());
  return some;
}

Input moved(const Input& pressed, const MovedWords& words, float size, test::Random& random) {
  Input input = pressed;
  input.x = with_rows(input.x, words.queries, size, random);
  if (input.source) input.source->x = with_rows(input.source->x, words.keys, size, random);
  return input;
}

void check_gesture(const Input& pressed, test::Random& random, const std::string& what,
                   const std::vector<float>& sizes = {1.0f, 4.0f, 0.25f}) {
  MovedWords words;
  words.queries = some_of(pressed.x.rows(), 3, random);
  words.keys = pressed.source ? some_of(pressed.source->x.rows(), 3, random) : words.queries;
  if (pressed.source && random.coin()) words.queries.clear();
  Gesture gesture(pressed, words);
  for (const float size : sizes) {
    const Input input = moved(pressed, words, size, random);
    test::check_within_bound(input, read_all(*gesture.move(input), random),
                             fmt::format("{}, {}", what, size));
  }
  test::check_within_bound(pressed, read_all(*gesture.move(pressed), random), what + ", back again");
}

Input self_attention(std::size_t n, std::size_t d, std::size_t heads, std::uint64_t seed) {
  test::Random random(seed);
  test::RandomShape shape;
  shape.n_queries = n;
  shape.d_model = d;
  shape.d_k = d / heads;
  shape.d_v = d / heads;
  shape.d_out = d;
  Config config;
  config.heads = heads;
  config.scale.kind = Scale::Kind::sqrt_dk;
  return test::random_input(config, false, random, shape);
}

}  // namespace

TEST_CASE("drag: within the bound of a full pass on hundreds of settings drawn by chance") {
  test::Random random(31);
  int served = 0;
  for (int k = 0; served < 150; ++k) {
    const bool with_source = random.coin();
    test::RandomShape shape;
    shape.n_queries = 2 + random.below(25);
    shape.n_keys = 2 + random.below(25);
    const Config config =
        test::random_config(random, shape.n_queries, with_source ? shape.n_keys : shape.n_queries);
    const Input input = test::random_input(config, with_source, random, shape);
    if (!Drag::serves(config)) continue;
    ++served;
    check_gesture(input, random, fmt::format("case {}", k));
  }
}

TEST_CASE("drag: within the bound where products are large, for each score, position and mask") {
  test::Random random(32);
  test::RandomShape shape;
  shape.n_queries = 67;
  shape.n_keys = 70;
  shape.d_model = 24;
  shape.d_source = 20;
  shape.d_k = 12;
  shape.d_v = 11;
  for (int score = 0; score < 4; ++score) {
    for (int position = 0; position < 4; ++position) {
      Config config;
      config.heads = 4;
      config.kv_heads = 2;
      config.score = static_cast<Score>(score);
      config.position = static_cast<Position>(position);
      config.mask.causal = position % 2 == 0;
      if (position == 1) config.mask.window = 5;
      if (position == 3) config.mask.hidden_value = -2;
      if (score == 1) config.dropout = Dropout{0.25, 5};
      check_gesture(test::random_input(config, score % 2 == 0, random, shape), random,
                    fmt::format("score {}, position {}", score, position), {4.0f});
    }
  }
}

TEST_CASE("drag: the same without AVX2") {
  const kernel::WithoutTable plain;
  test::Random random(33);
  check_gesture(self_attention(70, 16, 2, 1), random, "plain");
}

TEST_CASE("drag: a word that has nearly all attention leaves it, and comes back") {
  test::Random random(34);
  Input pressed = self_attention(70, 16, 2, 2);
  std::vector<float> loud(16, 20.0f);
  pressed.x = pressed.x.with_row(7, loud);
  const MovedWords words{{7}, {7}};
  Gesture gesture(pressed, words);
  CHECK(gesture.drag().rest(0).rebuilt() > 5);  // otherwise this tests nothing
  const Input quiet = moved(pressed, words, 0.5f, random);
  test::check_within_bound(quiet, read_all(*gesture.move(quiet), random), "quiet");
  test::check_within_bound(pressed, read_all(*gesture.move(pressed), random), "loud");
}

TEST_CASE("drag: of the only key that a query sees it keeps all") {
  Input input = self_attention(70, 16, 1, 3);
  input.config.mask.causal = true;
  test::Random random(35);
  const MovedWords words{{0}, {0}};
  Gesture gesture(input, words);
  const Input next = moved(input, words, 1.0f, random);
  const auto trace = gesture.move(next);
  CHECK(trace->read_cell({Stage::weights, 0, 0, 0}).values(0, 0) == 1.0f);
  test::check_within_bound(next, read_all(*trace, random), "first word");
}

TEST_CASE("drag: a number that might leave float32 is left to a whole pass") {
  const Input pressed = self_attention(70, 16, 2, 4);
  const Drag drag(whole_trace(pressed), {{3}, {3}});
  Dragged at;
  Input input = pressed;
  input.x = input.x.with_row(3, std::vector<float>(16, 3e30f));
  CHECK_FALSE(drag.move(input, at));
  CHECK(drag.move(pressed, at));
}

TEST_CASE("drag: only what moves with the words is computed") {
  Input pressed = self_attention(70, 16, 1, 5);
  pressed.config.mask.window = 2;
  const Drag drag(whole_trace(pressed), {{30}, {30}});
  CHECK(drag.reached().first == 28);
  CHECK(drag.reached().last == 33);
  CHECK(drag.moves({{30}, {}}));
  CHECK_FALSE(drag.moves({{31}, {31}}));
}

namespace {

/// How far the head outputs are from float64: the largest difference, and the root of the mean square.
struct Distance {
  double largest = 0;
  double typical = 0;
};
Distance distance(const Arrays<float>& found, const Arrays<double>& exact) {
  Distance off;
  const auto a = found.all(Stage::head_outputs);
  const auto b = exact.all(Stage::head_outputs);
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double difference = static_cast<double>(a[k]) - b[k];
    off.largest = test::worst(off.largest, difference);
    off.typical += difference * difference;
  }
  off.typical = std::sqrt(off.typical / static_cast<double>(a.size()));
  return off;
}

/// One gesture of 10,000 movements out to 16 standard deviations and back, 50 times. Where it is looked at,
/// the head outputs are to be as near to float64 as those of a whole pass.
void check_drift(Input pressed, const std::string& what) {
  constexpr int kMoves = 10'000;
  constexpr int kWay = 200;
  const std::size_t word = pressed.x.rows() / 3;
  test::Random random(41);
  std::vector<float> way(pressed.x.columns());
  for (float& step : way) step = 1.7f * random.number();  // uniform in ±1.7: its standard deviation is 1
  const Drag drag(whole_trace(pressed), {{word}, {word}});
  Dragged at;
  for (int move = 1; move <= kMoves; ++move) {
    std::vector<float> row(way);
    const double phase = 6.283185307 * static_cast<double>(move % kWay) / kWay;
    for (std::size_t c = 0; c < row.size(); ++c)
      row[c] = pressed.x(word, c) + static_cast<float>(16 * std::sin(phase)) * way[c];
    Input input = pressed;
    input.x = input.x.with_row(word, row);
    REQUIRE(drag.move(input, at));
    if (move != 1 && move != kMoves / 2 + 50 && move != kMoves - 1) continue;
    Arrays<double> exact;
    forward<double>(input, validate(input), exact);
    const Distance dragged = distance(at.rows, exact);
    const Distance fresh = distance(whole_trace(input)->arrays(), exact);
    INFO(fmt::format("{}, {}: dragged {:.3g} ({:.3g}), fresh {:.3g} ({:.3g})", what, move, dragged.largest,
                     dragged.typical, fresh.largest, fresh.typical));
    CHECK(dragged.largest <= 1.2 * fresh.largest);
    CHECK(dragged.typical <= 1.2 * fresh.typical);
  }
}

}  // namespace

TEST_CASE("drag: the ten thousandth movement is as near to float64 as a whole pass") {
  Input input = self_attention(200, 64, 1, 7);
  for (const ParameterId id : {ParameterId::w_q, ParameterId::w_k, ParameterId::w_v}) {
    Matrix values = input.parameters[id]->dense();
    for (std::size_t i = 0; i < values.rows(); ++i)
      for (float& value : values.row(i)) value /= 4;
    input.parameters[id] = SharedMatrix(values);
  }
  check_drift(input, "all keys");
  input.config.mask.causal = true;
  check_drift(input, "causal");
  input.config.mask.window = 20;
  check_drift(input, "causal window");
}

TEST_CASE("drag: a read outside fails, and a trace keeps its numbers while the next is made") {
  test::Random random(36);
  const Input pressed = self_attention(70, 16, 2, 6);
  const MovedWords words{{3}, {3}};
  Gesture gesture(pressed, words);
  const Input first = moved(pressed, words, 1.0f, random);
  const auto shown = gesture.move(first);
  const Input second = moved(pressed, words, 1.0f, random);
  gesture.move(second);
  test::check_within_bound(first, read_all(*shown, random), "shown");
  CHECK(shown->read(Stage::weights, 0, {69, 0, 2, 70}).error == "weights[0][69,0]: outside 2 × 70 × 70");
  CHECK_FALSE(shown->read(Stage::dropped, 0, {0, 0, 1, 1}).ready());
}

TEST_CASE("CPU backend: a movement of few words is followed, let go it is computed as a whole") {
  test::Random random(37);
  const auto backend = make_cpu_backend();
  RunOptions preview;
  preview.may_update = true;
  const Input pressed = self_attention(80, 64, 1, 8);
  backend->run(pressed, {});
  const MovedWords words{{3}, {3}};
  std::shared_ptr<const Trace> shown;
  Input before;
  for (int step = 0; step < 5; ++step) {
    const Input input = moved(pressed, words, 1.0f, random);
    const RunResult next = backend->run(input, preview);
    CHECK(next.updated);
    REQUIRE(dynamic_cast<const DragTrace*>(next.trace.get()) != nullptr);
    if (shown) test::check_within_bound(before, read_all(*shown, random), "shown");
    test::check_within_bound(input, read_all(*next.trace, random), "new");
    shown = next.trace;
    before = input;
  }
  const RunResult whole = backend->run(before, {});
  CHECK_FALSE(whole.updated);
  CHECK(dynamic_cast<const StoredTrace*>(whole.trace.get()) != nullptr);

  Input another = before;
  another.x = another.x.with_row(9, random.matrix(1, 64).row(0));
  CHECK(dynamic_cast<const DragTrace*>(backend->run(another, preview).trace.get()) != nullptr);
  another.x = another.x.with_row(9, std::vector<float>(64, 3e30f));
  CHECK_THROWS_AS(backend->run(another, preview), RunError);
  another.config.softmax_axis = SoftmaxAxis::queries;
  another.x = before.x;
  CHECK(dynamic_cast<const StoredTrace*>(backend->run(another, preview).trace.get()) != nullptr);
}

TEST_CASE("CPU backend: what was read of one movement is there for the next, of the output the rows alone") {
  test::Random random(38);
  const Input pressed = self_attention(80, 64, 1, 9);
  const MovedWords words{{3}, {3}};
  const Drag drag(whole_trace(pressed), words);
  Dragged at;
  const Input input = moved(pressed, words, 1.0f, random);
  REQUIRE(drag.move(input, at));
  CHECK(at.output_made == std::vector<std::uint8_t>{0, 0, 0});
  drag.make_output(input, 40, 1, at);
  CHECK(at.output_made == std::vector<std::uint8_t>{0, 1, 0});

  DragReads reads;
  const std::uint64_t first = reads.begin().first;
  reads.read_map(first, {Stage::weights, 0});
  reads.read_output(first, 40);
  reads.read_output(first, 41);
  const auto [second, wanted] = reads.begin();
  CHECK(wanted.maps == std::vector<DragReads::Map>{{Stage::weights, 0}});
  CHECK(wanted.output_rows == std::vector<std::size_t>{32});
  CHECK(reads.begin().second.maps.size() == 1);  // the second was not shown, which says nothing
  reads.read_map(second, {Stage::scores, 0});    // nor does one that is not the newest any more
  CHECK(reads.begin().second.maps == std::vector<DragReads::Map>{{Stage::weights, 0}});
}
