#pragma once
// The scores that a moving word has a part in: the column of a key, the row of a query.

#include <span>

#include "core/attention/input.h"
#include "core/attention/matrix.h"
#include "core/attention/stage.h"

namespace attn {

/// Raw scores of all queries q [n_queries, d_k] with one key k [1, d_k], of one head.
void score_column(const Input& input, MatrixView<const float> q, MatrixView<const float> k,
                  std::span<float> out);
/// Raw scores of one query q [1, d_k] with all keys k [n_keys, d_k].
void score_row(const Input& input, MatrixView<const float> q, MatrixView<const float> k,
               std::span<float> out);

/// Turns raw scores of one head, the first of which is that of query first.row and key first.column, into
/// those of `until` (scores, scaled, biased or masked), in place.
void finish_scores(const Input& input, const Dimensions& d, Stage until, const CellRef& first,
                   MatrixView<float> scores);

}  // namespace attn
