#include "core/io/trace_npz.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/attention/attention.h"
#include "tests/core/io/npz_reader.h"
#include "tests/core/io/temporary_folder.h"

using attn::Arrays;
using attn::Stage;
using attn::io::Scenario;
using attn::test::NpzArray;
using Shape = std::vector<std::size_t>;

namespace {

Arrays<float> compute(const Scenario& scenario) {
  Arrays<float> arrays;
  attn::forward(scenario.input, attn::validate(scenario.input), arrays);
  return arrays;
}

const std::string kCross = R"({"format":"attention-scenario","version":1,"tokens":["I","like","嵌🙂"],
  "x":[[1,2],[3,4],[5,6]],"source":{"tokens":["k","longer label"],"x":[[1,0,2,0],[0,1,0,2]]},
  "attention":{"heads":2,"kv_heads":1,"position":"alibi","dropout":{"p":0.5,"seed":3},"mask":{"causal":true}},
  "weights":{"w_k":[[1],[0],[1],[0]],"w_v":[[1],[2],[3],[4]],"b_q":[0.5,0.25]}})";

}  // namespace

TEST_CASE("a trace file holds every stage under its name, in its shape, with its bits") {
  const attn::test::TemporaryFolder folder;
  const Scenario scenario = attn::io::parse_scenario(kCross, "cross.json", "");
  const Arrays<float> arrays = compute(scenario);
  attn::io::save_trace(folder / "t.npz", scenario, arrays);
  const auto file = attn::test::read_npz(folder / "t.npz");

  CHECK(file.at("x").shape == Shape{3, 2});
  CHECK(file.at("source_x").shape == Shape{2, 4});
  CHECK(file.at("q").shape == Shape{2, 3, 1});
  CHECK(file.at("k").shape == Shape{1, 2, 1});
  CHECK(file.at("biased").shape == Shape{2, 3, 2});
  CHECK(file.at("dropped").shape == Shape{2, 3, 2});
  CHECK(file.at("concat").shape == Shape{3, 2});
  CHECK(file.at("x").numbers == std::vector<float>{1, 2, 3, 4, 5, 6});
  std::size_t stages = 0;
  for (const Stage stage : attn::kStages) {
    const std::string name(attn::name(stage));
    CAPTURE(name);
    REQUIRE(file.count(name) == (arrays.has(stage) ? 1 : 0));
    if (!arrays.has(stage)) continue;
    ++stages;
    const auto values = arrays.all(stage);
    CHECK(file.at(name).kind == 'f');
    CHECK(file.at(name).bytes ==
          std::string(reinterpret_cast<const char*>(values.data()), values.size_bytes()));
  }
  CHECK(file.size() == stages + 3);
  CHECK(file.at("tokens").labels == std::vector<std::string>{"I", "like", "嵌🙂"});
  CHECK(file.at("source_tokens").labels == std::vector<std::string>{"k", "longer label"});
  CHECK(file.at("scenario").kind == 'u');
  CHECK(file.at("scenario").bytes == attn::io::write_scenario(scenario));
}

TEST_CASE("without a source a trace file has no source_tokens") {
  const attn::test::TemporaryFolder folder;
  const Scenario scenario =
      attn::io::load_scenario(std::string(ATTN_GOLDEN_DIR) + "/forward/three_words.json");
  attn::io::save_trace(folder / "t.npz", scenario, compute(scenario));
  const auto file = attn::test::read_npz(folder / "t.npz");
  CHECK(file.count("source_tokens") == 0);
  CHECK(file.count("source_x") == 0);
  CHECK(file.count("grad_x") == 0);
  CHECK(file.at("scores").numbers == std::vector<float>{5, 8, 11, 8, 13, 18, 11, 18, 25});
}

