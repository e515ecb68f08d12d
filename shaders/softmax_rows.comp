// softmax_rows.comp: out = exp(s − max) / Σ exp(s − max) over every line.  s, out [heads, rows, columns]
//
// A line is a row (over the keys) or a column (over the queries): strides say which. One workgroup takes a
// line at a time. Hidden cells are recognised by the bits of −∞ and take no part in found arithmetic; a line
// with nothing visible is all zeros.
#version 430 core
#include "exponential.glsl"
const uint kThreads = 64u;
const uint kHidden = 0xff800000u;
layout(local_size_x = 64) in;

layout(std430, binding = 0) readonly buffer In { uint scores[]; };
layout(std430, binding = 1) buffer Out { float results[]; };

uniform uint lines;           // in all heads together
uniform uint lines_per_head;
uniform uint count;           // numbers in a line
uniform uint head_stride;
uniform uint line_stride;
uniform uint stride;            // from one number of a line to the next

shared float values[kThreads];
shared uint seen[kThreads];

void main() {
  uint thread = gl_LocalInvocationID.x;
  for (uint line = gl_WorkGroupID.x; line < lines; line += gl_NumWorkGroups.x) {
    uint start = (line / lines_per_head) * head_stride + (line % lines_per_head) * line_stride;

    float largest = 0.0;
    bool found = false;
    for (uint t = thread; t < count; t += kThreads) {
      uint bits = scores[start + t * stride];
      if (bits == kHidden) continue;
      float value = uintBitsToFloat(bits);
      largest = found ? max(largest, value) : value;
      found = true;
    }
    values[thread] = largest;
    seen[thread] = found ? 1u : 0u;
    barrier();
    for (uint reach = kThreads / 2u; reach > 0u; reach /= 2u) {
      if (thread < reach && seen[thread + reach] != 0u) {
        values[thread] =
            seen[thread] != 0u ? max(values[thread], values[thread + reach]) : values[thread + reach];
        seen[thread] = 1u;
      }
      barrier();
    }
    float maximum = values[0];
    bool empty = seen[0] == 0u;
    barrier();

    float sum = 0.0;
    for (uint t = thread; t < count; t += kThreads) {
      uint cell = start + t * stride;
      uint bits = scores[cell];
      float e = bits == kHidden ? 0.0 : exponential(uintBitsToFloat(bits) - maximum);
      results[cell] = e;
      sum += e;
    }
    values[thread] = sum;
    barrier();
    for (uint reach = kThreads / 2u; reach > 0u; reach /= 2u) {
      if (thread < reach) values[thread] += values[thread + reach];
      barrier();
    }
    float total = empty ? 1.0 : values[0];
    // Each thread divides what it wrote itself.
    for (uint t = thread; t < count; t += kThreads) results[start + t * stride] /= total;
    barrier();
  }
}
