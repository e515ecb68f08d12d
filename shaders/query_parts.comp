// query_parts.comp: one query of every head against all keys, in parts of 128 keys: maximum, sum, and Σ e · v.
// k [kv heads, columns, width]   v [kv heads, columns, v_width]   query [heads, width]
// parts [heads, ⌈columns / 128⌉, 2 + v_width]
#version 430 core
#include "exponential.glsl"
#include "visible.glsl"
const uint kLanes = 16u;
const uint kKeys = 128u;
const float kLowest = -3.4028234663852886e38;
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer Keys { float k[]; };
layout(std430, binding = 3) readonly buffer Values { float v[]; };
layout(std430, binding = 4) readonly buffer Query { float query[]; };
layout(std430, binding = 5) writeonly buffer Parts { float parts[]; };

uniform uint width;
uniform uint v_width;
uniform uint shared_by;  // how many heads read one head of k and v
uniform uint row;        // which query it is, for the mask
uniform float factor;

shared float dots[kKeys];
shared float scores[kKeys];
shared float reduced[kKeys];

void main() {
  uint thread = gl_LocalInvocationID.x;
  uint lane = thread % kLanes;
  uint head = gl_WorkGroupID.y;
  uint kv_start = head / shared_by * columns;
  uint first = gl_WorkGroupID.x * kKeys;

  for (uint turn = 0u; turn < kLanes; ++turn) {
    uint j = first + turn * (kKeys / kLanes) + thread / kLanes;
    float dot_part = 0.0;
    if (j < columns) {
      for (uint t = lane; t < width; t += kLanes)
        dot_part += k[(kv_start + j) * width + t] * query[head * width + t];
    }
    dots[thread] = dot_part;
    barrier();
    for (uint reach = kLanes / 2u; reach > 0u; reach /= 2u) {
      if (lane < reach) dots[thread] += dots[thread + reach];
      barrier();
    }
    if (lane == 0u) scores[turn * (kKeys / kLanes) + thread / kLanes] = dots[thread] * factor;
    barrier();
  }

  uint j = first + thread;
  bool sees = j < columns && visible(row, j);
  float score = scores[thread];
  reduced[thread] = sees ? score : kLowest;
  barrier();
  for (uint reach = kKeys / 2u; reach > 0u; reach /= 2u) {
    if (thread < reach) reduced[thread] = max(reduced[thread], reduced[thread + reach]);
    barrier();
  }
  float largest = reduced[0];
  barrier();
  float e = sees ? exponential(score - largest) : 0.0;
  scores[thread] = e;
  reduced[thread] = e;
  barrier();
  for (uint reach = kKeys / 2u; reach > 0u; reach /= 2u) {
    if (thread < reach) reduced[thread] += reduced[thread + reach];
    barrier();
  }
  uint at = (head * gl_NumWorkGroups.x + gl_WorkGroupID.x) * (2u + v_width);
  if (thread == 0u) {
    parts[at] = largest;
    parts[at + 1u] = reduced[0];
  }
  uint n = min(kKeys, columns - first);
  for (uint c = thread; c < v_width; c += kKeys) {
    float total = 0.0;
    for (uint t = 0u; t < n; ++t) total += scores[t] * v[(kv_start + first + t) * v_width + c];
    parts[at + 2u + c] = total;
  }
}
