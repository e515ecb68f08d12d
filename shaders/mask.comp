// mask.comp: out = in where visible, else hidden.  in, out [heads, rows, columns]   padding [columns]   allow [rows, columns]
//
// Numbers pass as bit patterns: a driver need not carry −∞ through arithmetic, and none is needed here.
#version 430 core
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { uint values[]; };
layout(std430, binding = 1) readonly buffer Padding { uint padding[]; };  // 1 hides that key
layout(std430, binding = 2) readonly buffer Allow { uint allow[]; };      // four cells a word, 1 = visible
layout(std430, binding = 3) writeonly buffer Out { uint results[]; };

uniform uint cells;
uniform uint rows;
uniform uint columns;
uniform uint causal;
uniform uint has_window;
uniform uint window;
uniform uint has_padding;
uniform uint has_allow;
uniform uint hidden;  // the bits of −∞ or of the hidden value

bool visible(uint i, uint j) {
  if (causal != 0u && j > i) return false;
  if (has_window != 0u && (i > j ? i - j : j - i) > window) return false;
  if (has_padding != 0u && padding[j] != 0u) return false;
  if (has_allow != 0u) {
    uint cell = i * columns + j;
    if (((allow[cell / 4u] >> (8u * (cell % 4u))) & 255u) == 0u) return false;
  }
  return true;
}

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride) {
    uint j = cell % columns;
    uint i = (cell / columns) % rows;
    results[cell] = visible(i, j) ? values[cell] : hidden;
  }
}
