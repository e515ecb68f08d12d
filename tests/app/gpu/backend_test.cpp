// The GPU backend as a whole: every stage of every reference case, what it leaves to the CPU, and what it
// says when it cannot work.
#include "app/gpu/gpu_backend.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

#include "app/gpu/backend_choice.h"
#include "app/gpu/gpu_trace.h"
#include "app/gpu/self_check.h"
#include "app/gpu/shader_library.h"
#include "app/platform/offscreen.h"
#include "core/attention/attention.h"
#include "core/attention/compare.h"
#include "core/io/scenario.h"
#include "tests/core/attention/within_bound.h"
#include "tests/support/inputs.h"

using namespace attn;
using namespace attn::gpu;

namespace {

namespace fs = std::filesystem;

StartedGpu start(GpuOptions options = {}) {
  options.self_check = false;
  StartedGpu started = make_gpu_backend(options);
  REQUIRE_MESSAGE(started.backend != nullptr, started.status.reason);
  return started;
}

/// Runs an input and compares every stage with float64, the −∞ pattern first.
RunResult check_run(Backend& backend, const Input& input, const std::string& what,
                    const RunOptions& options = {}) {
  RunResult result = backend.run(input, options);
  const Arrays<float>* found = result.trace->whole();
  REQUIRE(found != nullptr);
  test::check_within_bound(input, *found, what);
  return result;
}

/// A folder that is gone after the test.
struct TemporaryFolder {
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "attn_shaders_XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~TemporaryFolder() { fs::remove_all(path); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
  fs::path path;
};

std::string shader_text(const std::string& name) {
  std::ifstream stream(fs::path(ATTN_SOURCE_DIR) / "shaders" / name);
  REQUIRE(stream);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// What the probe prints first when it runs with these settings of the environment.
std::string probe(const std::string& environment) {
  const std::string command = environment + " '" + ATTN_GPU_PROBE + "'";
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 512> line{};
  const bool any = std::fgets(line.data(), line.size(), pipe) != nullptr;
  pclose(pipe);
  REQUIRE(any);
  std::string text = line.data();
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

}  // namespace

TEST_CASE("every stage of every reference case agrees with float64 within its bound") {
  const StartedGpu gpu = start();
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(ATTN_GOLDEN_DIR) / "forward"))
    files.push_back(entry);
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() >= 61);
  for (const fs::path& file : files) {
    const io::ScenarioFile loaded = io::load_scenario_file(file);
    const Input& input = std::get<io::GoldenCase>(loaded).scenario.input;
    const RunResult result = check_run(*gpu.backend, input, file.stem().string());
    // One thing is left to the CPU: what float32 makes of an exp() that overflows.
    const bool without_max = input.config.normalise == Normalise::softmax_without_max;
    CHECK_MESSAGE(result.on_cpu == (without_max ? std::vector{Stage::weights} : std::vector<Stage>{}),
                  file.stem().string());
  }
}

TEST_CASE("results that stay on the GPU are the same, whichever way they are read") {
  GpuOptions options;
  options.leave_results = true;
  const StartedGpu left = start(options);
  const StartedGpu brought = start();
  for (const CheckCase& check : check_cases()) {
    const RunResult there = left.backend->run(check.input, {});
    const RunResult here = brought.backend->run(check.input, {});
    for (const Stage stage : stages_of(check.input)) {
      CAPTURE(check.name);
      CAPTURE(name(stage));
      const StageShape shape = here.trace->shape(stage);
      const std::size_t head = shape.heads - 1;
      const std::size_t row = shape.rows / 2;
      const Read one = there.trace->read_cell({stage, head, row, shape.columns - 1});
      REQUIRE(one.ready());
      CHECK(one.values(0, 0) == here.trace->read_cell({stage, head, row, shape.columns - 1}).values(0, 0));
      CHECK(there.trace->largest(stage) == here.trace->largest(stage));
    }
    const Arrays<float>* a = there.trace->whole();
    const Arrays<float>* b = here.trace->whole();
    REQUIRE(a != nullptr);
    for (const Stage stage : stages_of(check.input))
      CHECK_MESSAGE(std::ranges::equal(a->all(stage), b->all(stage)), check.name, ": ", name(stage));
  }
}

