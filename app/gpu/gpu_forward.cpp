#include "app/gpu/gpu_forward.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "app/gpu/gpu_forward_run.h"
#include "core/attention/attention.h"
#include "core/attention/ops.h"
#include "core/attention/stage_range.h"

namespace attn::gpu {
namespace {

constexpr GLuint64 kWaitSlice = 20'000'000;  // ns between two looks at `cancel`

std::uint64_t driver_block_bytes() {
  GLint64 bytes = 0;
  glGetInteger64v(GL_MAX_SHADER_STORAGE_BLOCK_SIZE, &bytes);
  return bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

GLenum reset_status() { return glGetGraphicsResetStatus(); }
GLenum reset_status_arb() { return glGetGraphicsResetStatusARB(); }

/// How this driver is asked whether it has reset the context; null where it cannot be asked. Found once:
/// on a lost context even the list of extensions may be gone.
GLenum (*find_reset_status())() {
  if (epoxy_gl_version() >= 45 || epoxy_has_gl_extension("GL_KHR_robustness")) return reset_status;
  return epoxy_has_gl_extension("GL_ARB_robustness") ? reset_status_arb : nullptr;
}

}  // namespace

std::vector<GpuForward::Part> GpuForward::parts_of(GLuint buffer, const StageShape& shape,
                                                   std::size_t shared_by) const {
  const std::uint64_t row_bytes = shape.columns * sizeof(float);
  const std::uint64_t head_bytes = shape.rows * row_bytes;
  if (shape.heads * head_bytes <= limit_bytes_)
    return {{0, narrow(shape.heads), 0, narrow(shape.rows), stack(buffer, shape)}};
  const std::uint64_t alignment = operations_.alignment();
  const std::uint64_t usable = limit_bytes_ > alignment ? limit_bytes_ - alignment : 0;
  if (row_bytes > usable) throw TooLarge("a row is larger than a block");
  // Whole groups of heads that share one of the other operand, or one head, or some of its rows.
  const std::size_t fitting = usable / head_bytes;
  const std::size_t heads =
      std::max<std::size_t>(1, fitting >= shared_by ? fitting / shared_by * shared_by : 1);
  const std::size_t rows = fitting > 0 ? shape.rows : usable / row_bytes;
  std::vector<Part> parts;
  for (std::size_t head = 0; head < shape.heads; head += heads) {
    for (std::size_t row = 0; row < shape.rows; row += rows) {
      Part part;
      part.first_head = narrow(head);
      part.heads = narrow(std::min(heads, shape.heads - head));
      part.first_row = narrow(row);
      part.rows = narrow(std::min(rows, shape.rows - row));
      const std::uint64_t start = head * head_bytes + row * row_bytes;
      const std::uint64_t aligned = start / alignment * alignment;
      const std::uint64_t end = start + std::uint64_t{part.heads} * part.rows * row_bytes;
      part.stack = stack(buffer, shape);
      part.stack.buffer = {buffer, static_cast<GLintptr>(aligned), static_cast<GLsizeiptr>(end - aligned)};
      part.stack.first = narrow((start - aligned) / sizeof(float));
      parts.push_back(part);
    }
  }
  return parts;
}

GpuForward::GpuForward(ShaderLibrary& shaders, const Limits& limits)
    : operations_(shaders),
      limit_bytes_(std::min(limits.block_bytes != 0 ? limits.block_bytes : driver_block_bytes(), kMostBytes)),
      reset_status_(find_reset_status()) {}

void GpuForward::take_store(const Input& input, const Dimensions& d) {
  // Besides the one that is taken at most one idle store keeps its buffers.
  std::size_t idle = 0;
  store_.reset();
  std::erase_if(stores_, [&](const auto& store) { return store.use_count() == 1 && ++idle > 2; });
  for (const auto& store : stores_) {
    if (store.use_count() == 1) store_ = store;
  }
  if (store_ == nullptr) store_ = stores_.emplace_back(std::make_shared<StageStore>(limit_bytes_));
  store_->begin(std::make_shared<Arrays<float>>(input, d));
}

GpuForward::Result GpuForward::run(const Input& input, const Dimensions& d, Progress* progress) {
  take_store(input, d);
  Arrays<float>& arrays = *store_->arrays();
  const Run run{input, d, arrays};
  Result result;
  const std::vector<Stage> stages = stages_of(input);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const Stage stage = stages[i];
    if (progress != nullptr && progress->cancel) throw Cancelled();
    if (between_stages_) between_stages_();
    if (before_stage_) before_stage_(stage);
    const bool given = stage == Stage::x || stage == Stage::source_x;
    if (stage == Stage::scaled && derives_masked(run)) {
      const StageInputs from = inputs_of(Stage::scores, input);
      store_->derive_scores({from[0], from[1], score_factor(input.config, d), input.config.mask});
    }
    if (store_->derives(stage)) {
      check_device(stage);
      continue;
    }
    bool computed = false;
    try {
      computed = on_gpu(stage, run);
    } catch (const TooLarge&) {
      computed = false;
    } catch (const gl::ShaderError& error) {
      throw BackendLost(error.what());
    } catch (const DeviceError& error) {
      throw BackendLost(fmt::format("{}: {}", name(stage), error.what()));
    }
    if (computed) {
      store_->computed_on_gpu(stage);
      if (progress != nullptr) wait(progress);  // so that progress and cancel follow the device
    } else {
      for (const Stage before : inputs_of(stage, input)) store_->to_cpu(before);
      compute_stage<float>(stage, input, arrays, progress);
      store_->computed_on_cpu(stage);
      if (!given) result.on_cpu.push_back(stage);
    }
    check_device(stage);
    if (progress != nullptr)
      progress->fraction = static_cast<float>(i + 1) / static_cast<float>(stages.size());
  }
  try {
    look_for_overflow(run);
    wait(progress);
    check_finite(run);
  } catch (const gl::ShaderError& error) {
    throw BackendLost(error.what());
  }
  check_device(Stage::output);
  result.stages = std::exchange(store_, nullptr);
  return result;
}

bool GpuForward::derives_masked(const Run& run) const {
  const Config& config = run.input.config;
  return store_->on_gpu(Stage::scores) && config.normalise == Normalise::softmax &&
         config.softmax_axis == SoftmaxAxis::keys && run.from(Stage::weights) == Stage::masked &&
         run.from(Stage::masked) == Stage::scaled && run.arrays.has(Stage::scaled);
}

void GpuForward::look_at(Stage stage, const Run& run) {
  const StageShape shape = run.arrays.shape(stage);
  for (const Part& part : parts_of(store_->input_in_parts(stage), shape, 1)) {
    operations_.largest(part.stack.buffer, nullptr, largest_.id(), narrow(index(stage)), extent(shape),
                        part.lines(shape));
  }
}

/// Gives the commands that find the largest magnitude of each stage that must be finite, the scores aside.
void GpuForward::look_for_overflow(const Run& run) {
  if (run.input.config.normalise == Normalise::softmax_without_max) return;
  largest_.resize(kStageCount, limit_bytes_);
  largest_.write(std::vector<std::uint32_t>(kStageCount, 0));
  for (const Stage stage : stages_of(run.input)) {
    const bool may_be_infinite = stage == Stage::masked || stage == Stage::weights || stage == Stage::dropped;
    if (store_->on_gpu(stage) && stage != Stage::scores && !may_be_infinite) look_at(stage, run);
  }
}

/// As the CPU's check, with one number read back for each stage.
void GpuForward::check_finite(const Run& run) {
  if (run.input.config.normalise == Normalise::softmax_without_max) return;
  const std::vector<Stage> stages = stages_of(run.input);
  std::vector<float> largest(kStageCount);
  largest_.read(largest);
  if (store_->on_gpu(Stage::scores) && !scores_stay_finite(run, largest)) {
    look_at(Stage::scores, run);
    largest_.read(largest);
  }
  for (const Stage stage : stages) {
    float most = largest[index(stage)];
    if (stage == Stage::scaled && store_->derives(stage))
      most = largest[index(Stage::scores)] * std::abs(static_cast<float>(store_->recipe().factor));
    const bool finite = most <= std::numeric_limits<float>::max();
    if (finite && (store_->on_gpu(stage) || store_->derives(stage))) continue;
    store_->to_cpu(stage);
    attn::check_finite<float>(stage, run.input, run.arrays);
  }
}

/// Whether no dot product of these queries and keys can leave float32, scaled or not.
bool GpuForward::scores_stay_finite(const Run& run, const std::vector<float>& largest) const {
  const Config& config = run.input.config;
  if (config.score != Score::dot || config.attend_over == AttendOver::features) return false;
  const auto most = [&](std::size_t which) {
    return static_cast<double>(largest[index(run.from(Stage::scores, which))]);
  };
  if (!store_->on_gpu(run.from(Stage::scores, 0)) || !store_->on_gpu(run.from(Stage::scores, 1)))
    return false;
  const double bound = static_cast<double>(run.d.d_k) * most(0) * most(1);
  constexpr double kSafe = 1e37;  // far enough below 3.4e38 for any rounding
  return bound < kSafe && bound * std::abs(score_factor(config, run.d)) < kSafe;
}

void GpuForward::read(Stage stage, const std::function<void()>& copy) const {
  copy();
  check_device(stage);
}

std::optional<double> GpuForward::largest(StageStore& stages, Stage stage, const Input& input) {
  const bool derived = stages.derives(stage);
  const Stage from = derived ? Stage::scores : stage;
  const bool masked = stage == Stage::masked;
  if (!stages.on_gpu(from) || (masked && !derived)) return std::nullopt;
  MaskBuffers mask;
  if (masked) mask = upload(input.config.mask);
  largest_.resize(kStageCount, limit_bytes_);
  largest_.write(std::vector<std::uint32_t>(kStageCount, 0));
  const StageShape shape = stages.arrays()->shape(from);
  for (const Part& part : parts_of(stages.input_in_parts(from), shape, 1)) {
    operations_.largest(part.stack.buffer, masked && may_hide(input, stage) ? &mask : nullptr, largest_.id(),
                        0, extent(shape), part.lines(shape));
  }
  std::vector<float> found(1);
  largest_.read(found);
  check_device(stage);
  if (!(found[0] <= std::numeric_limits<float>::max())) return std::nullopt;
  const float factor = derived ? std::abs(static_cast<float>(stages.recipe().factor)) : 1.0f;
  const float most = found[0] * factor;
  return static_cast<double>(most);
}

GLuint GpuForward::Parameter::keep(const SharedMatrix& values, std::uint64_t limit_bytes) {
  const bool kept =
      uploaded.rows() == values.rows() && uploaded.columns() == values.columns() && uploaded.same_as(values);
  if (!kept) {
    uploaded = {};
    buffer.resize(values.rows() * values.columns(), limit_bytes);
    buffer.write(values);
    uploaded = values;
  }
  return buffer.id();
}

bool GpuForward::upload(Stage stage, const Run& run) {
  const bool source = stage == Stage::source_x;
  const SharedMatrix& values = source ? run.input.source->x : run.input.x;
  const GLuint from = (source ? source_x_ : x_).keep(values, limit_bytes_);
  const GLuint to = store_->result(stage);
  glBindBuffer(GL_COPY_READ_BUFFER, from);
  glBindBuffer(GL_COPY_WRITE_BUFFER, to);
  glCopyBufferSubData(GL_COPY_READ_BUFFER, GL_COPY_WRITE_BUFFER, 0, 0,
                      static_cast<GLsizeiptr>(values.rows() * values.columns() * sizeof(float)));
  glMemoryBarrier(GL_SHADER_STORAGE_BARRIER_BIT);
  return true;
}

GLuint GpuForward::parameter(ParameterId id, const Input& input) {
  return parameters_[static_cast<std::size_t>(id)].keep(*input.parameters[id], limit_bytes_);
}

GLuint GpuForward::scratch(std::size_t which, std::size_t words) {
  scratch_[which].resize(words, limit_bytes_);
  return scratch_[which].id();
}

bool GpuForward::was_reset() const { return reset_status_ != nullptr && reset_status_() != GL_NO_ERROR; }

void GpuForward::check_device(Stage stage) const {
  if (was_reset()) throw BackendLost("context lost");
  try {
    check_gl_error();
  } catch (const DeviceError& error) {
    throw BackendLost(fmt::format("{}: {}", name(stage), error.what()));
  }
}

void GpuForward::wait(const Progress* progress) const {
  const gl::Fence fence;
  for (;;) {
    switch (fence.wait(kWaitSlice)) {
      case gl::Fence::State::passed:
        return;
      case gl::Fence::State::failed:
        throw BackendLost("context lost");
      case gl::Fence::State::waiting:
        break;
    }
    if (was_reset()) throw BackendLost("context lost");
    if (progress != nullptr && progress->cancel) throw Cancelled();
  }
}

}  // namespace attn::gpu
