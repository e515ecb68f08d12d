#include "app/gpu/operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace attn::gpu {
namespace {

constexpr GLuint kCellThreads = 128;  // local_size_x of the shaders that take cells one by one
constexpr GLuint kRowThreads = 64;    // normalise_rows.comp
constexpr GLuint kMaxGroups = 65535;  // what every driver allows along x
constexpr GLuint kFewGroups = 2048;   // fill a device; each of them ends with one atomic operation
constexpr GLuint kFewThreads = 64;    // attention_weights.comp, for short rows
constexpr GLuint kManyThreads = 256;
constexpr GLuint kMostQuads = 8;  // a thread keeps that many of the row and of its exponentials

GLuint divide_up(GLuint a, GLuint b) { return a / b + (a % b != 0 ? 1 : 0); }

/// How matmul_blocks.comp may read an operand: see A_LIES there.
GLuint lies(const Stack& stack, GLuint across, GLuint across_count, GLuint along, GLuint along_count) {
  const bool whole_heads = stack.head % 4 == 0 && stack.first % 4 == 0;
  if (whole_heads && along == 1 && across % 4 == 0 && along_count % 4 == 0) return 1;
  if (whole_heads && across == 1 && along % 4 == 0 && across_count % 4 == 0) return 2;
  return 0;
}

bool has_subgroup_arithmetic() {
  constexpr GLenum kStages = 0x9533;    // GL_SUBGROUP_SUPPORTED_STAGES_KHR
  constexpr GLenum kFeatures = 0x9534;  // GL_SUBGROUP_SUPPORTED_FEATURES_KHR
  constexpr GLint kBasicAndArithmetic = 0x1 | 0x4;
  if (!epoxy_has_gl_extension("GL_KHR_shader_subgroup")) return false;
  GLint stages = 0;
  GLint features = 0;
  glGetIntegerv(kStages, &stages);
  glGetIntegerv(kFeatures, &features);
  return (stages & GL_COMPUTE_SHADER_BIT) != 0 && (features & kBasicAndArithmetic) == kBasicAndArithmetic;
}

std::string tile_defines(const ProductTile& tile, GLuint a_lies, GLuint b_lies) {
  return fmt::format(
      "#define TILE_ROWS {}u\n#define TILE_COLUMNS {}u\n#define STEP {}u\n#define THREADS {}\n"
      "#define A_LIES {}\n#define B_LIES {}\n",
      tile.rows, tile.columns, tile.step, tile.threads(), a_lies, b_lies);
}

GLuint limit(GLenum what) {
  GLint value = 0;
  glGetIntegerv(what, &value);
  return value > 0 ? static_cast<GLuint>(value) : 0;
}

}  // namespace

Operations::Operations(ShaderLibrary& shaders) : shaders_(shaders) {
  tiles_.set_limits(limit(GL_MAX_COMPUTE_WORK_GROUP_INVOCATIONS), limit(GL_MAX_COMPUTE_SHARED_MEMORY_SIZE));
  alignment_ = std::max(limit(GL_SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT), GLuint{16});
  use_subgroups(true);
}

Stack dense(Bound buffer, GLuint rows, GLuint columns, GLuint shared_by) {
  return {buffer, rows * columns, columns, 1, shared_by};
}

Operations::Groups Operations::groups_for(GLuint cells, GLuint threads) {
  return {std::clamp(divide_up(cells, threads), GLuint{1}, kMaxGroups), 1, 1};
}

void Operations::dispatch(const char* shader, std::initializer_list<Bound> buffers,
                          std::initializer_list<Uniform> uniforms, Groups groups,
                          const std::string& defines) {
  const GLuint program = shaders_.compute_program(shader, defines);
  glUseProgram(program);
  for (const Uniform& uniform : uniforms) {
    const GLint location = glGetUniformLocation(program, uniform.name);
    if (const float* number = std::get_if<float>(&uniform.value)) {
      glUniform1f(location, *number);
    } else {
      glUniform1ui(location, std::get<GLuint>(uniform.value));
    }
  }
  GLuint binding = 0;
  for (const Bound& bound : buffers) {
    if (bound.bytes == 0) {
      glBindBufferBase(GL_SHADER_STORAGE_BUFFER, binding++, bound.buffer);
    } else {
      glBindBufferRange(GL_SHADER_STORAGE_BUFFER, binding++, bound.buffer, bound.offset, bound.bytes);
    }
  }
  glDispatchCompute(groups.x, groups.y, groups.z);
  glMemoryBarrier(GL_SHADER_STORAGE_BARRIER_BIT);
}

