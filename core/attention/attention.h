#pragma once
// The forward pass: the whole of attention, one stage after the other.

#include <functional>
#include <span>

#include "core/attention/arrays.h"
#include "core/attention/backend.h"
#include "core/attention/input.h"

namespace attn {

/// Computes every stage of `input` into `arrays`, which is reshaped first. `d` is what validate() gave.
/// T = float is what runs, for large inputs with the scores left to be derived (fused.h, arrays.h); T =
/// double is the judge in tests, stage by stage. Run again with the same shapes and float it allocates
/// nothing. Throws RunError where a number leaves float32 (not under softmax_without_max, which is there to
/// show it), Cancelled.
template <class T>
void forward(const Input& input, const Dimensions& d, Arrays<T>& arrays, Progress* progress = nullptr);

/// Computes one stage from the stages before it, which must be in `arrays`. `forward` is this for each of
/// stages_of(input), with check_finite after each; a backend that lacks a stage calls it too.
/// Throws Cancelled.
template <class T>
void compute_stage(Stage stage, const Input& input, Arrays<T>& arrays, Progress* progress = nullptr);

/// The cells of a stage that are to be computed; the answer is read before the next question.
using CellsOfStage = std::function<std::span<const CellRect>(Stage)>;
/// forward() for some cells of every stage, in `arrays` that hold the others. Cells as for compute_cells().
template <class T>
void compute_stages(const Input& input, Arrays<T>& arrays, const CellsOfStage& cells_of, Progress* progress);

/// The same for these cells of every head alone; the others stay as they are. Scores up to the mask, and
/// dropped, are computed in any rectangles; the attention weights in whole rows, or in whole columns where
/// softmax runs over the queries; every other stage in whole rows.
template <class T>
void compute_cells(Stage stage, const Input& input, std::span<const CellRect> cells, Arrays<T>& arrays,
                   Progress* progress = nullptr);

/// Throws RunError when a stage that must be finite holds a number past float32 or a NaN: every stage but
/// those after the mask, whose −∞ is meant. Under softmax_without_max nothing is refused.
template <class T>
void check_finite(Stage stage, const Input& input, const Arrays<T>& arrays);
/// The same, of these cells of every head.
template <class T>
void check_finite(Stage stage, const Input& input, std::span<const CellRect> cells, const Arrays<T>& arrays);

extern template void forward<float>(const Input&, const Dimensions&, Arrays<float>&, Progress*);
extern template void forward<double>(const Input&, const Dimensions&, Arrays<double>&, Progress*);
extern template void compute_stages<float>(const Input&, Arrays<float>&, const CellsOfStage&, Progress*);
extern template void compute_stages<double>(const Input&, Arrays<double>&, const CellsOfStage&, Progress*);
extern template void compute_stage<float>(Stage, const Input&, Arrays<float>&, Progress*);
extern template void compute_stage<double>(Stage, const Input&, Arrays<double>&, Progress*);
extern template void compute_cells<float>(Stage, const Input&, std::span<const CellRect>, Arrays<float>&,
                                          Progress*);
extern template void check_finite<float>(Stage, const Input&, std::span<const CellRect>,
                                         const Arrays<float>&);
extern template void check_finite<float>(Stage, const Input&, const Arrays<float>&);
extern template void compute_cells<double>(Stage, const Input&, std::span<const CellRect>, Arrays<double>&,
                                           Progress*);
extern template void check_finite<double>(Stage, const Input&, std::span<const CellRect>,
                                          const Arrays<double>&);
extern template void check_finite<double>(Stage, const Input&, const Arrays<double>&);

}  // namespace attn