TEST_CASE("nothing is read back but the rows that are looked at, once") {
  GpuOptions options;
  options.leave_results = true;
  const StartedGpu gpu = start(options);
  const RunResult result = gpu.backend->run(attn::tests::random_input(17, 16, 2, 3), {});
  const auto& trace = dynamic_cast<const GpuTrace&>(*result.trace);
  CHECK(trace.numbers_brought() == 0);
  CHECK(trace.read(Stage::weights, 1, {4, 3, 2, 5}).ready());
  CHECK(trace.numbers_brought() == 2 * 17);
  CHECK(trace.read(Stage::weights, 1, {3, 0, 4, 17}).ready());
  CHECK(trace.numbers_brought() == 4 * 17);
  CHECK(trace.largest(Stage::masked) > 0);
  CHECK(trace.numbers_brought() == 4 * 17);
  CHECK(trace.read(Stage::masked, 0, {0, 0, 1, 1}).ready());  // from a row of the scores
  CHECK(trace.numbers_brought() == 7 * 17);
  CHECK(trace.read(Stage::weights, 2, {0, 0, 1, 1}).state == ReadState::failed);
  CHECK(trace.read(Stage::biased, 0, {0, 0, 1, 1}).state == ReadState::failed);
}

TEST_CASE("a trace that stays on the GPU outlives the next runs, and the backend") {
  GpuOptions options;
  options.leave_results = true;
  std::vector<std::shared_ptr<const Trace>> traces;
  std::vector<Input> inputs;
  {
    const StartedGpu gpu = start(options);
    for (std::size_t i = 0; i < 4; ++i) {
      inputs.push_back(attn::tests::random_input(5 + i, 8, 2, 100 + i));
      traces.push_back(gpu.backend->run(inputs.back(), {}).trace);
    }
    traces.erase(traces.begin() + 1);  // its buffers serve the next run
    inputs.erase(inputs.begin() + 1);
    inputs.push_back(attn::tests::random_input(33, 8, 2, 9));
    traces.push_back(gpu.backend->run(inputs.back(), {}).trace);
  }
  for (std::size_t i = 0; i < traces.size(); ++i) {
    REQUIRE(traces[i]->whole() != nullptr);
    test::check_within_bound(inputs[i], *traces[i]->whole(), "kept");
  }
}

TEST_CASE("a read is answered in the middle of a run") {
  GpuOptions options;
  options.leave_results = true;
  std::atomic<int> stages{0};
  std::atomic<bool> slow{false};
  options.before_stage = [&](Stage) {
    ++stages;
    if (slow) std::this_thread::sleep_for(std::chrono::milliseconds(40));
  };
  const StartedGpu gpu = start(options);
  const RunResult first = gpu.backend->run(attn::tests::three_words(), {});
  const int whole_run = stages.exchange(0);
  slow = true;
  std::thread run([&] { gpu.backend->run(attn::tests::three_words(), {}); });
  while (stages == 0) std::this_thread::yield();
  CHECK(first.trace->read_cell({Stage::weights, 0, 1, 1}).ready());
  const int at_answer = stages;
  run.join();
  CHECK(stages == whole_run);
  CHECK(at_answer < whole_run);
}

TEST_CASE("what is read from a device that was lost in the meantime fails with its reason") {
  GpuOptions options;
  options.leave_results = true;
  bool lose = false;
  options.before_stage = [&](Stage) {
    if (lose) throw BackendLost("context lost");
  };
  const StartedGpu gpu = start(options);
  const RunResult result = gpu.backend->run(attn::tests::three_words(), {});
  CHECK(result.trace->read_cell({Stage::weights, 0, 1, 1}).ready());
  lose = true;
  CHECK_THROWS_AS(gpu.backend->run(attn::tests::three_words(), {}), BackendLost);
  CHECK(result.trace->read_cell({Stage::weights, 0, 1, 1}).ready());
  const Read lost = result.trace->read_cell({Stage::weights, 0, 0, 1});
  CHECK(lost.state == ReadState::failed);
  CHECK(lost.error == "context lost");
  CHECK(result.trace->whole() == nullptr);
}

