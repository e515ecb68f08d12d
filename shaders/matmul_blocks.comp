// matmul_blocks.comp: c = a · b + bias for every head, as matmul.comp, for products of some size.
//
// One workgroup makes a tile of c; see product_tile.glsl for what is to be defined, and
//   C_LIES  0: c is written one by one; 2: four columns are one vec4
#version 430 core
#include "product_tile.glsl"

layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
#if C_LIES == 0
layout(std430, binding = 3) writeonly buffer C { float c[]; };
#else
layout(std430, binding = 3) writeonly buffer C { vec4 c[]; };
#endif

uniform uint c_first, c_head, c_row, c_column;
uniform uint has_bias;
uniform uint bias_head;

void main() {
  uint head = gl_WorkGroupID.z;
  uint first_row = gl_WorkGroupID.y * TILE_ROWS;
  uint first_column = gl_WorkGroupID.x * TILE_COLUMNS;
  multiply_tile(head, first_row, first_column);
  for (uint n = 0u; n < 16u; ++n) {
    uint i = first_row + row_of(n);
    uint j = first_column + column_of(n);
    if (i >= rows || j >= columns) continue;
    uint at = c_first + head * c_head + i * c_row + j * c_column;
#if C_LIES == 2
    if (has_bias != 0u) {
      uint from = head * bias_head + j;
      sum[n] += vec4(bias[from], bias[from + 1u], bias[from + 2u], bias[from + 3u]);
    }
    c[at / 4u] = sum[n];
#else
    for (uint r = 0u; r < 4u && j + r < columns; ++r)
      c[at + r * c_column] = sum[n][r] + (has_bias != 0u ? bias[head * bias_head + j + r] : 0.0);
#endif
  }
}
