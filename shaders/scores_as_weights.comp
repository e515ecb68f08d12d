// scores_as_weights.comp: out = s, hidden (−∞) cells 0.  s, out [cells]
//
// For `normalise: none`. Bit patterns, as in mask.comp.
#version 430 core
const uint kHidden = 0xff800000u;
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { uint scores[]; };
layout(std430, binding = 1) writeonly buffer Out { uint results[]; };

uniform uint cells;

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride)
    results[cell] = scores[cell] == kHidden ? 0u : scores[cell];
}
