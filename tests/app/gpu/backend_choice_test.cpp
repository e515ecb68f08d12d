#include "app/gpu/backend_choice.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <thread>

#include <unistd.h>

#include "core/update/streaming.h"
#include "tests/app/gpu/faulty_backend.h"
#include "tests/support/inputs.h"

using namespace attn;
using namespace attn::gpu;
using attn::gpu::tests::FaultyBackend;
using attn::tests::random_input;
using attn::tests::three_words;

namespace {

using Script = FaultyBackend::Script;

/// A CPU and a GPU whose runs take as long as the test says, on a clock that only they move.
struct Machine {
  double now = 0;
  double cpu_seconds = 0.001;
  double gpu_seconds = 0.001;
  bool software = false;
  std::string refusal;  ///< not empty: the GPU does not start
  std::string device = "a card, driver 1";
  std::filesystem::path measured;
  int starts = 0;
  std::shared_ptr<Script> cpu = std::make_shared<Script>();
  std::shared_ptr<Script> gpu = std::make_shared<Script>();

  ChosenBackend chosen(BackendChoice choice) {
    cpu->during_run = [this] { now += cpu_seconds; };
    gpu->during_run = [this] { now += gpu_seconds; };
    ChosenBackend::Parts parts;
    parts.cpu = std::make_unique<FaultyBackend>(cpu);
    parts.clock = [this] { return std::chrono::duration<double>(now); };
    parts.start_gpu = [this](bool refuse_software) {
      ++starts;
      StartedGpu started;
      started.status.software = software;
      started.status.device = device;
      started.status.reason = software && refuse_software ? "draws on the processor" : refusal;
      started.status.available = started.status.reason.empty();
      if (started.status.available) started.backend = std::make_unique<FaultyBackend>(gpu);
      return started;
    };
    parts.measured = measured;
    return ChosenBackend(choice, std::move(parts));
  }
};

void run(ChosenBackend& backend, const Input& input = three_words()) {
  backend.wait_for_gpu();
  const RunResult result = backend.run(input, {});
  REQUIRE(result.trace != nullptr);
}

}  // namespace

TEST_CASE("the words of the command line name the choices") {
  for (const BackendChoice choice : {BackendChoice::cpu, BackendChoice::gpu, BackendChoice::automatic})
    CHECK(backend_choice_from_name(name(choice)) == choice);
  CHECK(!backend_choice_from_name("cuda"));
}

TEST_CASE("which is faster is remembered from one start to the next, for the same device and driver") {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("attn_choice_" + std::to_string(getpid()));
  const auto machine_with = [&](double cpu_seconds, double gpu_seconds) {
    Machine machine;
    machine.cpu_seconds = cpu_seconds;
    machine.gpu_seconds = gpu_seconds;
    machine.measured = file;
    return machine;
  };
  {
    Machine machine = machine_with(1, 0.1);
    ChosenBackend backend = machine.chosen(BackendChoice::automatic);
    for (int i = 0; i < 5; ++i) run(backend);
    CHECK(machine.cpu->runs == 2);  // timed, and once more while the GPU starts
  }
  Machine again = machine_with(1, 0.1);
  ChosenBackend later = again.chosen(BackendChoice::automatic);
  for (int i = 0; i < 3; ++i) run(later);
  CHECK(again.starts == 1);
  CHECK(again.cpu->runs == 1);  // while the GPU starts
  // A slow GPU is not asked again, another one is.
  {
    Machine slow = machine_with(1, 5);
    slow.device = "a slow card";
    ChosenBackend backend = slow.chosen(BackendChoice::automatic);
    for (int i = 0; i < 6; ++i) run(backend);
    CHECK(slow.gpu->runs == 2);
  }
  Machine slow = machine_with(1, 5);
  slow.device = "a slow card";
  ChosenBackend backend = slow.chosen(BackendChoice::automatic);
  for (int i = 0; i < 6; ++i) run(backend);
  CHECK(slow.gpu->runs == 0);
  std::filesystem::remove(file);
}

TEST_CASE("a choice by name is timed for nobody") {
  Machine machine;
  machine.measured = std::filesystem::temp_directory_path() / ("attn_named_" + std::to_string(getpid()));
  ChosenBackend backend = machine.chosen(BackendChoice::gpu);
  for (int i = 0; i < 3; ++i) run(backend);
  CHECK(!std::filesystem::exists(machine.measured));
}

TEST_CASE("the CPU, when chosen, never starts a GPU") {
  Machine machine;
  machine.cpu_seconds = 10;
  ChosenBackend backend = machine.chosen(BackendChoice::cpu);
  run(backend);
  run(backend);
  CHECK(machine.starts == 0);
  CHECK(machine.cpu->runs == 2);
  CHECK(backend.status().gpu_state == GpuState::not_asked);
}

TEST_CASE("the GPU, when chosen, is started once and computes") {
  Machine machine;
  machine.software = true;  // asked for by name, a software rasteriser is taken
  ChosenBackend backend = machine.chosen(BackendChoice::gpu);
  run(backend);
  run(backend);
  CHECK(machine.starts == 1);
  CHECK(machine.gpu->runs == 2);
  CHECK(machine.cpu->runs == 0);
  CHECK(backend.status().note.empty());
  CHECK(backend.description() == "a device made for tests");
}

