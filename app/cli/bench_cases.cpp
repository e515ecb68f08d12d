#include "app/cli/bench_cases.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/attention/attention.h"
#include "core/attention/backend.h"
#include "core/attention/gradient.h"
#include "core/attention/ops.h"

namespace attn::cli {
namespace {

struct Size {
  std::size_t n, d_model, heads;
  bool causal = true;
};

SharedMatrix numbers(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Matrix values(rows, columns);
  const double spread = 1 / std::sqrt(static_cast<double>(columns));
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      values(i, j) = static_cast<float>((2 * dropout_uniform(seed, 0, i, j) - 1) * spread);
    }
  }
  return SharedMatrix(values);
}

/// One layer with parameters of its own.
Input layer(const Size& size) {
  const auto [n, d_model, heads, causal] = size;
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(n, "t");
  input.x = numbers(n, d_model, 1);
  input.config.heads = heads;
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  input.config.mask.causal = causal;
  std::uint64_t seed = 2;
  for (const ParameterId id : {ParameterId::w_q, ParameterId::w_k, ParameterId::w_v, ParameterId::w_o}) {
    input.parameters[id] = numbers(d_model, d_model, seed++);
  }
  return input;
}

Input three_words() {
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"x1", "x2", "x3"});
  input.x = SharedMatrix(Matrix{{1, 2}, {2, 3}, {3, 4}});
  return input;
}

/// One movement of a word as a drag makes it: a new input that shares the rest, checked and computed.
BenchCase drag(std::string name, const std::function<Input()>& make, std::size_t word, bool may_update) {
  struct State {
    std::optional<Input> pressed;
    std::unique_ptr<Backend> backend = make_cpu_backend();
    std::shared_ptr<const Trace> trace;
    float step = 0;
  };
  const auto state = std::make_shared<State>();
  RunOptions options;
  options.may_update = may_update;
  const auto run = [state, word, options] {
    state->step += 0.001f;
    Input moved = *state->pressed;
    const std::span<const float> was = moved.x.row(word);
    std::vector<float> row(was.begin(), was.end());
    row[0] += state->step;
    row[1] -= state->step;
    moved.x = moved.x.with_row(word, row);
    state->trace = state->backend->run(moved, options).trace;
  };
  const auto prepare = [state, make] {
    if (!state->pressed) state->pressed = make();
  };
  return {std::move(name), run, prepare};
}

std::string label(const Size& size) {
  return fmt::format("n {}, d {}, heads {}{}", size.n, size.d_model, size.heads,
                     size.causal ? ", causal" : "");
}

/// Multiplications and additions that the products need: four projections, and two products of each query
/// with each key that it sees.
double operations(const Size& size) {
  const auto n = static_cast<double>(size.n);
  const auto d = static_cast<double>(size.d_model);
  const double pairs = size.causal ? n * (n + 1) / 2 : n * n;
  return 2 * (4 * n * d * d + 2 * pairs * d);
}

/// An input and what was computed from it. Large ones take turns in the same memory.
struct Computed {
  std::optional<Input> input;
  Dimensions d;
  std::shared_ptr<Arrays<float>> arrays;

  void forward() const { attn::forward<float>(*input, d, *arrays); }
  void prepare(const Size& size) {
    if (!input) input = layer(size);
    d = validate(*input);
    forward();  // the memory is there, and hot, before anything is timed
  }
};

BenchCase forward_pass(const Size& size, const std::shared_ptr<Arrays<float>>& arrays,
                       bool all_threads = false) {
  const auto state = std::make_shared<Computed>();
  state->arrays = arrays;
  const std::string name = "forward, " + label(size) + (all_threads ? ", all threads" : "");
  return {name, [state] { state->forward(); }, [state, size] { state->prepare(size); }, all_threads,
          operations(size)};
}

BenchCase backward_pass(const Size& size, const std::shared_ptr<Arrays<float>>& arrays) {
  const auto state = std::make_shared<Computed>();
  state->arrays = arrays;
  return {"gradient, " + label(size),
          [state] { backward<float>(*state->input, *state->arrays, GradientSeed::ones(state->d)); },
          [state, size] { state->prepare(size); }};
}

}  // namespace

std::vector<BenchCase> engine_cases() {
  const auto arrays = std::make_shared<Arrays<float>>();
  std::vector<BenchCase> all;
  all.push_back(drag("drag of the three-word example, recomputed", three_words, 0, false));
  all.push_back(drag(
      "drag of one of 512 words, d 512, heads 8, causal",
      [] {
        return layer({512, 512, 8});
      },
      100, true));
  for (const Size& size : {Size{3, 64, 1}, Size{128, 512, 8}, Size{512, 512, 8}, Size{512, 768, 12}}) {
    all.push_back(forward_pass(size, arrays));
    all.push_back(backward_pass(size, arrays));
  }
  for (const Size& size : {Size{1024, 768, 12}, Size{2048, 768, 12}, Size{4096, 512, 8}, Size{4096, 64, 1},
                           Size{4096, 64, 1, false}, Size{512, 768, 12, false}, Size{1024, 768, 12, false}})
    all.push_back(forward_pass(size, arrays));
  for (const Size& size : {Size{512, 768, 12}, Size{1024, 768, 12}, Size{2048, 768, 12}})
    all.push_back(forward_pass(size, arrays, true));
  return all;
}

}  // namespace attn::cli
