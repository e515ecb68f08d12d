// mask.comp: out = in where visible, else hidden.  in, out [heads, rows, columns]   padding, allow: visible.glsl
//
// Numbers pass as bit patterns: a driver need not carry −∞ through arithmetic, and none is needed here.
#version 430 core
#include "visible.glsl"
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { uint values[]; };
layout(std430, binding = 3) writeonly buffer Out { uint results[]; };

uniform uint cells;
uniform uint rows;
uniform uint hidden;  // the bits of −∞ or of the hidden value

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride) {
    uint j = cell % columns;
    uint i = (cell / columns) % rows;
    results[cell] = visible(i, j) ? values[cell] : hidden;
  }
}
