// weights_tile.comp: a rectangle of the attention weights from its raw scores and the statistics of whole rows.
// scores, out [tile_rows, tile_columns] of one head   maxima, sums [rows] of that head
#version 430 core
#include "exponential.glsl"
#include "visible.glsl"
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { float scores[]; };
layout(std430, binding = 3) readonly buffer Maxima { float maxima[]; };
layout(std430, binding = 4) readonly buffer Sums { float sums[]; };
layout(std430, binding = 5) writeonly buffer Out { float results[]; };

uniform uint cells;  // tile_rows × tile_columns
uniform uint tile_columns;
uniform uint first_row;
uniform uint first_column;
uniform uint statistics;  // where those of row 0 of this head are
uniform float factor;

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride) {
    uint i = first_row + cell / tile_columns;
    uint j = first_column + cell % tile_columns;
    results[cell] = visible(i, j) ? exponential(scores[cell] * factor - maxima[statistics + i]) /
                                        sums[statistics + i]
                                  : 0.0;
  }
}
