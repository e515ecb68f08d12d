// mean_heads.comp: out = (Σ_h in[h]) / heads.  in [heads, cells]   out [cells]
#version 430 core
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { float values[]; };
layout(std430, binding = 1) writeonly buffer Out { float results[]; };

uniform uint cells;
uniform uint heads;

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride) {
    float sum = 0.0;
    for (uint head = 0u; head < heads; ++head) sum += values[head * cells + cell];
    results[cell] = sum / float(heads);
  }
}
