// matmul.comp: c = a · b + bias for every head.  a [rows, inner]   b [inner, columns]   c [rows, columns]   bias [columns]
//
// One workgroup makes one tile of c. Strides say where a cell lies, so that a transpose, or the columns of
// one head inside a wider matrix, need no copy. A tile's products are summed first and the tiles' sums
// after that: the longest chain of additions is kTile + inner / kTile.
#version 430 core
const uint kTile = 16u;
layout(local_size_x = 16, local_size_y = 16) in;

layout(std430, binding = 0) readonly buffer A { float a[]; };
layout(std430, binding = 1) readonly buffer B { float b[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
layout(std430, binding = 3) writeonly buffer C { float c[]; };

uniform uint rows;
uniform uint inner;
uniform uint columns;
uniform uint lower;  // not 0: a[i, t] is 0 for t >= i + lower, and not looked at
uniform uint a_first, a_head, a_row, a_column, a_shared_by;  // shared_by: how many heads of c read one
uniform uint b_first, b_head, b_row, b_column, b_shared_by;
uniform uint c_first, c_head, c_row, c_column;
uniform uint has_bias;
uniform uint bias_head;

shared float a_tile[kTile][kTile + 1u];
shared float b_tile[kTile][kTile + 1u];

void main() {
  uint head = gl_WorkGroupID.z;
  uint i = gl_WorkGroupID.y * kTile + gl_LocalInvocationID.y;
  uint j = gl_WorkGroupID.x * kTile + gl_LocalInvocationID.x;
  uint in_row = gl_LocalInvocationID.y;
  uint in_column = gl_LocalInvocationID.x;
  uint a_start = a_first + (head / a_shared_by) * a_head;
  uint b_start = b_first + (head / b_shared_by) * b_head;

  float total = 0.0;
  uint end = lower != 0u ? min(inner, (gl_WorkGroupID.y + 1u) * kTile - 1u + lower) : inner;
  for (uint start = 0u; start < end; start += kTile) {
    uint t_of_a = start + in_column;
    uint t_of_b = start + in_row;
    a_tile[in_row][in_column] =
        i < rows && t_of_a < inner ? a[a_start + i * a_row + t_of_a * a_column] : 0.0;
    b_tile[in_row][in_column] =
        t_of_b < inner && j < columns ? b[b_start + t_of_b * b_row + j * b_column] : 0.0;
    barrier();
    float partial = 0.0;
    for (uint t = 0u; t < kTile; ++t) partial += a_tile[in_row][t] * b_tile[t][in_column];
    total += partial;
    barrier();
  }
  if (i >= rows || j >= columns) return;
  if (has_bias != 0u) total += bias[head * bias_head + j];
  c[c_first + head * c_head + i * c_row + j * c_column] = total;
}
