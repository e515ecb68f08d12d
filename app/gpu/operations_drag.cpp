// The operations of a drag and of the backward pass.
#include <algorithm>

#include "app/gpu/operations.h"

namespace attn::gpu {
namespace {

constexpr GLuint kPartKeys = 128;     // query_parts.comp
constexpr GLuint kRejoinQueries = 8;  // drag_rejoin.comp: queries a workgroup
constexpr GLuint kMostLineGroups = 65535;

GLuint parts_of(GLuint keys) { return (keys + kPartKeys - 1) / kPartKeys; }

}  // namespace

void Operations::drag_rejoin(GLuint q, const DragRest& rest, GLuint word, GLuint key, const MaskBuffers& mask,
                             GLuint out, const DragShape& shape) {
  const Extent& extent = shape.extent;
  const GLuint lines = extent.heads * extent.rows;
  set_visible("drag_rejoin.comp", {}, mask, extent.columns);
  const GLuint groups = std::clamp((lines + kRejoinQueries - 1) / kRejoinQueries, GLuint{1}, kMostLineGroups);
  dispatch("drag_rejoin.comp",
           {q, mask.padding != 0 ? mask.padding : q, mask.allow != 0 ? mask.allow : q, rest.outputs,
            rest.reference, rest.sums, word, out},
           {{"rows", extent.rows},
            {"lines", lines},
            {"width", shape.width},
            {"v_width", shape.v_width},
            {"shared_by", shape.shared_by},
            {"key", key},
            {"factor", shape.factor}},
           {groups, 1, 1});
}

std::size_t Operations::query_parts_words(const DragShape& shape) {
  return std::size_t{shape.extent.heads} * parts_of(shape.extent.columns) * (2 + std::size_t{shape.v_width});
}

void Operations::drag_query(GLuint k, GLuint v, GLuint query, GLuint row, const MaskBuffers& mask,
                            GLuint parts, GLuint out, const DragShape& shape) {
  const GLuint count = parts_of(shape.extent.columns);
  set_visible("query_parts.comp", {}, mask, shape.extent.columns);
  dispatch("query_parts.comp",
           {k, mask.padding != 0 ? mask.padding : k, mask.allow != 0 ? mask.allow : k, v, query, parts},
           {{"width", shape.width},
            {"v_width", shape.v_width},
            {"shared_by", shape.shared_by},
            {"row", row},
            {"factor", shape.factor}},
           {count, shape.extent.heads, 1});
  dispatch("query_join.comp", {parts, out},
           {{"count", count}, {"v_width", shape.v_width}, {"rows", shape.extent.rows}, {"row", row}},
           {shape.extent.heads, 1, 1});
}

void Operations::softmax_gradient(GLuint weights, GLuint gradient, float factor, GLuint out, GLuint lines,
                                  GLuint columns) {
  dispatch("softmax_gradient.comp", {weights, gradient, out},
           {{"lines", lines}, {"columns", columns}, {"factor", factor}},
           {std::clamp(lines, GLuint{1}, kMostLineGroups), 1, 1});
}

}  // namespace attn::gpu
