// product_tile.glsl: one tile of a · b in the registers of a workgroup.  a [rows, inner]   b [inner, columns]
//
// A tile has TILE_ROWS × TILE_COLUMNS numbers; every thread makes 8 × 8 of them, as 2 × 2 blocks of 4 × 4 that
// stay in registers. a and b pass through shared memory, STEP of `inner` at a time, in blocks of 4 × 4; while
// one step is multiplied the next is on its way. Whoever compiles this defines the sizes, THREADS =
// TILE_ROWS · TILE_COLUMNS / 64, and how operands lie:
//   A_LIES, B_LIES  0: anyhow, read one by one; 1: four numbers along `inner` are one vec4; 2: four along
//                   the rows of a, or the columns of b
#pragma optionNV(unroll all)
layout(local_size_x = THREADS) in;

#if A_LIES == 0
layout(std430, binding = 0) readonly buffer A { float a[]; };
#else
layout(std430, binding = 0) readonly buffer A { vec4 a[]; };
#endif
#if B_LIES == 0
layout(std430, binding = 1) readonly buffer B { float b[]; };
#else
layout(std430, binding = 1) readonly buffer B { vec4 b[]; };
#endif

uniform uint rows;
uniform uint inner;
uniform uint columns;
uniform uint lower;  // not 0: a[i, t] is 0 for t >= i + lower, and not looked at
uniform uint a_first, a_head, a_row, a_column, a_shared_by;  // shared_by: how many heads of c read one of a
uniform uint b_first, b_head, b_row, b_column, b_shared_by;

const uint kRowQuads = TILE_ROWS / 4u;
const uint kColumnQuads = TILE_COLUMNS / 4u;
const uint kStepQuads = STEP / 4u;
const uint kABlocks = kRowQuads * kStepQuads;
const uint kBBlocks = kColumnQuads * kStepQuads;
const uint kRounds = (kABlocks + kBBlocks + THREADS - 1u) / THREADS;

// Two steps each. [t][quad], the quads of four successive t exchanged so that no two threads that write or
// read together meet in one bank.
shared vec4 a_tile[2u * STEP * kRowQuads];
shared vec4 b_tile[2u * STEP * kColumnQuads];

uint exchanged(uint quad, uint t) { return quad ^ (2u * (t / 4u)); }

// Neighbouring threads take blocks that lie side by side in the buffer: first along `inner`, or across.
uint step_quad(uint block, uint quads, bool along_inner) {
  return along_inner ? block % kStepQuads : block / quads;
}
uint cross_quad(uint block, uint quads, bool along_inner) {
  return along_inner ? block / kStepQuads : block % quads;
}

// Column n of the result: four rows of a at `inner` = t + n.
mat4 fetch_a(uint start, uint i, uint t) {
  mat4 block;
#if A_LIES == 1
  uint at = (start + i * a_row + t) / 4u;
  bool inside = t < inner;
  for (uint n = 0u; n < 4u; ++n)
    block[n] = inside && i + n < rows ? a[at + n * (a_row / 4u)] : vec4(0.0);
  block = transpose(block);
#elif A_LIES == 2
  uint at = (start + i + t * a_column) / 4u;
  bool inside = i < rows;
  for (uint n = 0u; n < 4u; ++n)
    block[n] = inside && t + n < inner ? a[at + n * (a_column / 4u)] : vec4(0.0);
#else
  for (uint n = 0u; n < 4u; ++n)
    for (uint r = 0u; r < 4u; ++r)
      block[n][r] = i + r < rows && t + n < inner ? a[start + (i + r) * a_row + (t + n) * a_column] : 0.0;
#endif
  return block;
}

// Column n of the result: four columns of b at `inner` = t + n.
mat4 fetch_b(uint start, uint j, uint t) {
  mat4 block;
#if B_LIES == 1
  uint at = (start + j * b_column + t) / 4u;
  bool inside = t < inner;
  for (uint n = 0u; n < 4u; ++n)
    block[n] = inside && j + n < columns ? b[at + n * (b_column / 4u)] : vec4(0.0);
  block = transpose(block);
#elif B_LIES == 2
  uint at = (start + j + t * b_row) / 4u;
  bool inside = j < columns;
  for (uint n = 0u; n < 4u; ++n)
    block[n] = inside && t + n < inner ? b[at + n * (b_row / 4u)] : vec4(0.0);
#else
  for (uint n = 0u; n < 4u; ++n)
    for (uint r = 0u; r < 4u; ++r)
      block[n][r] = j + r < columns && t + n < inner ? b[start + (j + r) * b_column + (t + n) * b_row] : 0.0;
#endif
  return block;
}