TEST_CASE("the built-in checks pass and use every compute shader") {
  const StartedGpu gpu = start();
  for (const CheckCase& check : check_cases()) check_run(*gpu.backend, check.input, check.name);

  GpuOptions checked;
  checked.every_shader = true;
  const StartedGpu joined = make_gpu_backend(checked);
  CHECK_MESSAGE(joined.status.available, joined.status.reason);
  CHECK(joined.status.reason.empty());
  CHECK(!joined.status.device.empty());
}

TEST_CASE("buffers of earlier runs do not leak into later ones") {
  const StartedGpu gpu = start();
  const Input large = attn::tests::random_input(33, 16, 4, 1);
  const Input small = attn::tests::random_input(3, 2, 1, 2);
  check_run(*gpu.backend, large, "large");
  check_run(*gpu.backend, small, "small after large");
  check_run(*gpu.backend, attn::tests::with_parameter(small, ParameterId::w_q, {{5, 6}, {7, 8}}), "new w_q");
  check_run(*gpu.backend, large, "large again");
}

TEST_CASE("maps of queries and keys that are larger than one binding are seen in parts") {
  Input grouped = attn::tests::random_input(17, 16, 4, 4);
  grouped.config.kv_heads = 2;
  grouped.config.mask.causal = true;
  for (const ParameterId id : {ParameterId::w_k, ParameterId::w_v})
    grouped.parameters[id] = attn::tests::random_matrix(16, 8, 5);
  for (const ParameterId id : {ParameterId::b_k, ParameterId::b_v})
    grouped.parameters[id] = attn::tests::random_matrix(1, 8, 6);
  Input padded = attn::tests::random_input(20, 16, 2, 6);
  std::vector<std::uint8_t> padding(20, 0);
  padding[0] = padding[7] = 1;
  padded.config.mask.padding = std::make_shared<const std::vector<std::uint8_t>>(padding);
  const Input plain = attn::tests::random_input(33, 8, 2, 3);
  // A map of 17 × 17 has 1156 bytes, of 20 × 20 1600, of 33 × 33 4356: two heads together, one, or some rows.
  for (const std::uint64_t bytes : {1500U, 2000U, 2600U, 3400U, 5000U}) {
    GpuOptions options;
    options.block_bytes = bytes;
    options.leave_results = true;
    const StartedGpu gpu = start(options);
    for (const Input* input : std::array<const Input*, 3>{&grouped, &padded, &plain}) {
      CAPTURE(bytes);
      const RunResult result = check_run(*gpu.backend, *input, fmt::format("blocks of {}", bytes));
      CHECK(result.on_cpu.empty());
      const RunResult cpu = make_cpu_backend()->run(*input, {});
      for (const Stage stage : {Stage::masked, Stage::weights})
        CHECK(result.trace->largest(stage) == doctest::Approx(cpu.trace->largest(stage)).epsilon(1e-5));
    }
  }
}

TEST_CASE("products are timed once by the clock that was handed in, and the next start remembers") {
  const TemporaryFolder folder;
  int timed = 0;
  GpuOptions options;
  options.every_shader = true;
  options.measured = folder.path / "measured";
  options.timer = [&](const std::function<void()>& commands) {
    commands();
    return 1.0 / ++timed;  // what is tried later is faster
  };
  const Input input = attn::tests::random_input(128, 128, 1, 5);
  {
    const StartedGpu gpu = start(options);
    check_run(*gpu.backend, input, "measuring");
    CHECK(timed > 0);
    const int once = timed;
    check_run(*gpu.backend, input, "in the tiles that were chosen");
    CHECK(timed == once);
  }
  timed = 0;
  const StartedGpu gpu = start(options);
  check_run(*gpu.backend, input, "in the tiles that were remembered");
  CHECK(timed == 0);
}

TEST_CASE("a stage that is larger than a buffer may be runs on the CPU and is listed") {
  GpuOptions options;
  options.block_bytes = 2000;  // 17 × 17 × 2 numbers are 2312 bytes, q, k and v 1088
  const StartedGpu gpu = start(options);
  Input input = attn::tests::random_input(17, 16, 2, 3);
  input.config.dropout = Dropout{0.3, 5};
  CHECK(check_run(*gpu.backend, input, "small blocks").on_cpu ==
        std::vector{Stage::dropped, Stage::head_outputs});
  input.config.position = Position::alibi;
  CHECK(check_run(*gpu.backend, input, "small blocks").on_cpu ==
        std::vector{Stage::scaled, Stage::biased, Stage::masked, Stage::weights, Stage::dropped,
                    Stage::head_outputs});
}

