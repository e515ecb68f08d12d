// drag_rejoin.comp: every query's output when one key and its value move: the rest joined with the new ones.
// q [heads, rows, width]   rest, out [heads, rows, v_width]   reference, sums [heads, rows]
// word [kv heads, width + v_width]: the moving word's key, then its value
//
//   out_i = (sum_i · rest_i + e_i · v) / (sum_i + e_i),  e_i = exp(q_i · k · factor − reference_i)
// where rest, sum and reference (−∞ where there is none) are those of the keys that stay, made at the press:
// nothing is added up from one movement to the next. 16 threads take a query.
#version 430 core
#include "exponential.glsl"
#include "visible.glsl"
const uint kLanes = 16u;
const uint kQueries = 8u;
const uint kHidden = 0xff800000u;
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer Queries { float q[]; };
layout(std430, binding = 3) readonly buffer Rest { float rest[]; };
layout(std430, binding = 4) readonly buffer Reference { uint reference[]; };
layout(std430, binding = 5) readonly buffer Sums { float sums[]; };
layout(std430, binding = 6) readonly buffer Word { float word[]; };
layout(std430, binding = 7) writeonly buffer Out { float results[]; };

uniform uint rows;
uniform uint lines;  // rows in all heads together
uniform uint width;
uniform uint v_width;
uniform uint shared_by;  // how many heads share a word's key and value
uniform uint key;        // which key moves
uniform float factor;

shared float dots[kLanes * kQueries];

void main() {
  uint thread = gl_LocalInvocationID.x;
  uint lane = thread % kLanes;
  for (uint first = gl_WorkGroupID.x * kQueries; first < lines; first += gl_NumWorkGroups.x * kQueries) {
    uint line = first + thread / kLanes;
    bool inside = line < lines;
    uint of_word = inside ? line / rows / shared_by * (width + v_width) : 0u;
    float dot_part = 0.0;
    if (inside) {
      for (uint t = lane; t < width; t += kLanes) dot_part += q[line * width + t] * word[of_word + t];
    }
    dots[thread] = dot_part;
    barrier();
    for (uint reach = kLanes / 2u; reach > 0u; reach /= 2u) {
      if (lane < reach) dots[thread] += dots[thread + reach];
      barrier();
    }
    float score = dots[thread - lane] * factor;
    barrier();
    if (!inside) continue;
    uint bits = reference[line];
    bool sees = visible(line % rows, key);
    bool has_rest = bits != kHidden;
    float most = has_rest ? (sees ? max(uintBitsToFloat(bits), score) : uintBitsToFloat(bits)) : score;
    float of_rest = has_rest ? sums[line] * exponential(uintBitsToFloat(bits) - most) : 0.0;
    float of_key = sees ? exponential(score - most) : 0.0;
    float total = of_rest + of_key;
    if (total == 0.0) total = 1.0;
    for (uint c = lane; c < v_width; c += kLanes) {
      uint cell = line * v_width + c;
      results[cell] = (of_rest * rest[cell] + of_key * word[of_word + width + c]) / total;
    }
  }
}
