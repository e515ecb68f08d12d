#pragma once
// The forward pass on the GPU, stage by stage; what it lacks, the CPU computes in between.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "app/gpu/operations.h"
#include "app/gpu/shader_library.h"
#include "app/gpu/stage_store.h"
#include "core/attention/backend.h"
#include "core/attention/input.h"

namespace attn::gpu {

/// Lives on the thread of its context.
class GpuForward {
 public:
  struct Limits {
    std::uint64_t block_bytes = 0;  ///< the largest buffer a shader may see; 0 = what the driver says
  };
  GpuForward(ShaderLibrary& shaders, const Limits& limits);

  /// Called before every stage with its name; tests make the device fail there.
  void set_before_stage(std::function<void(Stage)> hook) { before_stage_ = std::move(hook); }

  /// Which tiles products are made in.
  ProductTiles& tiles() { return operations_.tiles(); }

  /// Computes every stage of a valid input into `arrays`, which is reshaped. Returns the stages that the
  /// CPU computed; the inputs x and source_x do not count.
  /// Throws RunError as the CPU does, Cancelled, BackendLost: "context lost", "scores: OpenGL error 0x0502".
  std::vector<Stage> run(const Input& input, const Dimensions& d, Arrays<float>& arrays, Progress* progress);

 private:
  struct Run;
  struct Parameter {
    SharedMatrix uploaded;
    StorageBuffer buffer;
  };

  bool on_gpu(Stage stage, const Run& run);
  void project(Stage stage, Stage from, ParameterId w, std::optional<ParameterId> b, const Run& run);
  void scores(const Run& run);
  void dot(GLuint q, GLuint k, const Run& run);
  void biased(const Run& run);
  void masked(const Run& run);
  bool weights(const Run& run);
  bool dropped(const Run& run);
  void head_outputs(const Run& run);
  void concat(const Run& run);
  void add_positions(Stage stage, const Run& run);
  void rotate(Stage stage, const Run& run);

  GLuint parameter(ParameterId id, const Input& input);
  GLuint scratch(std::size_t which, std::size_t words);
  bool was_reset() const;
  void check_device(Stage stage) const;
  void wait(const Progress* progress) const;

  Operations operations_;
  std::uint64_t limit_bytes_;
  StageStore store_;
  std::array<Parameter, kParameterCount> parameters_;
  std::array<StorageBuffer, 2> scratch_;
  StorageBuffer table_;  ///< positions, turns, ALiBi or padding of the stage at hand
  StorageBuffer allow_;
  GLenum (*reset_status_)();  ///< null where the driver cannot be asked
  std::function<void(Stage)> before_stage_;
};

}  // namespace attn::gpu
