#pragma once
// What reads the parameters: projections of vectors, and the raw scores.

#include <optional>
#include <span>

#include "core/attention/arrays.h"
#include "core/attention/input.h"
#include "core/attention/trace.h"

namespace attn {

/// These cells of `m`.
template <class T>
MatrixView<T> cells_of(MatrixView<T> m, const CellRect& cells) {
  return m.block(cells.row, cells.column, cells.rows, cells.columns);
}
/// All columns of the rows that these cells lie in.
template <class T>
MatrixView<T> rows_of(MatrixView<T> m, const CellRect& cells) {
  return m.block(cells.row, 0, cells.rows, m.columns);
}

/// Each head of `stage`: x · W[:, head] + b[head], in the rows of `cells`. An absent w is the identity, which
/// copies the head's columns of x; an absent b is no bias. x [rows of the stage, rows of w].
template <class T>
void project(MatrixView<const T> x, const std::optional<SharedMatrix>& w,
             const std::optional<SharedMatrix>& b, Stage stage, std::span<const CellRect> cells,
             Arrays<T>& arrays);

/// The raw scores of some queries with some keys in one head, by the kind of score.
/// q [queries, d_k], k [keys, d_k], out [queries, keys].
template <class T>
void raw_scores(const Input& input, MatrixView<const T> q, MatrixView<const T> k, MatrixView<T> out);

}  // namespace attn
