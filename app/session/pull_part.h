#pragma once
// Of a long input, what a pulled number depends on: one query, all keys, and one head where the target lies
// in one. A pull on it costs the keys once, not their square.

#include <cstddef>

#include "app/session/pull.h"
#include "core/attention/gradient.h"
#include "core/attention/input.h"

namespace attn::session {

class PullPart {
 public:
  /// Inputs of at most this many queries are taken whole.
  static constexpr std::size_t kWholeQueries = 64;

  /// `whole` must pass validate(), and the target must lie inside it. Taken whole are also: attention over
  /// features and softmax over the queries, where a row depends on the others; positions and dropout, which
  /// tell one place from another.
  PullPart(const Input& whole, const Dimensions& d, const PullTarget& target);

  bool narrows() const { return narrows_; }
  /// The pulled numbers in the part.
  const PullTarget& target() const { return target_; }
  /// The part of an input that differs from the whole one in vectors and parameters alone.
  Input of(const Input& whole) const;
  /// Of the part's gradient what moves the whole input: words, W_Q, W_K, W_V; the rest is not filled in.
  Gradients<double> whole_gradients(Gradients<double> part) const;

 private:
  bool one_head() const { return whole_target_.stage != Stage::output; }
  bool has_values() const;
  /// The first column of a parameter's block of the pulled head, and how many there are.
  struct Columns {
    std::size_t first = 0;
    std::size_t count = 0;
  };
  Columns columns_of(ParameterId id) const;

  Dimensions d_;
  PullTarget whole_target_;
  PullTarget target_;
  bool self_ = true;  ///< keys and queries are the same words
  bool narrows_ = false;
  MaskConfig mask_;
};

}  // namespace attn::session