TEST_CASE("the revision is passed on and progress ends at one") {
  const StartedGpu gpu = start();
  Progress progress;
  RunOptions options;
  options.revision = 42;
  options.progress = &progress;
  const RunResult result = check_run(*gpu.backend, attn::tests::three_words(), "three words", options);
  CHECK(result.trace->revision() == 42);
  CHECK(progress.fraction == 1.0f);
}

TEST_CASE("a run can be cancelled in the middle, and the next one is whole") {
  Progress progress;
  GpuOptions options;
  options.before_stage = [&](Stage stage) {
    if (stage == Stage::masked) progress.cancel = true;
  };
  const StartedGpu gpu = start(options);
  RunOptions run_options;
  run_options.progress = &progress;
  CHECK_THROWS_AS(gpu.backend->run(attn::tests::three_words(), run_options), Cancelled);
  check_run(*gpu.backend, attn::tests::three_words(), "after cancelling");
}

TEST_CASE("a score past float32 is refused with the words of the CPU") {
  const StartedGpu gpu = start();
  Input input = attn::tests::three_words();
  input.x = SharedMatrix(Matrix{{1e30f, 2}, {2, 3}, {3, 1e30f}});
  std::string expected;
  try {
    make_cpu_backend()->run(input, {});
  } catch (const RunError& error) {
    expected = error.what();
  }
  REQUIRE(!expected.empty());
  CHECK_THROWS_WITH_AS(gpu.backend->run(input, {}), expected.c_str(), RunError);
  check_run(*gpu.backend, attn::tests::three_words(), "after the refusal");
}

TEST_CASE("more memory than allowed is refused before anything runs") {
  const StartedGpu gpu = start();
  RunOptions options;
  options.memory_limit = 10;
  CHECK_THROWS_AS(gpu.backend->run(attn::tests::three_words(), options), RunError);
}

TEST_CASE("runs from several threads queue up and each gets its own numbers") {
  const StartedGpu gpu = start();
  std::array<RunResult, 4> results;
  std::array<std::thread, 4> threads;
  const auto input = [](std::size_t i) { return attn::tests::random_input(5 + i, 8, 2, 100 + i); };
  for (std::size_t i = 0; i < threads.size(); ++i)
    threads[i] = std::thread([&, i] { results[i] = gpu.backend->run(input(i), {}); });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < results.size(); ++i) {
    const RunResult alone = gpu.backend->run(input(i), {});
    const CellRef cell{Stage::output, 0, 4 + i, 7};
    CHECK(results[i].trace->read_cell(cell).values(0, 0) == alone.trace->read_cell(cell).values(0, 0));
  }
}

TEST_CASE("a refused context leaves no backend and says why") {
  GpuOptions options;
  options.context = []() -> std::unique_ptr<gl::Context> { throw gl::ContextError("the driver says no"); };
  const StartedGpu started = make_gpu_backend(options);
  CHECK(started.backend == nullptr);
  CHECK(!started.status.available);
  CHECK(started.status.reason == "the driver says no");
  options.context = [] { return std::unique_ptr<gl::Context>(); };
  CHECK(make_gpu_backend(options).status.reason == "no OpenGL context");
}

TEST_CASE("an older OpenGL is refused with both versions") {
  CHECK(probe("MESA_GL_VERSION_OVERRIDE=4.1") == "OpenGL 4.1 found, 4.3 needed");
  CHECK(probe("MESA_GL_VERSION_OVERRIDE=4.3") == "available");
}

TEST_CASE("without any driver the reason is one line") {
  CHECK(probe("__EGL_VENDOR_LIBRARY_FILENAMES=/dev/null") == "EGL has no device");
}

TEST_CASE("a shader that does not compile is named") {
  const TemporaryFolder folder;
  folder.write("softmax_rows.comp", "#version 430 core\nvoid main() { nonsense; }\n");
  GpuOptions options;
  options.shader_dir = folder.path;
  const StartedGpu started = make_gpu_backend(options);
  CHECK(started.backend == nullptr);
  const std::string& reason = started.status.reason;
  INFO(reason);
  CHECK(reason.starts_with("shader softmax_rows.comp does not compile: "));
  CHECK(reason.find('\n') == std::string::npos);
  CHECK(reason.find("nonsense") != std::string::npos);
}

