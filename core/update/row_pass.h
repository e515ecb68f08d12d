#pragma once
// One pass over all scores of a long input, none of which is kept: of every query its largest score and the
// sum that softmax divides by, and on the way the head outputs.

#include <span>

#include "core/attention/backend.h"
#include "core/update/pyramid.h"
#include "core/update/row_tile.h"

namespace attn {

struct RowPassResult {
  RowStatistics statistics;
  StreamedRanges ranges{};
};

/// Some queries of a head at a time, against some keys at a time: their scores are in the cache, the sum and
/// the head output of a row are scaled down whenever a larger score shows up. Keys that causal mask or window
/// hide from all of the queries are not looked at. Writes the head outputs into `arrays`, which hold what
/// ScoreCells asks for. A row has the same bits on however many threads. Without its maximum removed softmax
/// has to know the sum first, and looks at every score twice.
/// Throws RunError where a score that it looks at is past float32 (not under softmax_without_max), Cancelled.
/// Source: Milakov and Gimelshein 2018, "Online normalizer calculation for softmax"; Dao et al. 2022.
/// `weights`: pyramids of the attention weights of the first heads, which are added to on the way. They need
/// can_add_weights().
RowPassResult run_row_pass(const ScoreCells& cells, Arrays<float>& arrays, Progress* progress,
                           std::span<PyramidMaker> weights = {});

/// Whether the pass finds the weights of groups of keys: softmax with its maximum, on a processor with AVX2.
bool can_add_weights(const ScoreCells& cells);

}  // namespace attn
