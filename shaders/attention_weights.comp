// attention_weights.comp: out = softmax over the keys of mask(scores · factor).  scores, out [heads, rows, columns]
//
// Scale, mask and softmax in one: every score is read once, every weight written once. One workgroup takes a
// row at a time and keeps it in registers, QUADS times four numbers a thread; QUADS = 0 is for rows that are
// too long for that and reads them three times, mostly from a cache. Whoever compiles this also defines
// THREADS; WIDE = 1 where a row is made of whole vec4; SUBGROUPS where the driver has their arithmetic.
// A hidden score is never computed with, unless the mask puts a number there; a row in which all are hidden
// is all zeros.
#version 430 core
#ifdef SUBGROUPS
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require
#endif
#pragma optionNV(unroll all)
#include "exponential.glsl"
#include "visible.glsl"
const uint kHidden = 0xff800000u;
const float kLowest = -3.4028234663852886e38;
layout(local_size_x = THREADS) in;

#if WIDE == 1
layout(std430, binding = 0) readonly buffer In { vec4 scores[]; };
layout(std430, binding = 3) writeonly buffer Out { vec4 results[]; };
#else
layout(std430, binding = 0) readonly buffer In { float scores[]; };
layout(std430, binding = 3) writeonly buffer Out { float results[]; };
#endif

uniform uint lines;  // rows in all heads together, or a part of them:
uniform uint first_line;
uniform uint first;  // where the first line is in what is bound
uniform uint rows;
uniform float factor;
uniform uint hidden;  // the bits of −∞ or of the hidden value

shared float partial[THREADS];

float largest_of_all(float value) {
#ifdef SUBGROUPS
  value = subgroupMax(value);
  if (subgroupElect()) partial[gl_SubgroupID] = value;
  barrier();
  float result = partial[0];
  for (uint n = 1u; n < gl_NumSubgroups; ++n) result = max(result, partial[n]);
#else
  uint thread = gl_LocalInvocationID.x;
  partial[thread] = value;
  barrier();
  for (uint reach = THREADS / 2u; reach > 0u; reach /= 2u) {
    if (thread < reach) partial[thread] = max(partial[thread], partial[thread + reach]);
    barrier();
  }
  float result = partial[0];
#endif
  barrier();
  return result;
}

float sum_of_all(float value) {
#ifdef SUBGROUPS
  value = subgroupAdd(value);
  if (subgroupElect()) partial[gl_SubgroupID] = value;
  barrier();
  float result = partial[0];
  for (uint n = 1u; n < gl_NumSubgroups; ++n) result += partial[n];
#else
  uint thread = gl_LocalInvocationID.x;
  partial[thread] = value;
  barrier();
  for (uint reach = THREADS / 2u; reach > 0u; reach /= 2u) {
    if (thread < reach) partial[thread] += partial[thread + reach];
    barrier();
  }
  float result = partial[0];
#endif
  barrier();
  return result;
}

// The key of number r in the n-th quad of this thread.
uint key(uint n, uint r) {
  uint thread = gl_LocalInvocationID.x;
#if WIDE == 1
  return 4u * (n * THREADS + thread) + r;
#else
  return (4u * n + r) * THREADS + thread;
#endif
}

// The bits of four masked scores of row i; past its end they count as hidden.
uvec4 masked_scores(uint start, uint i, uint n) {
  uvec4 bits = uvec4(kHidden);
  if (key(n, 0u) >= columns) return bits;
#if WIDE == 1
  // A causal mask leaves half of the scores unread.
  vec4 quad = causal != 0u && key(n, 0u) > i ? vec4(0.0) : scores[(start + key(n, 0u)) / 4u];
#endif
  for (uint r = 0u; r < 4u; ++r) {
    uint j = key(n, r);
    if (j >= columns) continue;
#if WIDE == 1
    bits[r] = visible(i, j) ? floatBitsToUint(quad[r] * factor) : hidden;
#else
    bits[r] = visible(i, j) ? floatBitsToUint(scores[start + j] * factor) : hidden;
#endif
  }
  return bits;
}

float largest_of(float largest, uvec4 bits) {
  for (uint r = 0u; r < 4u; ++r)
    if (bits[r] != kHidden) largest = max(largest, uintBitsToFloat(bits[r]));
  return largest;
}

vec4 exponentials(uvec4 bits, float maximum) {
  vec4 e;
  for (uint r = 0u; r < 4u; ++r)
    e[r] = bits[r] == kHidden ? 0.0 : exponential(uintBitsToFloat(bits[r]) - maximum);
  return e;
}

void write(uint start, uint n, vec4 quad) {
#if WIDE == 1
  if (key(n, 0u) < columns) results[(start + key(n, 0u)) / 4u] = quad;
#else
  for (uint r = 0u; r < 4u; ++r)
    if (key(n, r) < columns) results[start + key(n, r)] = quad[r];
#endif
}

void main() {
  for (uint line = gl_WorkGroupID.x; line < lines; line += gl_NumWorkGroups.x) {
    uint i = (first_line + line) % rows;
    uint start = first + line * columns;
    float largest = kLowest;
    float sum = 0.0;
#if QUADS > 0
    uvec4 kept[QUADS];
    vec4 e[QUADS];
    for (uint n = 0u; n < QUADS; ++n) {
      kept[n] = masked_scores(start, i, n);
      largest = largest_of(largest, kept[n]);
    }
    largest = largest_of_all(largest);
    for (uint n = 0u; n < QUADS; ++n) {
      e[n] = exponentials(kept[n], largest);
      sum += (e[n].x + e[n].y) + (e[n].z + e[n].w);
    }
    float total = sum_of_all(sum);
    if (total == 0.0) total = 1.0;
    for (uint n = 0u; n < QUADS; ++n) write(start, n, e[n] / total);
#else
    uint quads = (columns + 4u * THREADS - 1u) / (4u * THREADS);
    for (uint n = 0u; n < quads; ++n) largest = largest_of(largest, masked_scores(start, i, n));
    largest = largest_of_all(largest);
    for (uint n = 0u; n < quads; ++n) {
      vec4 e = exponentials(masked_scores(start, i, n), largest);
      sum += (e.x + e.y) + (e.z + e.w);
    }
    float total = sum_of_all(sum);
    if (total == 0.0) total = 1.0;
    for (uint n = 0u; n < quads; ++n)
      write(start, n, exponentials(masked_scores(start, i, n), largest) / total);
#endif
  }
}
