// row_statistics.comp: of every row of the masked scores its maximum and Σ exp(s − maximum); no score is stored.
// q = a [rows, inner]   kᵀ = b [inner, columns]   maxima, sums [heads, rows]
//
// One workgroup takes TILE_ROWS queries past all keys, tile by tile. Every thread keeps maximum and sum of what it
// has seen of its eight rows itself; they are joined at the end. A row that sees nothing has the sum 0.
#version 430 core
#include "product_tile.glsl"
#include "exponential.glsl"
#include "visible.glsl"

layout(std430, binding = 3) writeonly buffer Maxima { float maxima[]; };
layout(std430, binding = 4) writeonly buffer Sums { float sums[]; };

uniform float factor;

const float kLowest = -3.4028234663852886e38;
const uint kThreadsAcross = TILE_COLUMNS / 8u;
shared float parts[TILE_ROWS * kThreadsAcross];

void main() {
  uint head = gl_WorkGroupID.z;
  uint first_row = gl_WorkGroupID.y * TILE_ROWS;
  float largest[8];
  float total[8];
  for (uint r = 0u; r < 8u; ++r) {
    largest[r] = kLowest;
    total[r] = 0.0;
  }

  uint end = causal != 0u ? min(columns, first_row + TILE_ROWS) : columns;
  bool some_hidden = has_window != 0u || has_padding != 0u || has_allow != 0u;
  for (uint first_column = 0u; first_column < end; first_column += TILE_COLUMNS) {
    multiply_tile(head, first_row, first_column);
    bool all_visible = !some_hidden && first_column + TILE_COLUMNS <= columns &&
                       (causal == 0u || first_column + TILE_COLUMNS <= first_row + 1u);
    for (uint r = 0u; r < 8u; ++r) {
      uint i = first_row + row_of(2u * r);
      if (i >= rows) continue;
      float scores[8];
      float most = largest[r];
      for (uint n = 0u; n < 8u; ++n) {
        uint j = first_column + column_of(2u * r + n / 4u) + n % 4u;
        scores[n] = sum[2u * r + n / 4u][n % 4u] * factor;
        if (all_visible || (j < columns && visible(i, j))) most = max(most, scores[n]);
      }
      float added = 0.0;
      for (uint n = 0u; n < 8u; ++n) {
        uint j = first_column + column_of(2u * r + n / 4u) + n % 4u;
        if (all_visible || (j < columns && visible(i, j))) added += exponential(scores[n] - most);
      }
      if (most > largest[r]) total[r] *= largest[r] == kLowest ? 0.0 : exponential(largest[r] - most);
      total[r] += added;
      largest[r] = most;
    }
  }

  for (uint r = 0u; r < 8u; ++r) parts[row_of(2u * r) * kThreadsAcross + place_x()] = largest[r];
  barrier();
  float row_largest[8];
  for (uint r = 0u; r < 8u; ++r) {
    row_largest[r] = kLowest;
    for (uint n = 0u; n < kThreadsAcross; ++n)
      row_largest[r] = max(row_largest[r], parts[row_of(2u * r) * kThreadsAcross + n]);
  }
  barrier();
  for (uint r = 0u; r < 8u; ++r) {
    bool any = total[r] != 0.0;
    parts[row_of(2u * r) * kThreadsAcross + place_x()] =
        any ? total[r] * exponential(largest[r] - row_largest[r]) : 0.0;
  }
  barrier();
  if (place_x() != 0u) return;
  for (uint r = 0u; r < 8u; ++r) {
    uint i = first_row + row_of(2u * r);
    if (i >= rows) continue;
    float row_total = 0.0;
    for (uint n = 0u; n < kThreadsAcross; ++n) row_total += parts[row_of(2u * r) * kThreadsAcross + n];
    maxima[head * rows + i] = row_largest[r];
    sums[head * rows + i] = row_total;
  }
}
