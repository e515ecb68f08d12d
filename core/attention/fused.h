#pragma once
// From queries, keys and values to attention weights and head outputs in one go, for inputs that are too
// large to be read number by number: some rows of one head at a time, while their scores are in the cache.

#include <span>

#include "core/attention/arrays.h"
#include "core/attention/backend.h"
#include "core/attention/input.h"
#include "core/attention/trace.h"

namespace attn {

/// Whether attend() computes inputs of these settings and this size. Stage by stage are computed:
///  - the additive, cosine and bilinear score; ALiBi; a factor of 0;
///  - softmax over the queries, without its maximum, or none; dropout; attention over features;
///  - a number in the place of hidden scores (mask.hidden_value), since no key is then hidden;
///  - inputs so small that their products are unfused (ops.h), so that what a person follows by hand comes
///    from the formulas of ops.cpp and has the same digits on every machine;
///  - processors without AVX2 and FMA.
bool attends_at_once(const Input& input, const Dimensions& d);

/// Computes the weights and head outputs of these queries (whole rows) in every head, from the queries, keys
/// and values in `arrays`, and has the scores up to the mask derived when they are read. Keys that causal
/// mask or window hide from a block of rows are not looked at. A row has the same bits whichever rows are
/// computed with it and on however many threads. Returns false, with nothing done, where a score might leave
/// float32: stage by stage the cell is then found. Throws Cancelled.
bool attend(const Input& input, std::span<const CellRect> rows, Arrays<float>& arrays, Progress* progress);

}  // namespace attn