TEST_CASE("a shader that includes itself is refused") {
  const TemporaryFolder folder;
  folder.write("scale.comp", "#version 430 core\n#include \"scale.comp\"\nvoid main() {}\n");
  GpuOptions options;
  options.shader_dir = folder.path;
  CHECK(make_gpu_backend(options).status.reason == "shader scale.comp: includes itself");
}

TEST_CASE("a fault in any shader keeps the backend out and names a stage") {
  struct Fault {
    const char* shader;
    const char* right;
    const char* wrong;
    const char* stage;
  };
  // What a device joins without: no stage of a plain pass uses it. Compiling it for the other faults as well
  // would take most of this test's time.
  const std::array<std::string_view, 8> besides = {
      "product_tile.glsl", "matmul_blocks.comp", "row_statistics.comp", "weights_tile.comp",
      "drag_rejoin.comp",  "query_parts.comp",   "query_join.comp",     "softmax_gradient.comp"};
  // Where the stage is not the shader's own, its NaN or its overflow is refused before stages are compared.
  const std::array faults = {
      Fault{"matmul.comp", "t_of_b * b_row + j * b_column", "j * b_row + t_of_b * b_column", "q["},
      Fault{"matmul.comp", "a[a_start + ", "a[", "scores["},
      Fault{"product_tile.glsl", "a[at + n * (a_row / 4u)]", "a[at]", "q["},
      Fault{"product_tile.glsl", "b[at + n * (b_row / 4u)]", "b[at]", "q["},
      Fault{"product_tile.glsl", "b[at + n * (b_column / 4u)]", "b[at]", "scores["},
      Fault{"product_tile.glsl", "t + n < inner ? a[start + ", "t + n < inner ? a[", "head_outputs["},
      Fault{"matmul_blocks.comp", "bias[from + 3u]", "bias[from]", "q["},
      Fault{"copy.comp", "head * in_head + ", "", "concat["},
      Fault{"scale.comp", " * factor", "", "scaled["},
      Fault{"add.comp", " + added[cell]", "", "x_position["},
      Fault{"alibi.comp", "i > j ? i - j : j - i", "i + j", "biased["},
      Fault{"visible.glsl", "j > i", "j >= i", "weights["},
      Fault{"visible.glsl", "8u * (cell % 4u)", "0u", "masked["},
      Fault{"mask.comp", "visible(i, j)", "visible(j, i)", "masked["},
      Fault{"attention_weights.comp", "uintBitsToFloat(bits[r]) - maximum", "uintBitsToFloat(bits[r])",
            "head_outputs["},
      Fault{"attention_weights.comp", "quad[r] * factor", "quad[r]", "weights["},
      Fault{"attention_weights.comp", "scores[start + j] * factor", "scores[start + j]", "weights["},
      Fault{"row_statistics.comp", "exponential(largest[r] - row_largest[r])", "1.0", "row statistics: sum["},
      Fault{"row_statistics.comp", "min(columns, first_row + TILE_ROWS)", "first_row", "row statistics: "},
      Fault{"weights_tile.comp", "maxima[statistics + i]", "maxima[i]", "tile of weights["},
      Fault{"drag_rejoin.comp", "of_rest * rest[cell]", "rest[cell]", "drag: output["},
      Fault{"query_parts.comp", "sees ? exponential", "true ? exponential", "drag: output["},
      Fault{"query_join.comp", "parts[at + 2u + c] * exponential(parts[at] - most)", "parts[at + 2u + c]",
            "drag: output["},
      Fault{"softmax_gradient.comp", "- shift) - mean", "- shift)", "gradient of q["},
      Fault{"largest.comp", "atomicMax(result[slot], found[0])", "atomicMin(result[slot], found[0])",
            "scores["},
      Fault{"softmax_rows.comp", " /= total", " /= 1.0", "weights["},
      Fault{"softmax_rows.comp", "if (bits == kHidden) continue;", "", "head_outputs["},
      Fault{"exponential.glsl", "1.0 / 6.0", "1.0 / 5.0", "["},
      Fault{"scores_as_weights.comp", "scores[cell] == kHidden ? 0u : ", "", "head_outputs["},
      Fault{"dropout.comp", "weights[cell] / keep", "weights[cell]", "dropped["},
      Fault{"dropout.comp", "turn < 10", "turn < 9", "dropped["},
      Fault{"normalise_rows.comp", "sqrt(squares)", "squares", "scores["},
      Fault{"additive_scores.comp", "(head / k_shared_by)", "head", "scores["},
      Fault{"rotate_pairs.comp", "second * sine", "first * sine", "q_rotated["},
      Fault{"mean_heads.comp", " / float(heads)", "", "concat["},
  };
  std::vector<std::string> never_wrong = ShaderLibrary::compute_shaders();
  for (const Fault& fault : faults) {
    std::string text = shader_text(fault.shader);
    const std::size_t at = text.find(fault.right);
    REQUIRE_MESSAGE(at != std::string::npos, fault.shader, ": ", fault.right);
    text.replace(at, std::string(fault.right).size(), fault.wrong);
    const TemporaryFolder folder;
    folder.write(fault.shader, text);
    GpuOptions options;
    options.shader_dir = folder.path;
    options.every_shader = std::ranges::find(besides, fault.shader) != besides.end();
    const StartedGpu started = make_gpu_backend(options);
    INFO(fmt::format("{}, '{}' -> '{}': {}", fault.shader, fault.right, fault.wrong, started.status.reason));
    CHECK(started.backend == nullptr);
    CHECK(started.status.reason.starts_with("self-check '"));
    CHECK(started.status.reason.find(fault.stage) != std::string::npos);
    std::erase(never_wrong, fault.shader);
  }
  CHECK_MESSAGE(never_wrong.empty(), "no fault was tried in ", never_wrong.empty() ? "" : never_wrong[0]);
}

