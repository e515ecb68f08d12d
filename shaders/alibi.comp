// alibi.comp: out[h,i,j] = in[h,i,j] + bias[h, |i − j|].  in, out [heads, rows, columns]   bias [heads, distances]
//
// The table of −slope·distance comes from the CPU, where it is computed in double.
#version 430 core
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { float values[]; };
layout(std430, binding = 1) readonly buffer Bias { float bias[]; };
layout(std430, binding = 2) writeonly buffer Out { float results[]; };

uniform uint cells;
uniform uint rows;
uniform uint columns;
uniform uint distances;

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride) {
    uint j = cell % columns;
    uint i = (cell / columns) % rows;
    uint head = cell / (columns * rows);
    uint gap = i > j ? i - j : j - i;
    results[cell] = values[cell] + bias[head * distances + gap];
  }
}
