#include "app/cli/arguments.h"

#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

using namespace attn;
using namespace attn::cli;

namespace {

template <class T>
T parsed(const std::vector<std::string>& arguments) {
  const Parsed result = parse_arguments(arguments);
  INFO(result.text);
  REQUIRE(result.options.has_value());
  REQUIRE(std::holds_alternative<T>(*result.options));
  return std::get<T>(*result.options);
}

std::string refusal(const std::vector<std::string>& arguments) {
  const Parsed result = parse_arguments(arguments);
  CHECK_FALSE(result.options.has_value());
  CHECK(result.exit_code == kBadInput);
  CHECK(result.text.find('\n') == result.text.size() - 1);  // one line
  return result.text;
}

}  // namespace

TEST_CASE("no arguments open the window on the built-in example, with the backend chosen by measuring") {
  const auto window = parsed<WindowOptions>({});
  CHECK_FALSE(window.file.has_value());
  CHECK(window.backend == gpu::BackendChoice::automatic);
  CHECK(parsed<WindowOptions>({"a.json", "--state", "s.json"}).file == "a.json");
  CHECK(parsed<WindowOptions>({"a.json", "--state", "s.json"}).state == "s.json");
  CHECK_FALSE(window.memory.has_value());
  CHECK(parsed<WindowOptions>({"--memory", "640M"}).memory == std::uint64_t{640} << 20);
}

TEST_CASE("trace takes everything that its help lists") {
  const auto trace = parsed<TraceOptions>({"trace", "a.json", "-o", "out.npz", "--backend", "gpu",
                                           "--gradient", "--seed-gradient", "g.npy", "--memory", "2K"});
  CHECK(trace.file == "a.json");
  CHECK(trace.output == "out.npz");
  CHECK(trace.backend == gpu::BackendChoice::gpu);
  CHECK(trace.gradient);
  CHECK(trace.seed_gradient == "g.npy");
  CHECK(trace.memory == 2048);
  CHECK(parsed<TraceOptions>({"trace", "a.json"}).backend == gpu::BackendChoice::cpu);
  CHECK(parsed<TraceOptions>({"trace", "a.json"}).memory == kDefaultMemory);
}

TEST_CASE("explain, render and verify read their places") {
  const auto explain = parsed<ExplainOptions>(
      {"explain", "a.json", "--stage", "scores", "--head", "1", "--cell", "0,2", "--depth", "7"});
  CHECK(explain.stage == "scores");
  CHECK(explain.head == 1);
  CHECK(explain.row == 0);
  CHECK(explain.column == 2);
  CHECK(explain.depth == 7);
  CHECK(parsed<ExplainOptions>({"explain", "a.json", "--cell", "1,1"}).stage == "weights");

  const auto render = parsed<RenderOptions>({"render", "a.json", "-o", "p.png", "--size", "1920x1080",
                                             "--theme", "dark", "--language", "zh", "--scale", "2",
                                             "--select", "weights,0,1,2", "--at", "scores,1"});
  CHECK(render.width == 1920);
  CHECK(render.height == 1080);
  CHECK(render.scale == 2.0);
  CHECK(render.theme == Theme::dark);
  CHECK(render.language == "zh");
  CHECK(render.select == CellRef{Stage::weights, 0, 1, 2});
  REQUIRE(render.at.has_value());
  CHECK(render.at->stage == Stage::scores);
  CHECK(render.at->row == 1);
  CHECK_FALSE(render.at->column.has_value());

  CHECK(parsed<VerifyOptions>({"verify", "a.json", "b.json", "--backend", "gpu"}).files.size() == 2);
  CHECK(parsed<BenchOptions>({"bench", "--json"}).json);
  CHECK(parsed<BenchOptions>({"bench", "--only", "frame"}).only == "frame");
  CHECK(parsed<BenchOptions>({"bench", "--gpu"}).gpu);
  CHECK(!parsed<BenchOptions>({"bench"}).gpu);
  CHECK(parsed<BenchOptions>({"bench"}).rounds == 9);
  CHECK_FALSE(parsed<BenchOptions>({"bench"}).long_inputs);
  CHECK(parsed<BenchOptions>({"bench", "--long"}).long_inputs);
  CHECK(parsed<BenchOptions>({"bench", "--rounds", "3"}).rounds == 3);
  parsed<InfoOptions>({"info"});
}

TEST_CASE("what cannot be understood is refused with one line that says what was expected") {
  CHECK(refusal({"explain", "a.json", "--cell", "0;2"}) ==
        "attentionscope: --cell: expected ROW,COLUMN such as 0,2, found \"0;2\"\n");
  CHECK(refusal({"trace", "a.json", "--backend", "tpu"}) ==
        "attentionscope: --backend: expected cpu, gpu or auto, found \"tpu\"\n");
  CHECK(refusal({"trace", "a.json", "--memory", "lots"}).find("--memory: expected a number of bytes") !=
        std::string::npos);
  CHECK(refusal({"trace", "a.json", "--memory", "99999999999G"}).find("--memory") != std::string::npos);
  CHECK(refusal({"trace", "a.json", "--seed-gradient", "g.npy"}).find("together with --gradient") !=
        std::string::npos);
  CHECK(
      refusal({"render", "a.json", "-o", "p.png", "--size", "10x10"}).find("--size: expected WIDTHxHEIGHT") !=
      std::string::npos);
  CHECK(refusal({"render", "a.json", "-o", "p.png", "--select", "weights,0,1"}).find("--select: expected") !=
        std::string::npos);
  CHECK(refusal({"render", "a.json", "-o", "p.png", "--at", "scores,1,2,3"}).find("--at: expected") !=
        std::string::npos);
  CHECK(refusal({"render", "a.json", "-o", "p.png", "--at", "scores,x"}).find("--at: expected") !=
        std::string::npos);
  refusal({"trace"});
  refusal({"verify"});
  refusal({"render", "a.json"});
  refusal({"--no-such-flag"});
  refusal({"trace", "a.json", "b.json"});
}

TEST_CASE("help is there for the program and for every subcommand") {
  for (const std::string command : {"", "trace", "explain", "render", "verify", "info", "bench"}) {
    std::vector<std::string> arguments;
    if (!command.empty()) arguments.push_back(command);
    arguments.emplace_back("--help");
    const Parsed result = parse_arguments(arguments);
    CAPTURE(command);
    CHECK_FALSE(result.options.has_value());
    CHECK(result.exit_code == kSuccess);
    CHECK(result.text.find(command) != std::string::npos);
    CHECK(result.text.size() > 100);
  }
  CHECK(parse_arguments({"--version"}).text == std::string("attentionscope ") + ATTN_VERSION + "\n");
}
