// softmax_gradient.comp: dL/d(raw scores) from dL/dα:  out = factor · α (g − Σ α g).  α, g, out [lines, columns]
//
// From every g the one of the largest α is taken first, which changes nothing but the rounding: where softmax
// is saturated the result keeps its relative precision. Hidden cells have α = 0, and so 0. One workgroup takes
// a row at a time.
#version 430 core
const uint kThreads = 128u;
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer Weights { float weights[]; };
layout(std430, binding = 1) readonly buffer Gradient { float gradient[]; };
layout(std430, binding = 2) writeonly buffer Out { float results[]; };

uniform uint lines;
uniform uint columns;
uniform float factor;

shared float values[kThreads];
shared uint places[kThreads];

void main() {
  uint thread = gl_LocalInvocationID.x;
  for (uint line = gl_WorkGroupID.x; line < lines; line += gl_NumWorkGroups.x) {
    uint start = line * columns;
    float largest = -1.0;
    uint place = 0u;
    for (uint j = thread; j < columns; j += kThreads) {
      if (weights[start + j] > largest) {
        largest = weights[start + j];
        place = j;
      }
    }
    values[thread] = largest;
    places[thread] = place;
    barrier();
    for (uint reach = kThreads / 2u; reach > 0u; reach /= 2u) {
      if (thread < reach && values[thread + reach] > values[thread]) {
        values[thread] = values[thread + reach];
        places[thread] = places[thread + reach];
      }
      barrier();
    }
    float shift = gradient[start + places[0]];
    barrier();
    float sum = 0.0;
    for (uint j = thread; j < columns; j += kThreads)
      sum += weights[start + j] * (gradient[start + j] - shift);
    values[thread] = sum;
    barrier();
    for (uint reach = kThreads / 2u; reach > 0u; reach /= 2u) {
      if (thread < reach) values[thread] += values[thread + reach];
      barrier();
    }
    float mean = values[0];
    barrier();
    for (uint j = thread; j < columns; j += kThreads)
      results[start + j] = factor * (weights[start + j] * ((gradient[start + j] - shift) - mean));
  }
}
