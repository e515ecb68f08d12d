// visible.glsl: whether query i may see key j.  padding [columns]   allow [rows, columns]

#ifdef A_LIES  // product_tile.glsl has the first bindings, and `columns`
layout(std430, binding = 5) readonly buffer Padding { uint padding[]; };
layout(std430, binding = 6) readonly buffer Allow { uint allow[]; };
#else
layout(std430, binding = 1) readonly buffer Padding { uint padding[]; };  // 1 hides that key
layout(std430, binding = 2) readonly buffer Allow { uint allow[]; };      // four cells a word, 1 = visible
uniform uint columns;
#endif

uniform uint causal;
uniform uint has_window;
uniform uint window;
uniform uint has_padding;
uniform uint has_allow;

bool visible(uint i, uint j) {
  if (causal != 0u && j > i) return false;
  if (has_window != 0u && (i > j ? i - j : j - i) > window) return false;
  if (has_padding != 0u && padding[j] != 0u) return false;
  if (has_allow != 0u) {
    uint cell = i * columns + j;
    if (((allow[cell / 4u] >> (8u * (cell % 4u))) & 255u) == 0u) return false;
  }
  return true;
}
