// Inputs whose maps have no room in memory: 16 thousand to 64 thousand words.

#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/backend.h"
#include "core/io/generator.h"
#include "tests/core/attention/random_input.h"
#include "tests/core/long/exact_row.h"
#include "tests/support/inputs.h"

using namespace attn;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kWidth = 64;
constexpr std::uint64_t kMemory = std::uint64_t{1} << 30;

/// Half the spread of the words of a scenario: some keys stand out, none takes everything.
Input long_input(std::size_t n, bool causal) {
  Matrix half = io::generate({{io::GeneratorKind::needle, 0, n / 3}, kWidth, 11}, n).dense();
  for (std::size_t i = 0; i < n; ++i)
    for (float& value : half.row(i)) value *= 0.5F;
  Input input;
  input.tokens = tests::numbered_tokens(n);
  input.x = SharedMatrix(half);
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  input.config.mask.causal = causal;
  return input;
}

/// Asks until what is made has been made.
template <class Ask>
Read when_ready(const Ask& ask) {
  Read read = ask();
  for (int k = 0; k < 12000 && read.state == ReadState::pending; ++k) {
    std::this_thread::sleep_for(10ms);
    read = ask();
  }
  INFO(read.error);
  REQUIRE(read.ready());
  return read;
}

void check_rows(const Trace& trace, bool causal) {
  const std::size_t n = trace.input().x.rows();
  test::Random random(n);
  std::vector<std::size_t> rows = {0, 1, n / 2, n - 1};
  for (int k = 0; k < 12; ++k) rows.push_back(random.below(n));
  for (const std::size_t row : rows) {
    CAPTURE(row);
    const test::ExactRow exact = test::exact_row(trace.input().x, row, causal);
    const Read weights = when_ready([&] { return trace.read(Stage::weights, 0, {row, 0, 1, n}); });
    CHECK(test::worst_share(weights.values.data, exact.weights, exact.weights) < 5e-6);
    const Read output = when_ready([&] { return trace.read(Stage::head_outputs, 0, {row, 0, 1, kWidth}); });
    CHECK(test::worst_share(output.values.data, exact.output, exact.magnitude) < 5e-6);
  }
}

/// Squares of the pyramid against the cells that they stand for.
void check_squares(const Trace& trace, bool causal) {
  const std::size_t n = trace.input().x.rows();
  constexpr unsigned kLevel = 6;
  constexpr std::size_t kSide = std::size_t{1} << kLevel;
  test::Random random(n + 1);
  for (int k = 0; k < 8; ++k) {
    const std::size_t row = random.below(n / kSide);
    const std::size_t column = causal ? random.below(row + 1) : random.below(n / kSide);
    CAPTURE(row);
    CAPTURE(column);
    const auto square = [&](BlockValue value) {
      const Read read = when_ready([&] {
        return trace.read_blocks(Stage::weights, 0, kLevel, value, {row, column, 1, 1});
      });
      return static_cast<double>(read.values(0, 0));
    };
    const Read cells = when_ready([&] {
      return trace.read(Stage::weights, 0, {row * kSide, column * kSide, kSide, kSide});
    });
    double largest = 0;
    double sum = 0;
    double count = 0;
    for (std::size_t i = 0; i < kSide; ++i) {
      for (std::size_t j = 0; j < kSide; ++j) {
        if (causal && column * kSide + j > row * kSide + i) continue;
        largest = std::max(largest, static_cast<double>(cells.values(i, j)));
        sum += static_cast<double>(cells.values(i, j));
        ++count;
      }
    }
    CHECK(square(BlockValue::extreme) == doctest::Approx(largest).epsilon(1e-5));
    CHECK(square(BlockValue::mean) == doctest::Approx(sum / count).epsilon(1e-5));
  }
}

void check_long_input(std::size_t n, bool causal) {
  CAPTURE(n);
  CAPTURE(causal);
  const Input input = long_input(n, causal);
  RunOptions options;
  options.memory_limit = kMemory;
  const std::shared_ptr<const Trace> trace = make_cpu_backend()->run(input, options).trace;
  CHECK(trace->streams(Stage::weights));
  check_rows(*trace, causal);
  check_squares(*trace, causal);
}

}  // namespace

TEST_CASE(
    "long input: rows and squares of 32 thousand words agree with float64, whether all is seen or only the "
    "past") {
  check_long_input(32768, false);
  check_long_input(32768, true);
}

TEST_CASE("long input: rows and squares of 64 thousand words agree with float64 in a gigabyte") {
  check_long_input(65536, false);
}

TEST_CASE("long input: the last of 64 thousand words finds the needle") {
  constexpr std::size_t kWords = 65536;
  Input input = long_input(kWords, true);
  input.config.scale.kind = Scale::Kind::none;
  RunOptions options;
  options.memory_limit = kMemory;
  const std::shared_ptr<const Trace> trace = make_cpu_backend()->run(input, options).trace;
  const Read row = when_ready([&] { return trace->read(Stage::weights, 0, {kWords - 1, 0, 1, kWords}); });
  const test::ExactRow exact = test::exact_row(input.x, 0, true);
  CHECK(exact.weights[0] == 1.0);
  const float needle = row.values(0, kWords / 3);
  CHECK(needle > 0.4F);  // it and the word itself share nearly everything
  CHECK(needle == doctest::Approx(row.values(0, kWords - 1)));
}
