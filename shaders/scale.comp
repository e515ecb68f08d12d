// scale.comp: out = in · factor.  in, out [cells]
#version 430 core
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { float values[]; };
layout(std430, binding = 1) writeonly buffer Out { float results[]; };

uniform uint cells;
uniform float factor;

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride)
    results[cell] = values[cell] * factor;
}
