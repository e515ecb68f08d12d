// add.comp: out = in + added.  in, added, out [cells]
#version 430 core
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { float values[]; };
layout(std430, binding = 1) readonly buffer Added { float added[]; };
layout(std430, binding = 2) writeonly buffer Out { float results[]; };

uniform uint cells;

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride)
    results[cell] = values[cell] + added[cell];
}
