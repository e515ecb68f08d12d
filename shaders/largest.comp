// largest.comp: result[slot] = max(result[slot], largest |in|), among what is visible.  in [heads, rows, columns]
//
// Magnitudes are compared by their bits, whose order is that of the numbers; infinity and NaN come above
// every number.
#version 430 core
#include "visible.glsl"
const uint kThreads = 128u;
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { uint values[]; };
layout(std430, binding = 3) buffer Result { uint result[]; };

uniform uint cells;
uniform uint first_line;  // of the rows in all heads together, where `in` is a part of them
uniform uint first;       // where that line is in what is bound
uniform uint rows;
uniform uint masked;  // 0: every cell counts
uniform uint slot;

shared uint found[kThreads];

void main() {
  uint thread = gl_LocalInvocationID.x;
  uint stride = gl_NumWorkGroups.x * kThreads;
  uint largest = 0u;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride) {
    if (masked != 0u && !visible((first_line + cell / columns) % rows, cell % columns)) continue;
    largest = max(largest, values[first + cell] & 0x7fffffffu);
  }
  found[thread] = largest;
  barrier();
  for (uint reach = kThreads / 2u; reach > 0u; reach /= 2u) {
    if (thread < reach) found[thread] = max(found[thread], found[thread + reach]);
    barrier();
  }
  if (thread == 0u) atomicMax(result[slot], found[0]);
}
