// copy.comp: out = in + bias for every head.  in, out [heads, rows, columns] with strides   bias [columns]
//
// The projection by an identity matrix, and the heads set side by side.
#version 430 core
layout(local_size_x = 128) in;

layout(std430, binding = 0) readonly buffer In { float values[]; };
layout(std430, binding = 1) readonly buffer Bias { float bias[]; };
layout(std430, binding = 2) writeonly buffer Out { float results[]; };

uniform uint cells;  // heads × rows × columns
uniform uint rows;
uniform uint columns;
uniform uint in_head, in_row, in_column;
uniform uint out_head, out_row, out_column;
uniform uint has_bias;
uniform uint bias_head;

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint cell = gl_GlobalInvocationID.x; cell < cells; cell += stride) {
    uint j = cell % columns;
    uint i = (cell / columns) % rows;
    uint head = cell / (columns * rows);
    float value = values[head * in_head + i * in_row + j * in_column];
    if (has_bias != 0u) value += bias[head * bias_head + j];
    results[head * out_head + i * out_row + j * out_column] = value;
  }
}