TEST_CASE("gradients stand beside the stages, vectors with one dimension") {
  const attn::test::TemporaryFolder folder;
  const Scenario scenario = attn::io::parse_scenario(kCross, "cross.json", "");
  const Arrays<float> arrays = compute(scenario);
  const auto gradients =
      attn::backward(scenario.input, arrays, attn::GradientSeed::ones(arrays.dimensions()));
  attn::io::save_trace(folder / "t.npz", scenario, arrays, &gradients);
  const auto file = attn::test::read_npz(folder / "t.npz");
  const auto values = [&](const attn::Matrix& m) {
    return std::vector<float>(m.values().begin(), m.values().end());
  };
  CHECK(file.at("grad_x").shape == Shape{3, 2});
  CHECK(file.at("grad_x").numbers == values(gradients.x));
  CHECK(file.at("grad_source_x").shape == Shape{2, 4});
  CHECK(file.at("grad_w_q").shape == Shape{2, 2});
  CHECK(file.at("grad_w_k").shape == Shape{4, 1});
  CHECK(file.at("grad_b_q").shape == Shape{2});
  CHECK(file.count("grad_b_k") == 0);
  CHECK(file.at("grad_scores").shape == Shape{2, 3, 2});
  CHECK(file.at("grad_head_outputs").shape == Shape{2, 3, 1});
  const std::vector<float> second = values(gradients.weights[1]);
  const std::vector<float>& both = file.at("grad_weights").numbers;
  REQUIRE(both.size() == 2 * second.size());
  CHECK(std::equal(second.begin(), second.end(), both.begin() + static_cast<std::ptrdiff_t>(second.size())));
}

TEST_CASE("gradients of every reference case have the shapes that the case expects") {
  for (const char* name : {"additive", "bilinear", "cross_rope", "features", "dropout_mean"}) {
    CAPTURE(name);
    const attn::test::TemporaryFolder folder;
    const auto golden = attn::io::load_golden(std::string(ATTN_GOLDEN_DIR) + "/gradients/" + name + ".json");
    const Arrays<float> arrays = compute(golden.scenario);
    const auto gradients =
        attn::backward(golden.scenario.input, arrays, attn::GradientSeed::ones(arrays.dimensions()));
    attn::io::save_trace(folder / "t.npz", golden.scenario, arrays, &gradients);
    const auto file = attn::test::read_npz(folder / "t.npz");
    for (const auto& [array, expected] : golden.expected) {
      CAPTURE(array);
      REQUIRE(file.count(array) == 1);
      CHECK(file.at(array).shape == expected.dims);
    }
  }
}

TEST_CASE("the same trace gives the same bytes") {
  const attn::test::TemporaryFolder folder;
  const Scenario scenario = attn::io::parse_scenario(kCross, "cross.json", "");
  attn::io::save_trace(folder / "a.npz", scenario, compute(scenario));
  attn::io::save_trace(folder / "b.npz", scenario, compute(scenario));
  CHECK(attn::test::bytes_of(folder / "a.npz") == attn::test::bytes_of(folder / "b.npz"));
}

TEST_CASE("a trace that cannot be written leaves the old file and nothing else") {
  const attn::test::TemporaryFolder folder;
  Scenario scenario = attn::io::parse_scenario(kCross, "cross.json", "");
  const Arrays<float> arrays = compute(scenario);
  CHECK_THROWS_AS(attn::io::save_trace(folder / "none/t.npz", scenario, arrays), attn::io::FormatError);
  attn::test::put(folder / "t.npz", "old");
  scenario.view_json = "broken";
  CHECK_THROWS_AS(attn::io::save_trace(folder / "t.npz", scenario, arrays), std::invalid_argument);
  CHECK(attn::test::bytes_of(folder / "t.npz") == "old");
  CHECK(folder.files() == 1);
  scenario.view_json.clear();
  attn::io::save_trace(folder / "t.npz", scenario, arrays);
  CHECK(attn::test::read_npz(folder / "t.npz").count("output") == 1);
  CHECK(folder.files() == 1);
}