void Operations::multiply(const Stack& a, const Stack& b, const Bias& bias, const Stack& out,
                          const Extent& extent, GLuint inner, GLuint lower) {
  const GLuint a_lies = lies(a, a.row, extent.rows, a.column, inner);
  const GLuint b_lies = lies(b, b.column, extent.columns, b.row, inner);
  const bool wide = out.column == 1 && out.row % 4 == 0 && out.head % 4 == 0 && out.first % 4 == 0 &&
                    extent.columns % 4 == 0;
  const GLuint c_lies = wide ? 2 : 0;
  const bool biased = bias.buffer != 0;
  const auto in_tiles = [&](const ProductTile& tile) {
    const std::string defines =
        tile_defines(tile, a_lies, b_lies) + fmt::format("#define C_LIES {}\n", c_lies);
    dispatch(tile.plain() ? "matmul.comp" : "matmul_blocks.comp",
             {a.buffer, b.buffer, biased ? Bound(bias.buffer) : a.buffer, out.buffer},
             {{"rows", extent.rows},
              {"inner", inner},
              {"columns", extent.columns},
              {"lower", lower},
              {"a_first", a.first},
              {"a_head", a.head},
              {"a_row", a.row},
              {"a_column", a.column},
              {"a_shared_by", a.shared_by},
              {"b_first", b.first},
              {"b_head", b.head},
              {"b_row", b.row},
              {"b_column", b.column},
              {"b_shared_by", b.shared_by},
              {"c_first", out.first},
              {"c_head", out.head},
              {"c_row", out.row},
              {"c_column", out.column},
              {"has_bias", GLuint{biased}},
              {"bias_head", bias.head}},
             {divide_up(extent.columns, tile.columns), divide_up(extent.rows, tile.rows), extent.heads},
             tile.plain() ? std::string() : defines);
  };
  const ProductSize size{extent.heads, extent.rows, inner, extent.columns,
                         fmt::format("{}{}{}{}", a_lies, b_lies, c_lies, lower != 0 ? " lower" : "")};
  in_tiles(tiles_.choose(size, in_tiles));
}

void Operations::copy(const Stack& in, const Bias& bias, const Stack& out, const Extent& extent) {
  const bool biased = bias.buffer != 0;
  dispatch("copy.comp", {in.buffer, biased ? Bound(bias.buffer) : in.buffer, out.buffer},
           {{"cells", extent.cells()},
            {"rows", extent.rows},
            {"columns", extent.columns},
            {"in_head", in.head},
            {"in_row", in.row},
            {"in_column", in.column},
            {"out_head", out.head},
            {"out_row", out.row},
            {"out_column", out.column},
            {"has_bias", GLuint{biased}},
            {"bias_head", bias.head}},
           groups_for(extent.cells(), kCellThreads));
}

void Operations::scale(GLuint in, float factor, GLuint out, GLuint cells) {
  dispatch("scale.comp", {in, out}, {{"cells", cells}, {"factor", factor}}, groups_for(cells, kCellThreads));
}

void Operations::add(GLuint in, GLuint added, GLuint out, GLuint cells) {
  dispatch("add.comp", {in, added, out}, {{"cells", cells}}, groups_for(cells, kCellThreads));
}

void Operations::alibi(GLuint in, GLuint bias, GLuint distances, GLuint out, const Extent& extent) {
  dispatch("alibi.comp", {in, bias, out},
           {{"cells", extent.cells()},
            {"rows", extent.rows},
            {"columns", extent.columns},
            {"distances", distances}},
           groups_for(extent.cells(), kCellThreads));
}

