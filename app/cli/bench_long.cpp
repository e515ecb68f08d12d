#include "app/cli/bench_long.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/attention/attention.h"
#include "core/io/generator.h"
#include "core/update/row_pass.h"

namespace attn::cli {
namespace {

constexpr std::size_t kWidth = 64;
constexpr std::size_t kTile = 1024;

/// Queries, keys and values of n tokens, and what is found in the pass over their scores.
struct LongInput {
  std::size_t n = 0;
  std::shared_ptr<Arrays<float>> arrays = {};
  std::shared_ptr<ScoreCells> cells = {};
  Matrix tile = {};

  void prepare() {
    if (cells) return;
    Input input;
    input.tokens = std::make_shared<const std::vector<std::string>>(n, "t");
    input.x = io::generate(io::VectorGenerator{{}, kWidth, 1}, n);
    input.config.scale.kind = Scale::Kind::sqrt_dk;
    const Dimensions d = validate(input);
    arrays = std::make_shared<Arrays<float>>();
    arrays->reshape_without_scores(input, d);
    for (const Stage stage : {Stage::x, Stage::q, Stage::k, Stage::v})
      compute_stage<float>(stage, input, *arrays);
    cells = std::make_shared<ScoreCells>(input, arrays);
    // Any statistics do for the time that a tile takes; those of the pass are not waited for.
    cells->take({std::vector<float>(n, 8.0f), std::vector<float>(n, 2.0f)});
    tile = Matrix(kTile, kTile);
  }
  void pass() const { run_row_pass(*cells, *arrays, nullptr); }
  void pass_with_pyramid() const {
    std::vector<PyramidMaker> weights;
    weights.emplace_back(*cells, Stage::weights, 0);
    run_row_pass(*cells, *arrays, nullptr, weights);
    weights.front().finish();
  }
  void make_tile() { cells->make(Stage::weights, 0, {n / 2, n / 4, kTile, kTile}, view(tile)); }
  /// Two products of every query with every key.
  double operations() const { return 4.0 * static_cast<double>(n) * static_cast<double>(n * kWidth); }
};

}  // namespace

std::vector<BenchCase> long_input_cases(bool all) {
  std::vector<BenchCase> cases;
  for (const std::size_t n : {std::size_t{16384}, std::size_t{32768}, std::size_t{65536}}) {
    if (n > 16384 && !all) break;
    const auto input = std::make_shared<LongInput>(LongInput{n});
    const auto prepare = [input] { input->prepare(); };
    const auto add = [&](const std::string& what, std::function<void()> run, double operations) {
      cases.push_back(
          {fmt::format("{}, n {}, d {}", what, n, kWidth), std::move(run), prepare, false, operations});
    };
    add(
        "row statistics and outputs", [input] { input->pass(); }, input->operations());
    add(
        "with a pyramid of the weights", [input] { input->pass_with_pyramid(); }, input->operations());
    add(
        "tile of 1024 × 1024 weights", [input] { input->make_tile(); },
        2.0 * kTile * kTile * static_cast<double>(kWidth));
  }
  return cases;
}

}  // namespace attn::cli
