#pragma once
// One head without the words that move: what every query's output and softmax sum would be if the others were
// all there is. As long as the same words move, it stays as it is.

#include <cstddef>
#include <span>
#include <vector>

#include "core/attention/arrays.h"
#include "core/attention/input.h"

namespace attn {

class HeadRest {
 public:
  /// From the arrays of a whole forward pass of `input`, which stays alive. `words`: the keys that are left
  /// out.
  /// A query that gives them little takes them back out of its output; one that gives them much has its row
  /// computed anew, since little would be left to subtract from.
  HeadRest(const Input& input, const Arrays<float>& whole, std::size_t head,
           std::span<const std::size_t> words);

  /// [n_queries] what the sums are relative to, a score; −∞ where no other key is visible.
  const std::vector<float>& reference() const { return reference_; }
  /// [n_queries] Σ exp(s − reference) over the keys that stay.
  const std::vector<float>& sums() const { return sums_; }
  /// [n_queries, d_v] the head's output over the keys that stay.
  MatrixView<const float> outputs() const { return view(outputs_); }

  /// The attention weights of one query over the keys that stay, those of the moving ones having no meaning:
  /// `factor` times these numbers. Numbers of `whole` are used where they are.
  struct Weights {
    std::span<const float> row;
    float factor = 1.0f;
  };
  Weights weights(const Arrays<float>& whole, std::size_t query) const;

  /// Queries whose row was computed anew.
  std::size_t rebuilt() const { return rebuilt_.rows(); }

 private:
  void take_out(const Arrays<float>& whole, std::span<const std::size_t> words);
  void rebuild(const Arrays<float>& whole, std::span<const std::size_t> words);

  const Input& input_;
  std::size_t head_;
  std::vector<float> reference_;
  std::vector<float> sums_;
  Matrix outputs_;
  std::vector<float> factors_;           ///< of the whole pass's weights; 0 where the row is rebuilt
  std::vector<std::size_t> to_rebuild_;  ///< ascending
  Matrix rebuilt_;                       ///< their weights over the keys that stay
};

}  // namespace attn