void Operations::set_visible(const char* shader, const std::string& defines, const MaskBuffers& mask,
                             GLuint columns) {
  const GLuint program = shaders_.compute_program(shader, defines);
  glUseProgram(program);
  const auto set = [&](const char* name, GLuint value) {
    glUniform1ui(glGetUniformLocation(program, name), value);
  };
  set("columns", columns);
  set("causal", GLuint{mask.causal});
  set("has_window", GLuint{mask.has_window});
  set("window", mask.window);
  set("has_padding", GLuint{mask.padding != 0});
  set("has_allow", GLuint{mask.allow != 0});
}

void Operations::mask(GLuint in, const MaskBuffers& mask, GLuint out, const Extent& extent) {
  set_visible("mask.comp", {}, mask, extent.columns);
  dispatch("mask.comp", {in, mask.padding != 0 ? mask.padding : in, mask.allow != 0 ? mask.allow : in, out},
           {{"cells", extent.cells()}, {"rows", extent.rows}, {"hidden", mask.hidden_bits}},
           groups_for(extent.cells(), kCellThreads));
}

void Operations::attention_weights(Bound scores, float factor, const MaskBuffers& mask, Bound out,
                                   const Extent& extent, const Lines& lines) {
  const GLuint columns = extent.columns;
  const GLuint threads = columns <= 4 * kFewThreads ? kFewThreads : kManyThreads;
  GLuint quads = std::bit_ceil(divide_up(columns, 4 * threads));
  if (quads > kMostQuads) quads = 0;  // three times from a cache instead
  const std::string defines =
      fmt::format("{}#define THREADS {}\n#define QUADS {}\n#define WIDE {}\n",
                  subgroups_ ? "#define SUBGROUPS\n" : "", threads, quads, columns % 4 == 0 ? 1 : 0);
  set_visible("attention_weights.comp", defines, mask, columns);
  dispatch("attention_weights.comp",
           {scores, mask.padding != 0 ? Bound(mask.padding) : scores,
            mask.allow != 0 ? Bound(mask.allow) : scores, out},
           {{"lines", lines.count},
            {"first_line", lines.first},
            {"first", lines.at},
            {"rows", extent.rows},
            {"factor", factor},
            {"hidden", mask.hidden_bits}},
           groups_for(lines.count, 1), defines);
}

void Operations::row_statistics(const Stack& q, const Stack& k_transposed, float factor,
                                const MaskBuffers& mask, GLuint maxima, GLuint sums, const Extent& extent,
                                GLuint inner) {
  const ProductTile large{128, 128, 8};
  const ProductTile tile = tiles_.fits(large) && extent.rows > 64 ? large : ProductTile{64, 64, 16};
  const std::string defines =
      tile_defines(tile, lies(q, q.row, extent.rows, q.column, inner),
                   lies(k_transposed, k_transposed.column, extent.columns, k_transposed.row, inner));
  set_visible("row_statistics.comp", defines, mask, extent.columns);
  dispatch(
      "row_statistics.comp",
      {q.buffer, k_transposed.buffer, q.buffer, maxima, sums,
       mask.padding != 0 ? Bound(mask.padding) : q.buffer, mask.allow != 0 ? Bound(mask.allow) : q.buffer},
      {{"rows", extent.rows},
       {"inner", inner},
       {"a_first", q.first},
       {"a_head", q.head},
       {"a_row", q.row},
       {"a_column", q.column},
       {"a_shared_by", q.shared_by},
       {"b_first", k_transposed.first},
       {"b_head", k_transposed.head},
       {"b_row", k_transposed.row},
       {"b_column", k_transposed.column},
       {"b_shared_by", k_transposed.shared_by},
       {"factor", factor}},
      {1, divide_up(extent.rows, tile.rows), extent.heads}, defines);
}

void Operations::weights_tile(GLuint scores, float factor, const MaskBuffers& mask, GLuint maxima,
                              GLuint sums, const Tile& tile, GLuint out, const Extent& extent) {
  set_visible("weights_tile.comp", {}, mask, extent.columns);
  const GLuint cells = tile.rows * tile.columns;
  dispatch("weights_tile.comp",
           {scores, mask.padding != 0 ? mask.padding : scores, mask.allow != 0 ? mask.allow : scores, maxima,
            sums, out},
           {{"cells", cells},
            {"tile_columns", tile.columns},
            {"first_row", tile.first_row},
            {"first_column", tile.first_column},
            {"statistics", tile.head * extent.rows},
            {"factor", factor}},
           groups_for(cells, kCellThreads));
}

