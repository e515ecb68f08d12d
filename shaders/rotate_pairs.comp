// rotate_pairs.comp: the pair (a, b) becomes (a cos − b sin, a sin + b cos).  in, out [heads, rows, 2·pairs]   turns [rows, pairs, 2]
//
// turns holds the cosine and the sine of every angle, from the CPU: GLSL's own are loose. Source: Su et al.
// 2021 (RoFormer), §3.2.2.
#version 430 core
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { float values[]; };
layout(std430, binding = 1) readonly buffer Turns { float turns[]; };
layout(std430, binding = 2) writeonly buffer Out { float results[]; };

uniform uint cells;  // pairs in all heads: heads × rows × pairs
uniform uint rows;
uniform uint pairs;

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride) {
    uint turn = 2u * (cell % (rows * pairs));
    float cosine = turns[turn];
    float sine = turns[turn + 1u];
    float first = values[2u * cell];
    float second = values[2u * cell + 1u];
    results[2u * cell] = first * cosine - second * sine;
    results[2u * cell + 1u] = first * sine + second * cosine;
  }
}