// Of the tile's numbers, those of this thread. sum[2 · row + half]: eight rows, in each two quads of columns.
vec4 sum[16];

// 32 threads that run together take 8 × 4 places, so that they share what they read.
const uint kAcross = TILE_COLUMNS / 64u;
uint place_x() {
  uint thread = gl_LocalInvocationIndex;
  return (thread / 32u) % kAcross * 8u + thread % 8u;
}
uint place_y() {
  uint thread = gl_LocalInvocationIndex;
  return (thread / 32u) / kAcross * 4u + thread % 32u / 8u;
}
// Row and column in the tile of sum[n].x.
uint row_of(uint n) {
  uint row = n / 2u;
  return 4u * place_y() + row % 4u + (row < 4u ? 0u : TILE_ROWS / 2u);
}
uint column_of(uint n) { return 4u * place_x() + (n % 2u == 0u ? 0u : TILE_COLUMNS / 2u); }

// All threads of the workgroup call it; shared memory is free again afterwards.
void multiply_tile(uint head, uint first_row, uint first_column) {
  uint a_start = a_first + (head / a_shared_by) * a_head;
  uint b_start = b_first + (head / b_shared_by) * b_head;
  uint thread = gl_LocalInvocationIndex;
  uint x = place_x();
  uint y = place_y();
  for (uint n = 0u; n < 16u; ++n) sum[n] = vec4(0.0);

  mat4 fetched[kRounds];
  uint end = lower != 0u ? min(inner, first_row + TILE_ROWS - 1u + lower) : inner;
  uint n_steps = (end + STEP - 1u) / STEP;
  for (uint s = 0u; s <= n_steps; ++s) {
    if (s < n_steps) {
      for (uint round = 0u; round < kRounds; ++round) {
        uint block = round * THREADS + thread;
        if (block < kABlocks) {
          fetched[round] = fetch_a(a_start, first_row + 4u * cross_quad(block, kRowQuads, A_LIES == 1),
                                   s * STEP + 4u * step_quad(block, kRowQuads, A_LIES == 1));
        } else if (block < kABlocks + kBBlocks) {
          block -= kABlocks;
          fetched[round] = fetch_b(b_start, first_column + 4u * cross_quad(block, kColumnQuads, B_LIES == 1),
                                   s * STEP + 4u * step_quad(block, kColumnQuads, B_LIES == 1));
        }
      }
    }
    if (s > 0u) {
      uint a_from = (s - 1u) % 2u * STEP * kRowQuads;
      uint b_from = (s - 1u) % 2u * STEP * kColumnQuads;
      for (uint t = 0u; t < STEP; ++t) {
        vec4 a0 = a_tile[a_from + t * kRowQuads + exchanged(y, t)];
        vec4 a1 = a_tile[a_from + t * kRowQuads + exchanged(y + kRowQuads / 2u, t)];
        vec4 b0 = b_tile[b_from + t * kColumnQuads + exchanged(x, t)];
        vec4 b1 = b_tile[b_from + t * kColumnQuads + exchanged(x + kColumnQuads / 2u, t)];
        sum[0] += a0.x * b0;
        sum[1] += a0.x * b1;
        sum[2] += a0.y * b0;
        sum[3] += a0.y * b1;
        sum[4] += a0.z * b0;
        sum[5] += a0.z * b1;
        sum[6] += a0.w * b0;
        sum[7] += a0.w * b1;
        sum[8] += a1.x * b0;
        sum[9] += a1.x * b1;
        sum[10] += a1.y * b0;
        sum[11] += a1.y * b1;
        sum[12] += a1.z * b0;
        sum[13] += a1.z * b1;
        sum[14] += a1.w * b0;
        sum[15] += a1.w * b1;
      }
    }
    if (s < n_steps) {
      for (uint round = 0u; round < kRounds; ++round) {
        uint block = round * THREADS + thread;
        if (block < kABlocks) {
          uint quad = cross_quad(block, kRowQuads, A_LIES == 1);
          uint t = 4u * step_quad(block, kRowQuads, A_LIES == 1);
          for (uint n = 0u; n < 4u; ++n)
            a_tile[(s % 2u * STEP + t + n) * kRowQuads + exchanged(quad, t)] = fetched[round][n];
        } else if (block < kABlocks + kBBlocks) {
          block -= kABlocks;
          uint quad = cross_quad(block, kColumnQuads, B_LIES == 1);
          uint t = 4u * step_quad(block, kColumnQuads, B_LIES == 1);
          for (uint n = 0u; n < 4u; ++n)
            b_tile[(s % 2u * STEP + t + n) * kColumnQuads + exchanged(quad, t)] = fetched[round][n];
        }
      }
    }
    barrier();
  }
}
