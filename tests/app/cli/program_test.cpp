// The program as a person runs it: exit codes, one line for what is wrong, files written whole.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/attention/stage.h"
#include "tests/app/cli/program.h"

namespace {

namespace fs = std::filesystem;
using attn::tests::Outcome;
using attn::tests::run;
using attn::tests::Scratch;

const std::string kThreeWords = ATTN_GOLDEN_DIR "/forward/three_words.json";

void check_refused(const fs::path& file, const std::string& part) {
  const Outcome outcome = run(fmt::format("trace '{}'", file.string()));
  CAPTURE(outcome.text);
  CHECK(outcome.exit_code == 2);
  CHECK(std::ranges::count(outcome.text, '\n') == 1);
  CHECK(outcome.text.find(file.filename().string()) != std::string::npos);
  CHECK(outcome.text.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("trace prints every stage of the worked example under its name") {
  const Outcome outcome = run("trace " + kThreeWords);
  CHECK(outcome.exit_code == 0);
  for (const char* expected : {"x  3 × 2", "q[0]  3 × 2", "scores[0]  3 × 3", "weights[0]  3 × 3", "0.95033",
                               "output  3 × 2", "2.94797"}) {
    CAPTURE(expected);
    CHECK(outcome.text.find(expected) != std::string::npos);
  }
  CHECK(outcome.text.find("grad_x") == std::string::npos);
  CHECK(run("trace --gradient " + kThreeWords).text.find("grad_w_q  2 × 2") != std::string::npos);
}

TEST_CASE("trace -o writes a file that unzip and a second run agree on") {
  const Scratch scratch;
  const fs::path a = scratch.path / "a.npz";
  const fs::path b = scratch.path / "b.npz";
  CHECK(run(fmt::format("trace {} --gradient -o '{}'", kThreeWords, a.string())).exit_code == 0);
  CHECK(run(fmt::format("trace {} --gradient -o '{}'", kThreeWords, b.string())).exit_code == 0);
  std::ifstream first(a, std::ios::binary);
  std::ifstream second(b, std::ios::binary);
  const std::string bytes_a((std::istreambuf_iterator<char>(first)), {});
  const std::string bytes_b((std::istreambuf_iterator<char>(second)), {});
  CHECK(bytes_a.substr(0, 2) == "PK");
  CHECK(bytes_a == bytes_b);
  CHECK(bytes_a.find("weights.npy") != std::string::npos);
  CHECK(bytes_a.find("grad_head_outputs.npy") != std::string::npos);
}

TEST_CASE("bad files end with exit code 2 and one line that names the file and the place") {
  const Scratch scratch;
  check_refused(scratch.path / "missing.json", "missing.json");
  check_refused(scratch.write("empty.json", ""), "empty.json");
  check_refused(scratch.write("deep.json", std::string(100000, '[')), "deep.json");
  const std::string head = R"({"format": "attention-scenario", "version": 1, "tokens": ["a", "b"], "x": )";
  check_refused(scratch.write("truncated.json", head + "[[1, 2], [3"), "truncated.json");
  check_refused(scratch.write("ragged.json", head + "[[1, 2], [3]]}"), "x");
  check_refused(scratch.write("huge.json", head + R"({"npy": "../huge.npy"}})"), "x");
  check_refused(scratch.write("utf8.json", head + "[[1], [2]], \"title\": \"\xff\"}"), "utf8.json");
  check_refused(scratch.write("twice.json", head + R"([[1], [2]], "title": "a", "title": "b"})"), "title");
  check_refused(scratch.write("heads.json", head + R"([[1], [2]], "attention": {"heads": 2}})"),
                "weights.w_q");
  check_refused(
      scratch.write("mask.json", head + R"([[1], [2]], "attention": {"mask": {"padding": [true]}}})"),
      "attention.mask.padding");
}

TEST_CASE("a trace that would take more memory than allowed is refused with the figures") {
  const Outcome outcome = run("trace --memory 311 " + kThreeWords);
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.text.find("needs 312 bytes, allowed are 311") != std::string::npos);
}

TEST_CASE("a trace whose tables have no room is printed and written without them, and says so") {
  const Scratch scratch;
  const fs::path file = scratch.write("long.json", R"({"format": "attention-scenario", "version": 1,
    "tokens": {"generator": "needle", "count": 5000, "position": 4000},
    "x": {"generator": "needle", "position": 4000, "columns": 16, "seed": 7},
    "attention": {"scale": "sqrt_dk"}})");
  const std::string command = fmt::format("trace '{}' --memory 90M", file.string());
  const Outcome printed = run(command);
  CHECK(printed.exit_code == 0);
  CHECK(printed.text.find("weights[0]  5000 × 5000") != std::string::npos);
  CHECK(printed.text.find("… 4936 more rows, 4976 more columns; too many to be stored") != std::string::npos);
  CHECK(printed.text.find("output  5000 × 16") != std::string::npos);
  const fs::path out = scratch.path / "long.npz";
  const Outcome written = run(fmt::format("{} -o '{}'", command, out.string()));
  CHECK(written.exit_code == 0);
  CHECK(written.text == fmt::format("{}: without scores, scaled, masked, weights: 1 × 5000 × 5000 cells each "
                                    "are too many to be stored\n",
                                    out.string()));
  CHECK(fs::file_size(out) < 3'000'000);
  const Outcome gradient = run(command + " --gradient");
  CHECK(gradient.exit_code == 2);
  CHECK(gradient.text.find("needs 402240000 bytes, allowed are 94371840") != std::string::npos);
  const Outcome refused = run(fmt::format("trace '{}' --memory 60M", file.string()));
  CHECK(refused.exit_code == 2);
  CHECK(refused.text.find("allowed are 62914560; made a part at a time it needs") != std::string::npos);
}

TEST_CASE("explain says how a number came to be, and refuses cells that do not exist") {
  const Outcome outcome = run("explain " + kThreeWords + " --stage weights --head 0 --cell 0,2");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.text.find("0.9503") != std::string::npos);
  const Outcome refused = run("explain " + kThreeWords + " --cell 0,3");
  CHECK(refused.exit_code == 2);
  CHECK(refused.text == "attentionscope: --cell: expected rows 0 to 2 and columns 0 to 2, found 0,3\n");
  CHECK(run("explain " + kThreeWords + " --head 1 --cell 0,0").text ==
        "attentionscope: --head: expected 0 to 0, found 1\n");
}

