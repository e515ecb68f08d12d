#include "app/gpu/gpu_forward.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "core/attention/attention.h"
#include "core/attention/ops.h"
#include "core/attention/stage_range.h"

namespace attn::gpu {
namespace {

constexpr GLuint64 kWaitSlice = 20'000'000;  // ns between two looks at `cancel`

GLuint narrow(std::size_t value) { return static_cast<GLuint>(value); }

Extent extent(const StageShape& shape) {
  return {narrow(shape.heads), narrow(shape.rows), narrow(shape.columns)};
}

Stack stack(GLuint buffer, const StageShape& shape, std::size_t shared_by = 1) {
  return dense(buffer, narrow(shape.rows), narrow(shape.columns), narrow(shared_by));
}

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

/// What one run works on.
struct GpuForward::Run {
  const Input& input;
  const Dimensions& d;
  Arrays<float>& arrays;

  Stage from(Stage stage, std::size_t which = 0) const { return inputs_of(stage, input)[which]; }
  std::size_t heads_a_kv_head() const { return d.n_heads / d.n_kv_heads; }
};

/// A part of a stage, no more than one binding may hold: some heads, or rows of one.
struct GpuForward::Part {
  GLuint first_head = 0, heads = 1;
  GLuint first_row = 0, rows = 1;
  Stack stack;  ///< where it is
  Lines lines(const StageShape& shape) const {
    return {first_head * narrow(shape.rows) + first_row, heads * rows, stack.first};
  }
};

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

bool GpuForward::on_gpu(Stage stage, const Run& run) {
  const Input& input = run.input;
  const StageShape shape = run.arrays.shape(stage);
  switch (stage) {
    case Stage::x:
    case Stage::source_x:
      return upload(stage, run);
    case Stage::x_position:
    case Stage::source_position:
      add_positions(stage, run);
      return true;
    case Stage::q:
      project(stage, run.from(stage), ParameterId::w_q, ParameterId::b_q, run);
      return true;
    case Stage::k:
      project(stage, run.from(stage), ParameterId::w_k, ParameterId::b_k, run);
      return true;
    case Stage::v:
      project(stage, run.from(stage), ParameterId::w_v, ParameterId::b_v, run);
      return true;
    case Stage::q_rotated:
    case Stage::k_rotated:
      rotate(stage, run);
      return true;
    case Stage::scores:
      scores(run);
      return true;
    case Stage::scaled: {
      const auto factor = static_cast<float>(score_factor(input.config, run.d));
      operations_.scale(store_->input(run.from(stage)), factor, store_->result(stage), narrow(shape.cells()));
      return true;
    }
    case Stage::biased:
      biased(run);
      return true;
    case Stage::masked:
      masked(run);
      return true;
    case Stage::weights:
      return weights(run);
    case Stage::dropped:
      return dropped(run);
    case Stage::mixed: {
      const StageShape x = run.arrays.shape(run.from(stage, 0));
      const GLuint left = store_->input(run.from(stage, 0));
      const GLuint right = store_->input(run.from(stage, 1));
      operations_.multiply(stack(left, x), stack(right, run.arrays.shape(run.from(stage, 1))), {},
                           stack(store_->result(stage), shape), extent(shape), narrow(x.columns));
      return true;
    }
    case Stage::head_outputs:
      head_outputs(run);
      return true;
    case Stage::concat:
      concat(run);
      return true;
    case Stage::output:
      project(stage, run.from(stage), ParameterId::w_o, ParameterId::b_o, run);
      return true;
  }
  return false;
}

/// One product for all heads: head h takes columns [h·d, (h+1)·d) of the parameter. The identity copies
/// those columns of x.
void GpuForward::project(Stage stage, Stage from, ParameterId w, std::optional<ParameterId> b,
                         const Run& run) {
  const StageShape shape = run.arrays.shape(stage);
  const StageShape x = run.arrays.shape(from);
  const GLuint columns = narrow(shape.columns);
  Bias bias;
  if (b && run.input.parameters[*b]) bias = {parameter(*b, run.input), columns};
  const Stack out = stack(store_->result(stage), shape);
  Stack in{store_->input(from), 0, narrow(x.columns)};
  if (const auto& matrix = run.input.parameters[w]) {
    const Stack heads_of_w{parameter(w, run.input), columns, narrow(matrix->columns())};
    operations_.multiply(in, heads_of_w, bias, out, extent(shape), narrow(x.columns));
  } else {
    in.head = columns;
    operations_.copy(in, bias, out, extent(shape));
  }
}

void GpuForward::scores(const Run& run) {
  const Stage q_stage = run.from(Stage::scores, 0);
  const Stage k_stage = run.from(Stage::scores, 1);
  const StageShape q_shape = run.arrays.shape(q_stage);
  const StageShape k_shape = run.arrays.shape(k_stage);
  const StageShape shape = run.arrays.shape(Stage::scores);
  const GLuint q = store_->input(q_stage);
  const GLuint k = store_->input(k_stage);
  if (run.input.config.attend_over == AttendOver::features) {  // Qᵀ·K
    operations_.multiply(stack(q, q_shape).transposed(), stack(k, k_shape), {},
                         stack(store_->result(Stage::scores), shape), extent(shape), narrow(q_shape.rows));
    return;
  }
  switch (run.input.config.score) {
    case Score::dot:
      dot(q, k, run);
      return;
    case Score::cosine: {
      const GLuint q_unit = scratch(0, q_shape.cells());
      const GLuint k_unit = scratch(1, k_shape.cells());
      operations_.normalise_rows(q, q_unit, narrow(q_shape.heads * q_shape.rows), narrow(q_shape.columns));
      operations_.normalise_rows(k, k_unit, narrow(k_shape.heads * k_shape.rows), narrow(k_shape.columns));
      dot(q_unit, k_unit, run);
      return;
    }
    case Score::bilinear: {  // (q·W)·kᵀ
      const GLuint w = parameter(ParameterId::bilinear, run.input);
      const GLuint q_w = scratch(0, q_shape.cells());
      const GLuint d_k = narrow(q_shape.columns);
      operations_.multiply(stack(q, q_shape), {w, 0, d_k}, {}, stack(q_w, q_shape), extent(q_shape), d_k);
      dot(q_w, k, run);
      return;
    }
    case Score::additive: {
      const GLuint width = narrow(run.d.d_additive);
      const StageShape q_hidden{q_shape.heads, q_shape.rows, width};
      const StageShape k_hidden{k_shape.heads, k_shape.rows, width};
      const Stack w_q{parameter(ParameterId::additive_w_q, run.input), 0, width};
      const Stack w_k{parameter(ParameterId::additive_w_k, run.input), 0, width};
      const GLuint v = parameter(ParameterId::additive_v, run.input);
      const GLuint q_units = scratch(0, q_hidden.cells());
      const GLuint k_units = scratch(1, k_hidden.cells());
      const GLuint d_k = narrow(q_shape.columns);
      operations_.multiply(stack(q, q_shape), w_q, {}, stack(q_units, q_hidden), extent(q_hidden), d_k);
      operations_.multiply(stack(k, k_shape), w_k, {}, stack(k_units, k_hidden), extent(k_hidden), d_k);
      operations_.additive_scores(q_units, k_units, v, store_->result(Stage::scores), extent(shape), width,
                                  narrow(run.heads_a_kv_head()));
      return;
    }
  }
}

/// scores = q · kᵀ; q and k lie as the stages that scores come from.
void GpuForward::dot(GLuint q, GLuint k, const Run& run) {
  const StageShape q_shape = run.arrays.shape(run.from(Stage::scores, 0));
  const StageShape k_shape = run.arrays.shape(run.from(Stage::scores, 1));
  const StageShape shape = run.arrays.shape(Stage::scores);
  const GLuint out = store_->result_in_parts(Stage::scores);
  for (const Part& part : parts_of(out, shape, run.heads_a_kv_head())) {
    Stack queries = stack(q, q_shape);
    queries.first = part.first_head * queries.head + part.first_row * queries.row;
    Stack keys = stack(k, k_shape, run.heads_a_kv_head());
    keys.first = part.first_head / keys.shared_by * keys.head;
    operations_.multiply(queries, keys.transposed(), {}, part.stack,
                         {part.heads, part.rows, narrow(shape.columns)}, narrow(q_shape.columns));
  }
}

void GpuForward::biased(const Run& run) {
  const StageShape shape = run.arrays.shape(Stage::biased);
  const std::size_t distances = std::max(shape.rows, shape.columns);
  table_.resize(shape.heads * distances, limit_bytes_);
  std::vector<float> bias;
  bias.reserve(shape.heads * distances);
  for (std::size_t h = 0; h < shape.heads; ++h) {
    const double slope = alibi_slope(h, run.d.n_heads);
    for (std::size_t distance = 0; distance < distances; ++distance)
      bias.push_back(static_cast<float>(-slope * static_cast<double>(distance)));
  }
  table_.write(bias);
  operations_.alibi(store_->input(run.from(Stage::biased)), table_.id(), narrow(distances),
                    store_->result(Stage::biased), extent(shape));
}

MaskBuffers GpuForward::upload(const MaskConfig& config) {
  MaskBuffers mask;
  mask.causal = config.causal;
  if (config.window) {
    constexpr std::int64_t kWidest = std::numeric_limits<GLuint>::max();
    mask.has_window = true;
    mask.window = static_cast<GLuint>(std::min(*config.window, kWidest));
  }
  if (config.padding) {
    const std::vector<std::uint32_t> padding(config.padding->begin(), config.padding->end());
    table_.resize(padding.size(), limit_bytes_);
    table_.write(padding);
    mask.padding = table_.id();
  }
  if (config.allow) {
    // Four cells a word, the first in the lowest byte, whatever the order of bytes on this machine.
    const std::vector<std::uint8_t>& visible = config.allow->visible;
    std::vector<std::uint32_t> words((visible.size() + 3) / 4, 0);
    for (std::size_t cell = 0; cell < visible.size(); ++cell)
      words[cell / 4] |= std::uint32_t{visible[cell] != 0} << (8 * (cell % 4));
    allow_.resize(words.size(), limit_bytes_);
    allow_.write(words);
    mask.allow = allow_.id();
  }
  if (config.hidden_value)
    mask.hidden_bits = std::bit_cast<std::uint32_t>(static_cast<float>(*config.hidden_value));
  return mask;
}

void GpuForward::masked(const Run& run) {
  const MaskBuffers mask = upload(run.input.config.mask);
  operations_.mask(store_->input(run.from(Stage::masked)), mask, store_->result(Stage::masked),
                   extent(run.arrays.shape(Stage::masked)));
}

bool GpuForward::weights(const Run& run) {
  const Config& config = run.input.config;
  // Without the maximum, exp() may overflow, and what then stands is float32's own: the CPU shows it.
  if (config.normalise == Normalise::softmax_without_max) return false;
  const StageShape shape = run.arrays.shape(Stage::weights);
  if (store_->derives(Stage::masked)) {
    const MaskBuffers mask = upload(config.mask);
    const std::vector<Part> from = parts_of(store_->input_in_parts(Stage::scores), shape, 1);
    const std::vector<Part> to = parts_of(store_->result_in_parts(Stage::weights), shape, 1);
    for (std::size_t i = 0; i < from.size(); ++i) {
      operations_.attention_weights(from[i].stack.buffer, static_cast<float>(score_factor(config, run.d)),
                                    mask, to[i].stack.buffer, extent(shape), from[i].lines(shape));
    }
    return true;
  }
  const GLuint in = store_->input(run.from(Stage::weights));
  const GLuint out = store_->result(Stage::weights);
  if (config.normalise == Normalise::none) {
    operations_.scores_as_weights(in, out, narrow(shape.cells()));
  } else {
    operations_.softmax(in, out, extent(shape), config.softmax_axis == SoftmaxAxis::queries);
  }
  return true;
}

bool GpuForward::dropped(const Run& run) {
  const Dropout& dropout = *run.input.config.dropout;
  // u·2⁻³² ≥ p for a whole u: u ≥ ⌈p·2³²⌉. Scaling by a power of two is exact.
  const double threshold = std::ceil(dropout.p * 0x1p32);
  if (threshold >= 0x1p32) return false;
  operations_.dropout(store_->input(run.from(Stage::dropped)), store_->result(Stage::dropped),
                      extent(run.arrays.shape(Stage::dropped)), static_cast<GLuint>(dropout.seed),
                      static_cast<GLuint>(dropout.seed >> 32), static_cast<GLuint>(threshold),
                      static_cast<float>(1.0 - dropout.p));
  return true;
}

void GpuForward::head_outputs(const Run& run) {
  if (run.input.config.attend_over == AttendOver::features) {
    project(Stage::head_outputs, run.from(Stage::head_outputs), ParameterId::w_v, std::nullopt, run);
    return;
  }
  const Stage weights_stage = run.from(Stage::head_outputs, 0);
  const Stage v_stage = run.from(Stage::head_outputs, 1);
  const StageShape shape = run.arrays.shape(Stage::head_outputs);
  const StageShape weights_shape = run.arrays.shape(weights_stage);
  if (!store_->on_gpu(weights_stage)) store_->input(weights_stage);
  const GLuint alpha = store_->input_in_parts(weights_stage);
  const GLuint v = store_->input(v_stage);
  const GLuint result = store_->result(Stage::head_outputs);
  const MaskConfig& mask = run.input.config.mask;
  const bool causal = mask.causal && !mask.hidden_value;  // no weight above the diagonal
  for (const Part& part : parts_of(alpha, weights_shape, run.heads_a_kv_head())) {
    Stack values = stack(v, run.arrays.shape(v_stage), run.heads_a_kv_head());
    values.first = part.first_head / values.shared_by * values.head;
    Stack out = stack(result, shape);
    out.first = part.first_head * out.head + part.first_row * out.row;
    operations_.multiply(part.stack, values, {}, out, {part.heads, part.rows, narrow(shape.columns)},
                         narrow(weights_shape.columns), causal ? part.first_row + 1 : 0);
  }
}

void GpuForward::concat(const Run& run) {
  const StageShape heads = run.arrays.shape(Stage::head_outputs);
  const StageShape shape = run.arrays.shape(Stage::concat);
  const GLuint in = store_->input(Stage::head_outputs);
  const GLuint out = store_->result(Stage::concat);
  if (run.input.config.combine == Combine::mean) {
    operations_.mean_heads(in, out, extent(heads));
    return;
  }
  const Stack side_by_side{out, narrow(heads.columns), narrow(shape.columns)};
  operations_.copy(stack(in, heads), {}, side_by_side, extent(heads));
}

void GpuForward::add_positions(Stage stage, const Run& run) {
  const StageShape shape = run.arrays.shape(stage);
  table_.resize(shape.cells(), limit_bytes_);
  std::vector<float> positions;
  positions.reserve(shape.cells());
  for (std::size_t p = 0; p < shape.rows; ++p) {
    for (std::size_t c = 0; c < shape.columns; ++c)
      positions.push_back(static_cast<float>(sinusoidal_position(p, c, shape.columns)));
  }
  table_.write(positions);
  operations_.add(store_->input(run.from(stage)), table_.id(), store_->result(stage), narrow(shape.cells()));
}

void GpuForward::rotate(Stage stage, const Run& run) {
  const StageShape shape = run.arrays.shape(stage);
  table_.resize(shape.rows * shape.columns, limit_bytes_);
  std::vector<float> turns;
  turns.reserve(shape.rows * shape.columns);
  for (std::size_t p = 0; p < shape.rows; ++p) {
    for (std::size_t pair = 0; 2 * pair < shape.columns; ++pair) {
      const double angle = rotary_angle(p, pair, shape.columns);
      turns.push_back(static_cast<float>(std::cos(angle)));
      turns.push_back(static_cast<float>(std::sin(angle)));
    }
  }
  table_.write(turns);
  operations_.rotate_pairs(store_->input(run.from(stage)), table_.id(), store_->result(stage), extent(shape));
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
