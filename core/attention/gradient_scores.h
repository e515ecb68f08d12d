#pragma once
// The backward pass from the raw scores to queries and keys, for every kind of score.

#include "core/attention/config.h"
#include "core/attention/matrix.h"

namespace attn {

/// The parameters that a score may have, or their gradients; empty where the score has none.
template <class T>
struct ScoreParameters {
  BasicMatrix<T> bilinear;      ///< [d_k, d_k]
  BasicMatrix<T> additive_w_q;  ///< [d_k, d_additive]
  BasicMatrix<T> additive_w_k;  ///< [d_k, d_additive]
  BasicMatrix<T> additive_v;    ///< [1, d_additive]
};

/// One head on its way back: what its scores were made from and where the gradients go.
template <class T>
struct ScoreBackward {
  MatrixView<const T> q;            ///< [n_queries, d_k], as the scores read it: rotated, with rope
  MatrixView<const T> k;            ///< [n_keys, d_k]
  MatrixView<const T> grad_scores;  ///< [n_queries, n_keys]
  MatrixView<T> grad_q;             ///< as q; added to
  MatrixView<T> grad_k;             ///< as k; added to, since grouped heads share keys
};

/// Adds what grad_scores of one head gives to grad_q and grad_k and, where the score has parameters, to
/// `gradients`, which has their shapes.
///   dot       s = q·k                        dq = ds k
///   cosine    s = q̂·k̂                        dq = (dq̂ − (dq̂·q̂) q̂) ÷ |q|, 0 for a zero vector
///   additive  s = v·tanh(a), a = q W_q + k W_k   da = ds v (1 − tanh² a)
///   bilinear  s = q W kᵀ                     dq = ds k Wᵀ
template <class T>
void scores_backward(Score score, const ScoreParameters<T>& parameters, const ScoreBackward<T>& head,
                     ScoreParameters<T>& gradients);

extern template void scores_backward<float>(Score, const ScoreParameters<float>&, const ScoreBackward<float>&,
                                            ScoreParameters<float>&);
extern template void scores_backward<double>(Score, const ScoreParameters<double>&,
                                             const ScoreBackward<double>&, ScoreParameters<double>&);

}  // namespace attn