TEST_CASE("explain names the stages: all in its help, those of the file where one is not there") {
  const Outcome help = run("explain --help");
  CHECK(help.exit_code == 0);
  for (const attn::Stage stage : attn::kStages) {
    const std::string stage_name(attn::name(stage));
    CAPTURE(stage_name);
    CHECK(help.text.find(stage_name) != std::string::npos);
  }
  for (const std::string stage : {"dropped", "preatt"}) {
    const Outcome refused = run("explain " + kThreeWords + " --stage " + stage + " --cell 0,0");
    CHECK(refused.exit_code == 2);
    CHECK(refused.text == "attentionscope: --stage: " + kThreeWords +
                              " has the stages x, q, k, v, scores, scaled, masked, weights, head_outputs, "
                              "concat, output; found \"" +
                              stage + "\"\n");
  }
}

TEST_CASE("verify passes every reference case on the CPU") {
  std::string files;
  for (const char* folder : {"forward", "gradients"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(ATTN_GOLDEN_DIR) / folder)) {
      if (entry.path().extension() == ".json") files += fmt::format(" '{}'", entry.path().string());
    }
  }
  const Outcome outcome = run("verify" + files);
  INFO(outcome.text.substr(outcome.text.size() > 2000 ? outcome.text.size() - 2000 : 0));
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.text.find("82 of 82 files passed") != std::string::npos);
}

TEST_CASE("verify ends with exit code 1 when an expected number is wrong") {
  const Scratch scratch;
  std::ifstream file(kThreeWords);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  const std::size_t at = text.find("2.9479745786165825", text.find("\"output\":"));
  REQUIRE(at != std::string::npos);
  text.replace(at, 4, "2.90");
  const Outcome outcome = run(fmt::format("verify '{}'", scratch.write("wrong.json", text).string()));
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.text.find("FAILED") != std::string::npos);
  CHECK(outcome.text.find("0 of 1 files passed") != std::string::npos);
}

