#pragma once
// Storage for every stage of one forward pass, in one block that is reused when the shapes allow it. Scores
// may be left out of it until somebody reads them.

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "core/attention/derived_scores.h"
#include "core/attention/input.h"
#include "core/attention/matrix.h"
#include "core/attention/stage.h"
#include "core/kernel/block.h"

namespace attn {

template <class T>
class Arrays {
 public:
  Arrays() = default;
  Arrays(const Input& input, const Dimensions& d) { reshape(input, d); }

  /// Lays out every present stage. Numbers are not initialised; memory is kept when it is large enough.
  void reshape(const Input& input, const Dimensions& d);
  /// The same for all stages but those of queries × keys, which are then absent.
  void reshape_without_scores(const Input& input, const Dimensions& d);

  /// Becomes a copy of `other`; memory is kept when it is large enough. What `other` derives is derived
  /// again.
  void assign(const Arrays& other);

  /// Leaves out the scores up to the mask: each head of them is made by the recipe when it is first read, by
  /// any thread, with the bits that compute_stage() would have given. It may be repeated when queries or keys
  /// have changed.
  void derive_scores(const ScoreRecipe& recipe);
  /// What they are made from; only where something is derived.
  const ScoreRecipe& recipe() const { return derived_->recipe(); }
  bool derives(Stage stage) const { return derived_ && derived_->derives(stage); }

  const Dimensions& dimensions() const { return dimensions_; }
  bool has(Stage stage) const { return shapes_[index(stage)].heads != 0; }
  StageShape shape(Stage stage) const { return shapes_[index(stage)]; }
  /// One head of a stage, [rows, columns]; stages without heads have head 0 only. The stage must be present.
  MatrixView<T> head(Stage stage, std::size_t head);
  MatrixView<const T> head(Stage stage, std::size_t head) const;
  T at(const CellRef& cell) const { return head(cell.stage, cell.head)(cell.row, cell.column); }
  /// All heads of a stage, one after the other; empty when it is absent.
  std::span<T> all(Stage stage);
  std::span<const T> all(Stage stage) const;
  std::size_t bytes() const { return block_.capacity() * sizeof(T); }

 private:
  /// What is stored, or room for it.
  MatrixView<T> stored(Stage stage, std::size_t head) const;
  void make_if_derived(Stage stage, std::size_t head) const {
    if (derived_ && derived_->waits(stage, head)) make(stage, head);
  }
  void make(Stage stage, std::size_t head) const;
  template <class Takes>
  void lay_out(const Input& input, const Dimensions& d, const Takes& takes);
  std::size_t size() const { return offsets_.back() + shapes_.back().cells(); }

  Dimensions dimensions_;
  std::array<StageShape, kStageCount> shapes_{};
  std::array<std::size_t, kStageCount> offsets_{};
  /// Derived scores are written into it by who reads them first.
  mutable kernel::Block<T> block_;
  std::unique_ptr<DerivedScores> derived_;
};

extern template class Arrays<float>;
extern template class Arrays<double>;

}  // namespace attn
