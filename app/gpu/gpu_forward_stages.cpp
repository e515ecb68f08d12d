// Which stage is which operation.

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "app/gpu/gpu_forward_run.h"
#include "core/attention/attention.h"
#include "core/attention/ops.h"

namespace attn::gpu {

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

}  // namespace attn::gpu
