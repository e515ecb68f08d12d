#pragma once
// What the files of GpuForward share: the run at hand, and stages larger than one binding in parts.

#include "app/gpu/gpu_forward.h"
#include "core/attention/arrays.h"

namespace attn::gpu {

inline GLuint narrow(std::size_t value) { return static_cast<GLuint>(value); }

inline Extent extent(const StageShape& shape) {
  return {narrow(shape.heads), narrow(shape.rows), narrow(shape.columns)};
}

inline Stack stack(GLuint buffer, const StageShape& shape, std::size_t shared_by = 1) {
  return dense(buffer, narrow(shape.rows), narrow(shape.columns), narrow(shared_by));
}

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

}  // namespace attn::gpu