bool Operations::use_subgroups(bool use) {
  subgroups_ = use && has_subgroup_arithmetic();
  return subgroups_;
}

void Operations::largest(Bound in, const MaskBuffers* mask, GLuint largest, GLuint slot, const Extent& extent,
                         const Lines& lines) {
  const MaskBuffers used = mask != nullptr ? *mask : MaskBuffers();
  const GLuint cells = lines.count * extent.columns;
  set_visible("largest.comp", {}, used, extent.columns);
  dispatch(
      "largest.comp",
      {in, used.padding != 0 ? Bound(used.padding) : in, used.allow != 0 ? Bound(used.allow) : in, largest},
      {{"cells", cells},
       {"first_line", lines.first},
       {"first", lines.at},
       {"rows", extent.rows},
       {"masked", GLuint{mask != nullptr}},
       {"slot", slot}},
      {std::clamp(divide_up(cells, kCellThreads), GLuint{1}, kFewGroups), 1, 1});
}

void Operations::softmax(GLuint in, GLuint out, const Extent& extent, bool over_rows) {
  const GLuint lines_per_head = over_rows ? extent.columns : extent.rows;
  const GLuint lines = extent.heads * lines_per_head;
  dispatch("softmax_rows.comp", {in, out},
           {{"lines", lines},
            {"lines_per_head", lines_per_head},
            {"count", over_rows ? extent.rows : extent.columns},
            {"head_stride", extent.rows * extent.columns},
            {"line_stride", over_rows ? GLuint{1} : extent.columns},
            {"stride", over_rows ? extent.columns : GLuint{1}}},
           groups_for(lines, 1));
}

void Operations::scores_as_weights(GLuint in, GLuint out, GLuint cells) {
  dispatch("scores_as_weights.comp", {in, out}, {{"cells", cells}}, groups_for(cells, kCellThreads));
}

void Operations::dropout(GLuint in, GLuint out, const Extent& extent, GLuint seed_low, GLuint seed_high,
                         GLuint threshold, float keep) {
  dispatch("dropout.comp", {in, out},
           {{"cells", extent.cells()},
            {"rows", extent.rows},
            {"columns", extent.columns},
            {"seed_low", seed_low},
            {"seed_high", seed_high},
            {"threshold", threshold},
            {"keep", keep}},
           groups_for(extent.cells(), kCellThreads));
}

void Operations::normalise_rows(GLuint in, GLuint out, GLuint rows, GLuint columns) {
  dispatch("normalise_rows.comp", {in, out}, {{"rows", rows}, {"columns", columns}},
           groups_for(rows, kRowThreads));
}

void Operations::additive_scores(GLuint q, GLuint k, GLuint v, GLuint out, const Extent& extent, GLuint width,
                                 GLuint k_shared_by) {
  dispatch("additive_scores.comp", {q, k, v, out},
           {{"cells", extent.cells()},
            {"rows", extent.rows},
            {"columns", extent.columns},
            {"width", width},
            {"k_shared_by", k_shared_by}},
           groups_for(extent.cells(), kCellThreads));
}

void Operations::rotate_pairs(GLuint in, GLuint turns, GLuint out, const Extent& extent) {
  const GLuint pairs = extent.columns / 2;
  const GLuint cells = extent.heads * extent.rows * pairs;
  dispatch("rotate_pairs.comp", {in, turns, out}, {{"cells", cells}, {"rows", extent.rows}, {"pairs", pairs}},
           groups_for(cells, kCellThreads));
}

void Operations::mean_heads(GLuint in, GLuint out, const Extent& extent) {
  const GLuint cells = extent.rows * extent.columns;
  dispatch("mean_heads.comp", {in, out}, {{"cells", cells}, {"heads", extent.heads}},
           groups_for(cells, kCellThreads));
}

}  // namespace attn::gpu