TEST_CASE("a GPU that does not start leaves the work to the CPU and the reason in the status") {
  Machine machine;
  machine.refusal = "OpenGL 4.1 found, 4.3 needed";
  ChosenBackend backend = machine.chosen(BackendChoice::gpu);
  run(backend);
  run(backend);
  CHECK(machine.starts == 1);
  CHECK(machine.cpu->runs == 2);
  const BackendStatus status = backend.status();
  CHECK(status.gpu_state == GpuState::unavailable);
  CHECK(status.gpu.reason == "OpenGL 4.1 found, 4.3 needed");
  CHECK(status.note == "GPU not used: OpenGL 4.1 found, 4.3 needed");
}

TEST_CASE("a GPU that is lost in the middle: the CPU does this run and all later ones") {
  Machine machine;
  machine.gpu->lost_at = 2;
  ChosenBackend backend = machine.chosen(BackendChoice::gpu);
  run(backend);
  CHECK(machine.cpu->runs == 0);
  run(backend);
  CHECK(machine.cpu->runs == 1);
  machine.gpu->lost_at.reset();
  run(backend);
  CHECK(machine.gpu->runs == 2);
  CHECK(machine.cpu->runs == 2);
  CHECK(machine.starts == 1);
  const BackendStatus status = backend.status();
  CHECK(status.gpu_state == GpuState::lost);
  CHECK(!status.gpu.available);
  CHECK(status.note == "GPU not used: context lost");
}

TEST_CASE("what is the input's fault is not blamed on the GPU") {
  Machine machine;
  ChosenBackend backend = machine.chosen(BackendChoice::gpu);
  RunOptions options;
  options.memory_limit = 10;
  CHECK_THROWS_AS(backend.run(three_words(), options), RunError);
  CHECK(machine.cpu->runs == 0);
  CHECK(backend.status().gpu_state == GpuState::ready);
}

TEST_CASE("what has room only when it is streamed is the CPU's, whatever was chosen") {
  const Input input = attn::tests::random_input(5000, 4, 1, 1);
  RunOptions options;
  options.memory_limit = 80 << 20;
  REQUIRE(is_streamed(input, validate(input), options.memory_limit));
  for (const BackendChoice choice : {BackendChoice::gpu, BackendChoice::automatic}) {
    Machine machine;
    ChosenBackend backend = machine.chosen(choice);
    backend.run(three_words(), {});
    const int before = machine.cpu->runs;
    backend.run(input, options);
    CHECK(machine.cpu->runs == before + 1);
    const bool asked = choice == BackendChoice::gpu;
    CHECK(backend.status().note ==
          (asked ? "GPU not used: the trace is too large to be stored as a whole" : ""));
  }
}

TEST_CASE("auto does not ask a GPU for what the CPU does at once") {
  Machine machine;
  machine.cpu_seconds = 0.0005;
  ChosenBackend backend = machine.chosen(BackendChoice::automatic);
  for (int i = 0; i < 5; ++i) run(backend);
  CHECK(machine.starts == 0);
  CHECK(machine.cpu->runs == 5);
}

TEST_CASE("auto times both at a size that takes long and stays with the faster") {
  for (const bool gpu_wins : {true, false}) {
    Machine machine;
    machine.cpu_seconds = 1.0;
    machine.gpu_seconds = gpu_wins ? 0.1 : 2.0;
    ChosenBackend backend = machine.chosen(BackendChoice::automatic);
    run(backend);  // times the CPU
    CHECK(machine.cpu->runs == 1);
    run(backend);  // starts the GPU beside it
    backend.wait_for_gpu();
    CHECK(machine.starts == 1);
    CHECK(machine.cpu->runs == 2);
    run(backend);  // makes room on the GPU
    run(backend);  // times it
    CHECK(machine.gpu->runs == 2);
    for (int i = 0; i < 3; ++i) run(backend);
    CHECK(machine.gpu->runs == (gpu_wins ? 5 : 2));
    CHECK(machine.cpu->runs == (gpu_wins ? 2 : 5));
    CHECK(backend.status().used == "GPU");
    CHECK(backend.status().note.empty());
  }
}

TEST_CASE("auto times each size by itself") {
  Machine machine;
  machine.cpu_seconds = 1.0;
  machine.gpu_seconds = 0.1;
  ChosenBackend backend = machine.chosen(BackendChoice::automatic);
  for (int i = 0; i < 5; ++i) run(backend);
  CHECK(machine.gpu->runs == 3);
  run(backend, random_input(40, 16, 2, 1));  // not timed yet: the CPU first
  CHECK(machine.gpu->runs == 3);
  CHECK(machine.cpu->runs == 3);
}

TEST_CASE("auto never takes a software rasteriser, also when it was started by name") {
  Machine machine;
  machine.cpu_seconds = 1.0;
  machine.gpu_seconds = 0.001;
  machine.software = true;
  ChosenBackend backend = machine.chosen(BackendChoice::automatic);
  for (int i = 0; i < 4; ++i) run(backend);
  CHECK(machine.gpu->runs == 0);
  CHECK(backend.status().gpu_state == GpuState::unavailable);
  backend.choose(BackendChoice::gpu);
  run(backend);
  CHECK(machine.starts == 2);
  CHECK(machine.gpu->runs == 1);
  backend.choose(BackendChoice::automatic);
  run(backend);
  CHECK(machine.gpu->runs == 1);
}

TEST_CASE("a GPU that is lost under auto is not asked again") {
  Machine machine;
  machine.cpu_seconds = 1.0;
  machine.gpu_seconds = 0.1;
  machine.gpu->lost_at = 1;
  ChosenBackend backend = machine.chosen(BackendChoice::automatic);
  for (int i = 0; i < 5; ++i) run(backend);
  CHECK(machine.gpu->runs == 1);
  CHECK(machine.cpu->runs == 5);
  CHECK(backend.status().gpu.reason == "context lost");
}
