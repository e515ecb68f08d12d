// query_join.comp: the output of one query of every head from its parts.  parts [heads, count, 2 + v_width]
// out [heads, rows, v_width], of which row `row` is written. A query that sees nothing has the output 0.
#version 430 core
#include "exponential.glsl"
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer Parts { float parts[]; };
layout(std430, binding = 1) writeonly buffer Out { float results[]; };

uniform uint count;
uniform uint v_width;
uniform uint rows;
uniform uint row;

shared float largest_parts[128];
shared float sum_parts[128];

void main() {
  uint thread = gl_LocalInvocationID.x;
  uint head = gl_WorkGroupID.x;
  uint size = 2u + v_width;
  uint start = head * count * size;
  float most = -3.4028234663852886e38;
  for (uint n = thread; n < count; n += 128u) {
    if (parts[start + n * size + 1u] != 0.0) most = max(most, parts[start + n * size]);
  }
  largest_parts[thread] = most;
  barrier();
  for (uint reach = 64u; reach > 0u; reach /= 2u) {
    if (thread < reach) largest_parts[thread] = max(largest_parts[thread], largest_parts[thread + reach]);
    barrier();
  }
  most = largest_parts[0];
  float sum = 0.0;
  for (uint n = thread; n < count; n += 128u) {
    float part = parts[start + n * size + 1u];
    if (part != 0.0) sum += part * exponential(parts[start + n * size] - most);
  }
  sum_parts[thread] = sum;
  barrier();
  for (uint reach = 64u; reach > 0u; reach /= 2u) {
    if (thread < reach) sum_parts[thread] += sum_parts[thread + reach];
    barrier();
  }
  float total = sum_parts[0] == 0.0 ? 1.0 : sum_parts[0];
  for (uint c = thread; c < v_width; c += 128u) {
    float value = 0.0;
    for (uint n = 0u; n < count; ++n) {
      uint at = start + n * size;
      if (parts[at + 1u] != 0.0) value += parts[at + 2u + c] * exponential(parts[at] - most);
    }
    results[(head * rows + row) * v_width + c] = value / total;
  }
}
