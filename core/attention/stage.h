#pragma once
// The spine of the program: every intermediate of attention under its textbook name. The trace, the
// pipeline on screen, the heatmap, trace files, lessons and tests all use these words.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/attention/input.h"

namespace attn {

enum class Stage {
  x,
  source_x,
  x_position,
  source_position,
  q,
  k,
  v,
  q_rotated,
  k_rotated,
  scores,
  scaled,
  biased,
  masked,
  weights,
  dropped,
  mixed,
  head_outputs,
  concat,
  output,
};
inline constexpr std::size_t kStageCount = 19;
inline constexpr std::array<Stage, kStageCount> kStages = {Stage::x,
                                                           Stage::source_x,
                                                           Stage::x_position,
                                                           Stage::source_position,
                                                           Stage::q,
                                                           Stage::k,
                                                           Stage::v,
                                                           Stage::q_rotated,
                                                           Stage::k_rotated,
                                                           Stage::scores,
                                                           Stage::scaled,
                                                           Stage::biased,
                                                           Stage::masked,
                                                           Stage::weights,
                                                           Stage::dropped,
                                                           Stage::mixed,
                                                           Stage::head_outputs,
                                                           Stage::concat,
                                                           Stage::output};

inline constexpr std::size_t index(Stage stage) { return static_cast<std::size_t>(stage); }

/// heads × rows × columns; heads is 1 for the stages that have no heads.
struct StageShape {
  std::size_t heads = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t cells() const { return heads * rows * columns; }
  bool operator==(const StageShape&) const = default;
};

/// One number of a trace.
struct CellRef {
  Stage stage = Stage::x;
  std::size_t head = 0;
  std::size_t row = 0;
  std::size_t column = 0;
  bool operator==(const CellRef&) const = default;
};

std::string_view name(Stage stage);
std::optional<Stage> stage_from_name(std::string_view name);

/// Whether this stage is split by heads: its array in a file has three dimensions, not two.
bool has_heads(Stage stage);
/// Whether the stage is a table of queries × keys (scores to dropped).
bool is_score_like(Stage stage);
/// Whether the rows of the stage are those that answer: source_x to v of the key/value side. In
/// self-attention x has the rows of both sides.
bool rows_are_keys(Stage stage);
/// Whether the input gives this stage at all: `biased` only with ALiBi, `dropped` only with dropout, …
bool present(Stage stage, const Input& input);
/// The stages of an input, in the order in which they are computed.
std::vector<Stage> stages_of(const Input& input);
/// Zero in every field when the stage is not present.
StageShape shape_of(Stage stage, const Input& input, const Dimensions& d);
/// At most two stages.
class StageInputs {
 public:
  StageInputs() = default;
  explicit StageInputs(Stage only) : stages_{only}, count_(1) {}
  StageInputs(Stage first, Stage second) : stages_{first, second}, count_(2) {}
  std::size_t size() const { return count_; }
  Stage front() const { return stages_[0]; }
  Stage operator[](std::size_t which) const { return stages_[which]; }
  const Stage* begin() const { return stages_.data(); }
  const Stage* end() const { return stages_.data() + count_; }

 private:
  std::array<Stage, 2> stages_{};
  std::size_t count_ = 0;
};
/// The stages that `stage` is computed from, in the order in which a formula names them.
StageInputs inputs_of(Stage stage, const Input& input);

/// Bytes that storing every stage takes (element_size 4 or 8), saturating at the largest value.
std::uint64_t trace_bytes(const Input& input, const Dimensions& d, std::size_t element_size);
/// The same for all stages but those of queries × keys.
std::uint64_t trace_bytes_without_scores(const Input& input, const Dimensions& d, std::size_t element_size);

}  // namespace attn
