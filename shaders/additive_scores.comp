// additive_scores.comp: out[h,i,j] = Σ_t v[t] · tanh(q[h,i,t] + k[g,j,t]).  q [heads, rows, width]   k [kv_heads, columns, width]   v [width]
//
// q and k are already projected into the hidden units of the score. Source: Bahdanau et al. 2015, A.1.2.
#version 430 core
#include "exponential.glsl"
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer Q { float q[]; };
layout(std430, binding = 1) readonly buffer K { float k[]; };
layout(std430, binding = 2) readonly buffer V { float v[]; };
layout(std430, binding = 3) writeonly buffer Out { float results[]; };

uniform uint cells;  // heads × rows × columns
uniform uint rows;
uniform uint columns;
uniform uint width;
uniform uint k_shared_by;  // query heads that read one key head

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride) {
    uint j = cell % columns;
    uint i = (cell / columns) % rows;
    uint head = cell / (columns * rows);
    uint q_start = (head * rows + i) * width;
    uint k_start = ((head / k_shared_by) * columns + j) * width;
    float sum = 0.0;
    for (uint t = 0u; t < width; ++t) sum += v[t] * hyperbolic_tangent(q[q_start + t] + k[k_start + t]);
    results[cell] = sum;
  }
}
