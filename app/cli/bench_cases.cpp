#include "app/cli/bench_cases.h"

#include <algorithm>
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
#include "core/kernel/kernels.h"
#include "core/update/drag.h"

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
  const auto prepare = [state, make, run, may_update] {
    if (state->pressed) return;
    state->pressed = make();
    constexpr int kUntilRoomIsThere = 4;
    for (int i = 0; may_update && i < kUntilRoomIsThere; ++i) run();
  };
  return {std::move(name), run, prepare};
}

std::string label(const Size& size) {
  return fmt::format("n {}, d {}, heads {}{}", size.n, size.d_model, size.heads,
                     size.causal ? ", causal" : "");
}

/// The same in one head, to its outputs: what the moved word reaches. `bytes` are those of the five arrays
/// that pass by: queries, keys, values, outputs without the word, outputs.
BenchCase drag_to_head_outputs(std::size_t n) {
  constexpr std::size_t kWidth = 64;
  struct State {
    Input pressed;
    std::unique_ptr<Drag> drag;
    Dragged at;
    float step = 0;
  };
  const auto state = std::make_shared<State>();
  const std::size_t word = n / 3;
  const auto run = [state, word] {
    state->step += 0.001f;
    const std::span<const float> was = state->pressed.x.row(word);
    std::vector<float> row(was.begin(), was.end());
    row[0] += std::sin(state->step);
    Input moved = state->pressed;
    moved.x = moved.x.with_row(word, row);
    const std::optional<MovedWords> words = moved_words(state->pressed, moved);
    if (!words || !state->drag->moves(*words) || !state->drag->move(moved, state->at))
      throw RunError("bench: the drag was not followed");
  };
  const auto prepare = [state, word, n] {
    if (!state->drag) {
      state->pressed = layer({n, kWidth, 1, false});
      const auto arrays = std::make_shared<Arrays<float>>();
      forward<float>(state->pressed, validate(state->pressed), *arrays);
      const auto trace = std::make_shared<StoredTrace>(state->pressed, arrays, 1);
      state->drag = std::make_unique<Drag>(trace, MovedWords{{word}, {word}});
    }
  };
  return {fmt::format("drag 1 of {}, one head of {}, to head outputs", n, kWidth),
          run,
          prepare,
          false,
          0,
          5.0 * static_cast<double>(n * kWidth * sizeof(float))};
}

/// What the drags above cannot exceed: as much memory as the largest of them touches, read again and again.
BenchCase cache_read() {
  constexpr std::size_t kNumbers = std::size_t{5} * 8192 * 64;
  const auto numbers_read = std::make_shared<std::vector<float>>();
  const auto run = [numbers_read] {
    float largest = 0;
    if (const kernel::Table* table = kernel::table())
      largest = table->largest(numbers_read->data(), numbers_read->size());
    else
      for (const float value : *numbers_read) largest = std::max(largest, value);
    if (largest != 1.0f) throw RunError("bench: the cache was not read");
  };
  return {"  10 MiB read, from the third cache where it is so large",
          run,
          [numbers_read] { numbers_read->assign(kNumbers, 1.0f); },
          false,
          0,
          static_cast<double>(kNumbers * sizeof(float))};
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
  all.push_back(drag(
      "drag of one of 1024 words, d 768, heads 12",
      [] {
        return layer({1024, 768, 12, false});
      },
      300, true));
  for (const std::size_t n : {1024, 2048, 4096, 8192}) all.push_back(drag_to_head_outputs(n));
  all.push_back(cache_read());
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
