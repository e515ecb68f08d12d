#pragma once
// One function for each compute shader. Buffers are bound whole and hold row-major float32.

#include <cstddef>
#include <initializer_list>
#include <string>
#include <variant>

#include "app/gpu/product_tiles.h"
#include "app/gpu/shader_library.h"

namespace attn::gpu {

/// heads × rows × columns of a result.
struct Extent {
  GLuint heads = 1;
  GLuint rows = 1;
  GLuint columns = 1;
  GLuint cells() const { return heads * rows * columns; }
};

/// What a shader sees of a buffer; all of it where `bytes` is 0.
struct Bound {
  Bound(GLuint whole = 0) : buffer(whole) {}  // NOLINT(google-explicit-constructor): a buffer is bound whole
  Bound(GLuint of, GLintptr from, GLsizeiptr size) : buffer(of), offset(from), bytes(size) {}
  GLuint buffer;
  GLintptr offset = 0;
  GLsizeiptr bytes = 0;
};

/// Where the cells of a stack of matrices lie in a buffer; all in numbers, not bytes.
struct Stack {
  Bound buffer;
  GLuint head = 0;       ///< from one head to the next; 0: every head reads the same matrix
  GLuint row = 0;        ///< from one row to the next
  GLuint column = 1;     ///< from one column to the next
  GLuint shared_by = 1;  ///< how many heads of the result read one head of this
  GLuint first = 0;      ///< where the first cell is
  Stack transposed() const { return {buffer, head, column, row, shared_by, first}; }
};

/// A stack without gaps: one head after the other, one row after the other.
Stack dense(Bound buffer, GLuint rows, GLuint columns, GLuint shared_by = 1);

/// Some of the rows of all heads together.
struct Lines {
  GLuint first = 0;
  GLuint count = 1;
  GLuint at = 0;  ///< where the first of them is in what is bound, in numbers
};

/// A vector added to every row; head h takes the numbers from h·head on. No buffer: no bias.
struct Bias {
  GLuint buffer = 0;
  GLuint head = 0;
};

/// Which keys a query may see, as mask.comp wants it.
struct MaskBuffers {
  bool causal = false;
  bool has_window = false;
  GLuint window = 0;
  GLuint padding = 0;  ///< buffer of [columns] words, 1 hides; 0: none
  GLuint allow = 0;    ///< buffer of [rows, columns] bytes, 1 = visible; 0: none
  GLuint hidden_bits = 0xff800000u;
};

/// Gives the commands and returns; results are there for the next operation and for reading.
class Operations {
 public:
  explicit Operations(ShaderLibrary& shaders);
  /// Which tiles products are made in; what the device has room for is set.
  ProductTiles& tiles() { return tiles_; }
  /// What offsets of Bound are multiples of, in bytes.
  GLuint alignment() const { return alignment_; }

  /// out = a · b + bias.  a [rows, inner], b [inner, columns] for every head. `out` is none of the operands.
  /// Where `lower` is not 0, a[i, t] is 0 for t ≥ i + lower, and that part of it is left out.
  void multiply(const Stack& a, const Stack& b, const Bias& bias, const Stack& out, const Extent& extent,
                GLuint inner, GLuint lower = 0);
  /// out = in + bias; in and out may lie differently.
  void copy(const Stack& in, const Bias& bias, const Stack& out, const Extent& extent);
  void scale(GLuint in, float factor, GLuint out, GLuint cells);
  void add(GLuint in, GLuint added, GLuint out, GLuint cells);
  /// out[h,i,j] = in[h,i,j] + bias[h, |i − j|]; bias holds `distances` numbers a head.
  void alibi(GLuint in, GLuint bias, GLuint distances, GLuint out, const Extent& extent);
  void mask(GLuint in, const MaskBuffers& mask, GLuint out, const Extent& extent);
  /// Softmax over the columns of every row, or over the rows of every column.
  void softmax(GLuint in, GLuint out, const Extent& extent, bool over_rows);
  /// softmax(), over the columns, of mask(scores · factor) without these in between.
  /// `lines` says which rows are there, of extent's heads and rows.
  void attention_weights(Bound scores, float factor, const MaskBuffers& mask, Bound out, const Extent& extent,
                         const Lines& lines);
  void attention_weights(Bound scores, float factor, const MaskBuffers& mask, Bound out,
                         const Extent& extent) {
    attention_weights(scores, factor, mask, out, extent, {0, extent.heads * extent.rows, 0});
  }
  /// Whether attention_weights() uses subgroup operations; where the driver has them it does from the start.
  /// Returns what it is now.
  bool use_subgroups(bool use);
  bool uses_subgroups() const { return subgroups_; }
  /// largest[slot] becomes at least the bits of the largest magnitude in `in`, among all cells or among
  /// those that the mask leaves; infinity and NaN count as larger than every number.
  void largest(Bound in, const MaskBuffers* mask, GLuint largest, GLuint slot, const Extent& extent,
               const Lines& lines);
  void largest(Bound in, const MaskBuffers* mask, GLuint largest, GLuint slot, const Extent& extent) {
    this->largest(in, mask, largest, slot, extent, {0, extent.heads * extent.rows, 0});
  }
  void scores_as_weights(GLuint in, GLuint out, GLuint cells);
  /// A cell is kept iff the first Philox word is at least `threshold`; keep = 1 − p divides it.
  void dropout(GLuint in, GLuint out, const Extent& extent, GLuint seed_low, GLuint seed_high,
               GLuint threshold, float keep);
  /// Every row divided by its length.
  void normalise_rows(GLuint in, GLuint out, GLuint rows, GLuint columns);
  /// q [heads, rows, width] and k [heads / k_shared_by, columns, width] are already projected; v [width].
  void additive_scores(GLuint q, GLuint k, GLuint v, GLuint out, const Extent& extent, GLuint width,
                       GLuint k_shared_by);
  /// turns [rows, columns / 2, 2]: cosine and sine of every angle.
  void rotate_pairs(GLuint in, GLuint turns, GLuint out, const Extent& extent);
  /// The average over the heads of in; extent.heads is how many.
  void mean_heads(GLuint in, GLuint out, const Extent& extent);

