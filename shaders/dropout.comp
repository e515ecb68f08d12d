// dropout.comp: out = w / keep where the draw keeps it, else 0.  w, out [heads, rows, columns]
//
// The draw is the first word of Philox4x32-10 with counter (j, i, head, 0); a cell is kept iff that word is
// at least `threshold`. Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
#version 430 core
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { float weights[]; };
layout(std430, binding = 1) writeonly buffer Out { float results[]; };

uniform uint cells;
uniform uint rows;
uniform uint columns;
uniform uint seed_low;
uniform uint seed_high;
uniform uint threshold;
uniform float keep;  // 1 − p

uint philox(uint j, uint i, uint head) {
  uvec4 counter = uvec4(j, i, head, 0u);
  uint key0 = seed_low;
  uint key1 = seed_high;
  for (int turn = 0; turn < 10; ++turn) {
    uint high0, low0, high1, low1;
    umulExtended(0xD2511F53u, counter.x, high0, low0);
    umulExtended(0xCD9E8D57u, counter.z, high1, low1);
    counter = uvec4(high1 ^ counter.y ^ key0, low1, high0 ^ counter.w ^ key1, low0);
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter.x;
}

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride) {
    uint j = cell % columns;
    uint i = (cell / columns) % rows;
    uint head = cell / (columns * rows);
    results[cell] = philox(j, i, head) >= threshold ? weights[cell] / keep : 0.0;
  }
}