TEST_CASE("a device that is lost in the middle stays lost, with its reason") {
  GpuOptions options;
  bool lose = false;
  options.before_stage = [&](Stage stage) {
    if (lose && stage == Stage::weights) throw BackendLost("context lost");
  };
  const StartedGpu gpu = start(options);
  check_run(*gpu.backend, attn::tests::three_words(), "before");
  lose = true;
  CHECK_THROWS_WITH_AS(gpu.backend->run(attn::tests::three_words(), {}), "context lost", BackendLost);
  lose = false;
  CHECK_THROWS_WITH_AS(gpu.backend->run(attn::tests::three_words(), {}), "context lost", BackendLost);
}

TEST_CASE("an OpenGL error in the middle of a run loses the device and names the stage") {
  GpuOptions options;
  options.before_stage = [](Stage stage) {
    if (stage == Stage::scaled) glBindBuffer(GL_TEXTURE_2D, 0);  // no such target: GL_INVALID_ENUM
  };
  const StartedGpu gpu = start(options);
  CHECK_THROWS_WITH_AS(gpu.backend->run(attn::tests::three_words(), {}), "scaled: OpenGL error 0x0500",
                       BackendLost);
}

TEST_CASE("whatever the GPU fails of, the CPU takes over with right numbers and the status says why") {
  const TemporaryFolder folder;
  folder.write("scale.comp", "#version 430 core\nvoid main() { nonsense; }\n");
  GpuOptions refused;
  refused.context = []() -> std::unique_ptr<gl::Context> { throw gl::ContextError("the driver says no"); };
  GpuOptions broken;
  broken.shader_dir = folder.path;
  GpuOptions lost;
  lost.self_check = false;
  lost.before_stage = [](Stage stage) {
    if (stage == Stage::head_outputs) throw BackendLost("context lost");
  };
  const std::array<std::pair<GpuOptions, std::string>, 3> failures = {{
      {refused, "GPU not used: the driver says no"},
      {broken, "GPU not used: shader scale.comp does not compile: "},
      {lost, "GPU not used: context lost"},
  }};
  for (const auto& [options, note] : failures) {
    ChosenBackend::Parts parts;
    parts.start_gpu = [&options = options](bool) { return make_gpu_backend(options); };
    ChosenBackend backend(BackendChoice::gpu, std::move(parts));
    check_run(backend, attn::tests::three_words(), note);
    CHECK(backend.status().used == "CPU");
    INFO(backend.status().note);
    CHECK(backend.status().note.starts_with(note));
  }
}
