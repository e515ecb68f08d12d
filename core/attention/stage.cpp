#include "core/attention/stage.h"

#include <limits>

namespace attn {
namespace {

constexpr std::array<std::string_view, kStageCount> kStageNames = {
    "x",         "source_x",  "x_position",   "source_position", "q",      "k",      "v",
    "q_rotated", "k_rotated", "scores",       "scaled",          "biased", "masked", "weights",
    "dropped",   "mixed",     "head_outputs", "concat",          "output"};

bool over_features(const Input& input) { return input.config.attend_over == AttendOver::features; }

std::uint64_t saturating_multiply(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<std::uint64_t>::max() : product;
}

}  // namespace

std::string_view name(Stage stage) { return kStageNames[index(stage)]; }

std::optional<Stage> stage_from_name(std::string_view wanted) {
  for (const Stage stage : kStages) {
    if (name(stage) == wanted) return stage;
  }
  return std::nullopt;
}

bool has_heads(Stage stage) {
  switch (stage) {
    case Stage::x:
    case Stage::source_x:
    case Stage::x_position:
    case Stage::source_position:
    case Stage::concat:
    case Stage::output:
      return false;
    default:
      return true;
  }
}

bool is_score_like(Stage stage) {
  switch (stage) {
    case Stage::scores:
    case Stage::scaled:
    case Stage::biased:
    case Stage::masked:
    case Stage::weights:
    case Stage::dropped:
      return true;
    default:
      return false;
  }
}

bool rows_are_keys(Stage stage) {
  return stage == Stage::source_x || stage == Stage::source_position || stage == Stage::k ||
         stage == Stage::k_rotated || stage == Stage::v;
}

bool present(Stage stage, const Input& input) {
  const Config& config = input.config;
  switch (stage) {
    case Stage::source_x:
      return input.source.has_value();
    case Stage::x_position:
      return config.position == Position::sinusoidal;
    case Stage::source_position:
      return input.source.has_value() && config.position == Position::sinusoidal;
    case Stage::v:
      return !over_features(input);
    case Stage::q_rotated:
    case Stage::k_rotated:
      return config.position == Position::rope;
    case Stage::biased:
      return config.position == Position::alibi;
    case Stage::dropped:
      return config.dropout.has_value() && config.dropout->p > 0;
    case Stage::mixed:
      return over_features(input);
    default:
      return true;
  }
}

std::vector<Stage> stages_of(const Input& input) {
  std::vector<Stage> stages;
  stages.reserve(kStageCount);
  for (const Stage stage : kStages) {
    if (present(stage, input)) stages.push_back(stage);
  }
  return stages;
}

StageShape shape_of(Stage stage, const Input& input, const Dimensions& d) {
  if (!present(stage, input)) return {};
  switch (stage) {
    case Stage::x:
    case Stage::x_position:
      return {1, d.n_queries, d.d_model};
    case Stage::source_x:
    case Stage::source_position:
      return {1, d.n_keys, d.d_source};
    case Stage::q:
    case Stage::q_rotated:
      return {d.n_heads, d.n_queries, d.d_k};
    case Stage::k:
    case Stage::k_rotated:
      return {d.n_kv_heads, d.n_keys, d.d_k};
    case Stage::v:
      return {d.n_kv_heads, d.n_keys, d.d_v};
    case Stage::scores:
    case Stage::scaled:
    case Stage::biased:
    case Stage::masked:
    case Stage::weights:
    case Stage::dropped:
      if (over_features(input)) return {1, d.d_k, d.d_k};
      return {d.n_heads, d.n_queries, d.n_keys};
    case Stage::mixed:
      return {1, d.n_queries, d.d_model};
    case Stage::head_outputs:
      return {d.n_heads, d.n_queries, d.d_v};
    case Stage::concat:
      return {1, d.n_queries, d.d_concat};
    case Stage::output:
      return {1, d.n_queries, d.d_out};
  }
  return {};
}

StageInputs inputs_of(Stage stage, const Input& input) {
  const bool sinusoidal = input.config.position == Position::sinusoidal;
  const Stage query_side = sinusoidal ? Stage::x_position : Stage::x;
  const Stage key_side = !input.source ? query_side : sinusoidal ? Stage::source_position : Stage::source_x;
  const bool rope = input.config.position == Position::rope;
  switch (stage) {
    case Stage::x:
    case Stage::source_x:
      return {};
    case Stage::x_position:
      return StageInputs(Stage::x);
    case Stage::source_position:
      return StageInputs(Stage::source_x);
    case Stage::q:
      return StageInputs(query_side);
    case Stage::k:
    case Stage::v:
      return StageInputs(key_side);
    case Stage::q_rotated:
      return StageInputs(Stage::q);
    case Stage::k_rotated:
      return StageInputs(Stage::k);
    case Stage::scores:
      return rope ? StageInputs(Stage::q_rotated, Stage::k_rotated) : StageInputs(Stage::q, Stage::k);
    case Stage::scaled:
      return StageInputs(Stage::scores);
    case Stage::biased:
      return StageInputs(Stage::scaled);
    case Stage::masked:
      return StageInputs(present(Stage::biased, input) ? Stage::biased : Stage::scaled);
    case Stage::weights:
      return StageInputs(Stage::masked);
    case Stage::dropped:
      return StageInputs(Stage::weights);
    case Stage::mixed:
      return {query_side, Stage::weights};
    case Stage::head_outputs:
      if (over_features(input)) return StageInputs(Stage::mixed);
      return {present(Stage::dropped, input) ? Stage::dropped : Stage::weights, Stage::v};
    case Stage::concat:
      return StageInputs(Stage::head_outputs);
    case Stage::output:
      return StageInputs(Stage::concat);
  }
  return {};
}

namespace {

std::uint64_t bytes_of_stages(const Input& input, const Dimensions& d, std::size_t element_size,
                              bool with_scores) {
  std::uint64_t total = 0;
  for (const Stage stage : kStages) {
    if (!with_scores && is_score_like(stage)) continue;
    const StageShape shape = shape_of(stage, input, d);
    const std::uint64_t bytes = saturating_multiply(saturating_multiply(shape.heads, shape.rows),
                                                    saturating_multiply(shape.columns, element_size));
    if (__builtin_add_overflow(total, bytes, &total)) return std::numeric_limits<std::uint64_t>::max();
  }
  return total;
}

}  // namespace

std::uint64_t trace_bytes(const Input& input, const Dimensions& d, std::size_t element_size) {
  return bytes_of_stages(input, d, element_size, true);
}

std::uint64_t trace_bytes_without_scores(const Input& input, const Dimensions& d, std::size_t element_size) {
  return bytes_of_stages(input, d, element_size, false);
}

}  // namespace attn
