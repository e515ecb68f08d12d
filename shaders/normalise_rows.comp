// normalise_rows.comp: every row divided by its length, a row of zeros stays zero.  in, out [rows, columns]
//
// Divides by the largest component first, so that tiny and huge vectors keep their direction. Numbers too
// small for float32's normal range, which a driver may take for 0, are lifted by 2¹⁰⁰ beforehand.
#version 430 core
layout(local_size_x = 64) in;

layout(std430, binding = 0) readonly buffer In { uint values[]; };
layout(std430, binding = 1) buffer Out { float results[]; };

uniform uint rows;
uniform uint columns;

const uint kMagnitude = 0x7fffffffu;
const uint kSmall = 0x0d800000u;  // 2⁻¹⁰⁰
const float kLift = 1.2676506002282294e30;       // 2¹⁰⁰
const float kSubnormal = 1.7763568394002505e-15;  // 2⁻⁴⁹ = 2¹⁰⁰ · 2⁻¹⁴⁹

float lifted(uint bits) {
  uint magnitude = bits & kMagnitude;
  float value = magnitude < 0x00800000u ? float(magnitude) * kSubnormal : uintBitsToFloat(magnitude) * kLift;
  return bits == magnitude ? value : -value;
}

void main() {
  uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
  for (uint row = gl_GlobalInvocationID.x; row < rows; row += stride) {
    uint start = row * columns;
    uint largest_bits = 0u;  // bits without the sign order as the magnitudes do
    for (uint t = 0u; t < columns; ++t) largest_bits = max(largest_bits, values[start + t] & kMagnitude);
    if (largest_bits == 0u) {
      for (uint t = 0u; t < columns; ++t) results[start + t] = 0.0;
      continue;
    }
    bool small = largest_bits < kSmall;
    float largest = small ? lifted(largest_bits) : uintBitsToFloat(largest_bits);
    float squares = 0.0;
    for (uint t = 0u; t < columns; ++t) {
      uint bits = values[start + t];
      float share = (small ? lifted(bits) : uintBitsToFloat(bits)) / largest;
      results[start + t] = share;
      squares += share * share;
    }
    float norm = sqrt(squares);
    for (uint t = 0u; t < columns; ++t) results[start + t] /= norm;
  }
}
