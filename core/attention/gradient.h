#pragma once
// The exact backward pass through every stage.

#include <array>
#include <optional>
#include <vector>

#include "core/attention/arrays.h"
#include "core/attention/input.h"
#include "core/attention/stage.h"

namespace attn {

/// The gradient that arrives at one attention weight (before dropout).
struct WeightSeed {
  std::size_t head = 0;
  std::size_t row = 0;     ///< query
  std::size_t column = 0;  ///< key
  double gradient = 1.0;
};

/// The gradient that arrives at one cell of another stage, in float64: scores, scaled, head_outputs or
/// output. What is masked or biased differs from scaled by constants only: its seeds go to scaled.
struct CellSeed {
  CellRef cell;
  double gradient = 1.0;
};

/// What the loss L depends on: L = Σ output ∘ G + Σ seeds. All may be given; none gives zeros.
struct GradientSeed {
  std::optional<Matrix> output;  ///< G, [n_queries, d_out]
  std::vector<WeightSeed> weights;
  std::vector<CellSeed> cells;
  /// G of all ones, the default of `trace --gradient`.
  static GradientSeed ones(const Dimensions& d);
};

/// dL/d(…). Names follow the trace: grad_x, grad_w_q, …, grad_head_outputs.
template <class T>
struct Gradients {
  BasicMatrix<T> x;                        ///< [n_queries, d_model]
  std::optional<BasicMatrix<T>> source_x;  ///< [n_keys, d_source] with a source
  /// One for every parameter that takes part; identities as if given as matrices, absent biases none.
  std::array<std::optional<BasicMatrix<T>>, kParameterCount> parameters;
  std::vector<BasicMatrix<T>> scores;  ///< a head each, [rows, columns] of the stage
  std::vector<BasicMatrix<T>> scaled;
  std::vector<BasicMatrix<T>> weights;  ///< before dropout; hidden cells included
  std::vector<BasicMatrix<T>> head_outputs;
};

/// Which gradients are computed. The others are absent, or 0 where they are rows.
struct GradientWish {
  /// Of W_Q, W_K, W_V and W_O; the others are always there.
  std::array<bool, kParameterCount> parameters = [] {
    std::array<bool, kParameterCount> all{};
    all.fill(true);
    return all;
  }();
  /// Of the words of a source this one alone; none where it lies past them. Absent: all.
  std::optional<std::size_t> source_row;
};

/// `arrays` must hold the forward pass of `input`. Throws std::invalid_argument if the seed's shape, stages
/// or cells do not fit.
template <class T>
Gradients<T> backward(const Input& input, const Arrays<T>& arrays, const GradientSeed& seed,
                      const GradientWish& wish = {});

extern template Gradients<float> backward<float>(const Input&, const Arrays<float>&, const GradientSeed&,
                                                 const GradientWish&);
extern template Gradients<double> backward<double>(const Input&, const Arrays<double>&, const GradientSeed&,
                                                   const GradientWish&);

}  // namespace attn