TEST_CASE("info says what was found, and --backend gpu without OpenGL ends with exit code 1") {
  const Outcome outcome = run("info");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.text.find("CPU      float32") != std::string::npos);
  CHECK(outcome.text.find("GPU      ") != std::string::npos);
  setenv("MESA_GL_VERSION_OVERRIDE", "4.1", 1);
  const Outcome old = run("trace --backend gpu " + kThreeWords);
  unsetenv("MESA_GL_VERSION_OVERRIDE");
  CHECK(old.exit_code == 1);
  CHECK(old.text.find("attentionscope: no GPU: ") == 0);
}

TEST_CASE("bench --gpu times every case by the device's clock, or says why there is no GPU") {
  const Outcome outcome = run("bench --gpu --rounds 1 --json");
  if (outcome.exit_code == 1) {  // a machine without OpenGL
    CHECK(outcome.text.find("attentionscope: no GPU: ") == 0);
    return;
  }
  CHECK(outcome.exit_code == 0);
  for (const char* name : {"\"software\": ", "copy of", "GEMM ", "scores, heads", "head outputs, heads",
                           "softmax, ", "forward, n ", "drag of a word, n ", "row statistics, n "})
    CHECK_MESSAGE(outcome.text.find(name) != std::string::npos, name);
  CHECK(run("bench --gpu --rounds 1 --only 'no such case'").exit_code == 2);
  setenv("MESA_GL_VERSION_OVERRIDE", "4.1", 1);
  const Outcome old = run("bench --gpu");
  unsetenv("MESA_GL_VERSION_OVERRIDE");
  CHECK(old.exit_code == 1);
}

TEST_CASE("code prints or writes a program, and says which file of numbers it reads") {
  const Outcome printed = run("code " + kThreeWords);
  CHECK(printed.exit_code == 0);
  CHECK(printed.text.find("import numpy as np\n") != std::string::npos);
  CHECK(printed.text.find("\nscores = q @ k.T") != std::string::npos);
  const Scratch scratch;
  const fs::path file = scratch.path / "words.py";
  const Outcome written = run(fmt::format("code {}/forward/multi_head_64.json --framework pytorch -o '{}'",
                                          ATTN_GOLDEN_DIR, file.string()));
  CHECK(written.exit_code == 0);
  CHECK(written.text.find("multi_head_64.npz") != std::string::npos);
  std::ifstream stream(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  CHECK(text.find("import torch\n") != std::string::npos);
  CHECK(text.find("np.load(\"multi_head_64.npz\")") != std::string::npos);
  CHECK(run("code " + kThreeWords + " --framework jax").exit_code == 2);
}

TEST_CASE("usage errors end with exit code 2 and one line") {
  const Outcome outcome = run("trace");
  CHECK(outcome.exit_code == 2);
  CHECK(std::ranges::count(outcome.text, '\n') == 1);
}

TEST_CASE("import makes a scenario of arrays that trace then computes, and says what it understood") {
  const Scratch scratch;
  const std::string arrays = ATTN_SOURCE_DIR "/tests/app/session/arrays/";
  const fs::path made = scratch.path / "layer.json";
  const Outcome outcome =
      run(fmt::format("import {}q.npy {}k.npy {}v.npy -o '{}'", arrays, arrays, arrays, made.string()));
  CAPTURE(outcome.text);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.text.find("x was not given: each row of x is q, k and v side by side") != std::string::npos);
  CHECK(run(fmt::format("trace '{}'", made.string())).text.find("weights[1]  5 × 5") != std::string::npos);
  const Outcome refused = run(fmt::format("import {}q.npy -o '{}'", arrays, made.string()));
  CHECK(refused.exit_code == 2);
  CHECK(refused.text ==
        "attentionscope: expected arrays called x, q and k, w_q … or weights, found none of them\n");
  CHECK(run(fmt::format("import {}q.npy --heads none -o '{}'", arrays, made.string())).exit_code == 2);
}
