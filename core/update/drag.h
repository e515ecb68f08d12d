#pragma once
// The words that a gesture moves, and what follows them: O(n · d) numbers for each movement, where a forward
// pass takes O(n² · d).
//
// At the press each query's output and softmax sum are parted from the moving words (head_rest.h); with every
// movement they are joined again with the words where they are now:
//   out_i = (sum_i · rest_i + Σ_t exp(s_it) · v_t) / (sum_i + Σ_t exp(s_it)).
// Nothing is added up from one movement to the next, so nothing drifts: each is as near to the exact value as
// the whole pass at the press, the thousandth as the first. The attention weights are not touched; they are
// made from those of the press, row by row with one factor, when they are read (drag_trace.h).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/attention/arrays.h"
#include "core/attention/trace.h"
#include "core/update/head_rest.h"
#include "core/update/update.h"

namespace attn {

/// What belongs to one position of the moving words. Kept and written again by the next.
class Dragged {
 public:
  /// Every stage but the maps. Of concat and output only rows that row_made() names.
  Arrays<float> rows;
  struct Head {
    Matrix key_scores;               ///< [moving keys, n_queries] raw: the columns of the map that are new
    Matrix key_shares;               ///< [moving keys, n_queries] their attention weights
    std::vector<float> rest_shares;  ///< [n_queries] what the keys that stay have together
    Matrix query_scores;             ///< [moving queries, n_keys] raw: the rows that are new
    Matrix query_weights;            ///< [moving queries, n_keys]
  };
  std::vector<Head> heads;
  std::vector<std::uint8_t> output_made;  ///< [⌈n_queries / kOutputRows⌉] concat and output of these rows

  /// Takes over the rows of a whole pass, if they are not those that it holds.
  void copy(const std::shared_ptr<const StoredTrace>& whole);

 private:
  friend class Drag;
  std::weak_ptr<const StoredTrace> copied_;  ///< the rows are its own, but for those that drag_ has written
  std::uint64_t drag_ = 0;                   ///< the Drag that wrote last; 0 since they were copied
};

class Drag {
 public:
  /// Rows of the output that are made together.
  static constexpr std::size_t kOutputRows = 32;
  /// Of more words at a time a forward pass is the better way.
  static constexpr std::size_t kMostWords = 4;

  /// Whether this way serves inputs of these settings: every score, position and mask, dropout, several
  /// heads, a source of keys. Computed otherwise (update.h) are:
  ///  - softmax over the queries: a moving query changes the sum of every column, so every weight and output;
  ///  - scores without a softmax, and a softmax without its maximum: nothing keeps their sums from leaving
  ///    what can be parted and joined again, and the latter is there to show its overflow;
  ///  - attention over features: each score sums over all words.
  static bool serves(const Config& config);

  /// `pressed`: a whole pass. `words`: those that will move, at most kMostWords of either side.
  Drag(std::shared_ptr<const StoredTrace> pressed, MovedWords words);

  const StoredTrace& pressed() const { return *pressed_; }
  const MovedWords& words() const { return words_; }
  bool moves(const MovedWords& moved) const;
  const HeadRest& rest(std::size_t head) const { return rests_[head]; }
  /// Queries whose numbers change with the moving words: [first, last), the moving queries aside.
  CellRun reached() const { return reached_; }

  /// Everything that the words reach when they are where `input` has them, but the output: up to the head
  /// outputs. `input` differs from the pressed one in words() alone. False where a number might leave
  /// float32: a whole pass then tells which.
  bool move(const Input& input, Dragged& at) const;
  /// Makes the rows [first, first + count) of concat and output, and those around them.
  void make_output(const Input& input, std::size_t first, std::size_t count, Dragged& at) const;

 private:
  void prepare(Dragged& at) const;
  bool project_words(const Input& input, Dragged& at) const;
  Matrix masked_columns(const Input& input, std::size_t head, const Dragged& at) const;
  bool move_keys(const Input& input, std::size_t head, Dragged& at) const;
  bool move_queries(const Input& input, std::size_t head, Dragged& at) const;
  bool output_stays_finite(const Dragged& at) const;
  float dropout_factor(std::size_t head, std::size_t query, std::size_t key) const;

  std::shared_ptr<const StoredTrace> pressed_;
  MovedWords words_;
  Dimensions d_;
  StageInputs from_;  ///< of the scores
  CellRun reached_;
  std::vector<std::vector<std::uint8_t>> sees_;  ///< [moving keys][n_queries]; empty where all see all
  std::vector<HeadRest> rests_;                  ///< [heads]
  double largest_rest_ = 0;                      ///< among all rests' outputs
  double output_growth_ = 1;  ///< |output| ≤ output_growth_ · largest |head output| + …
  double output_offset_ = 0;
  std::uint64_t number_;  ///< among all there have been
};

}  // namespace attn