  /// Of every row of the masked scores q·kᵀ·factor its maximum and Σ exp(s − maximum) [heads, rows], without
  /// storing a score. The sum of a row that sees nothing is 0. q [rows, inner], kᵀ [inner, columns].
  void row_statistics(const Stack& q, const Stack& k_transposed, float factor, const MaskBuffers& mask,
                      GLuint maxima, GLuint sums, const Extent& extent, GLuint inner);
  /// The attention weights of a rectangle of one head, from its raw scores and row_statistics().
  struct Tile {
    GLuint head = 0, first_row = 0, first_column = 0, rows = 1, columns = 1;
  };
  void weights_tile(GLuint scores, float factor, const MaskBuffers& mask, GLuint maxima, GLuint sums,
                    const Tile& tile, GLuint out, const Extent& extent);

  /// What stays as it is while one key moves: outputs [heads, rows, v_width], softmax sums and the scores
  /// they are relative to [heads, rows] of the keys that stay.
  struct DragRest {
    GLuint outputs = 0, reference = 0, sums = 0;
  };
  struct DragShape {
    Extent extent;  ///< heads × queries × keys
    GLuint width = 1, v_width = 1;
    GLuint shared_by = 1;  ///< how many heads share keys and values
    float factor = 1.0f;
  };
  /// Every query's output when key `key` moves. word [kv heads, width + v_width]: its key, then its value.
  void drag_rejoin(GLuint q, const DragRest& rest, GLuint word, GLuint key, const MaskBuffers& mask,
                   GLuint out, const DragShape& shape);
  /// The output of query `row` when it moves. query [heads, width]; k, v with the word where it is now. Needs
  /// a buffer of query_parts_words().
  void drag_query(GLuint k, GLuint v, GLuint query, GLuint row, const MaskBuffers& mask, GLuint parts,
                  GLuint out, const DragShape& shape);
  static std::size_t query_parts_words(const DragShape& shape);

  /// dL/d(raw scores) from α and dL/dα: factor · α (g − Σ α g) in every row.
  void softmax_gradient(GLuint weights, GLuint gradient, float factor, GLuint out, GLuint lines,
                        GLuint columns);

 private:
  struct Uniform {
    const char* name;
    std::variant<GLuint, float> value;
  };
  struct Groups {
    GLuint x = 1;
    GLuint y = 1;
    GLuint z = 1;
  };
  /// One thread a cell, in workgroups of `threads`; the shaders loop where that is too many groups.
  static Groups groups_for(GLuint cells, GLuint threads);
  void dispatch(const char* shader, std::initializer_list<Bound> buffers,
                std::initializer_list<Uniform> uniforms, Groups groups, const std::string& defines = {});
  /// Starts a program that the next dispatch of it finds with these uniforms of visible.glsl set.
  void set_visible(const char* shader, const std::string& defines, const MaskBuffers& mask, GLuint columns);

  ShaderLibrary& shaders_;
  ProductTiles tiles_;
  bool subgroups_ = false;
  GLuint alignment_ = 256;
};

}  // namespace attn::gpu
