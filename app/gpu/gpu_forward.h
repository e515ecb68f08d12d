#pragma once
// The forward pass on the GPU, stage by stage; what it lacks, the CPU computes in between.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
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

  Operations& operations() { return operations_; }

  /// Called between two stages; what the results of earlier runs are asked for is answered there.
  void set_between_stages(std::function<void()> hook) { between_stages_ = std::move(hook); }

  struct Result {
    std::shared_ptr<StageStore> stages;  ///< computed, and left where they are
    std::vector<Stage> on_cpu;           ///< what the CPU computed; the inputs x and source_x do not count
  };
  /// Computes every stage of a valid input. The buffers of a result are used again once nobody holds it.
  /// Throws RunError as the CPU does, Cancelled, BackendLost: "context lost", "scores: OpenGL error 0x0502".
  Result run(const Input& input, const Dimensions& d, Progress* progress);
  /// Reads something of a result back and looks whether the device was still there.
  void read(Stage stage, const std::function<void()>& copy) const;
  /// The largest magnitude of a stage of a result, among the cells that the mask leaves; nothing where it
  /// cannot be told on the GPU.
  std::optional<double> largest(StageStore& stages, Stage stage, const Input& input);

 private:
  struct Run;
  /// A matrix of the input on the device, as long as inputs hold the same one.
  struct Parameter {
    SharedMatrix uploaded;
    StorageBuffer buffer;
    GLuint keep(const SharedMatrix& values, std::uint64_t limit_bytes);
  };

  struct Part;
  /// Parts of a buffer with the cells of `shape`, in order. Heads in groups of `shared_by` stay together, or
  /// are alone. Throws TooLarge where a row does not fit.
  std::vector<Part> parts_of(GLuint buffer, const StageShape& shape, std::size_t shared_by) const;

  bool on_gpu(Stage stage, const Run& run);
  void project(Stage stage, Stage from, ParameterId w, std::optional<ParameterId> b, const Run& run);
  void scores(const Run& run);
  void dot(GLuint q, GLuint k, const Run& run);
  void biased(const Run& run);
  void masked(const Run& run);
  /// Whether the weights come from the scores in one go, with nothing stored in between.
  bool derives_masked(const Run& run) const;
  bool weights(const Run& run);
  bool dropped(const Run& run);
  void head_outputs(const Run& run);
  void concat(const Run& run);
  void add_positions(Stage stage, const Run& run);
  void rotate(Stage stage, const Run& run);

  MaskBuffers upload(const MaskConfig& config);
  /// A store that no result holds.
  void take_store(const Input& input, const Dimensions& d);
  void look_at(Stage stage, const Run& run);
  void look_for_overflow(const Run& run);
  void check_finite(const Run& run);
  bool scores_stay_finite(const Run& run, const std::vector<float>& largest) const;
  /// Brings x or source_x to the device, unless it is there, and gives the run a copy of it.
  bool upload(Stage stage, const Run& run);
  GLuint parameter(ParameterId id, const Input& input);
  GLuint scratch(std::size_t which, std::size_t words);
  bool was_reset() const;
  void check_device(Stage stage) const;
  void wait(const Progress* progress) const;

  Operations operations_;
  std::uint64_t limit_bytes_;
  std::shared_ptr<StageStore> store_;  ///< of the run at hand
  std::vector<std::shared_ptr<StageStore>> stores_;
  StorageBuffer largest_;
  std::array<Parameter, kParameterCount> parameters_;
  Parameter x_, source_x_;
  std::array<StorageBuffer, 2> scratch_;
  StorageBuffer table_;  ///< positions, turns, ALiBi or padding of the stage at hand
  StorageBuffer allow_;
  GLenum (*reset_status_)();  ///< null where the driver cannot be asked
  std::function<void(Stage)> before_stage_;
  std::function<void()> between_stages_;
};

}  // namespace attn::gpu
