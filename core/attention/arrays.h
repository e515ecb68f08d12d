#pragma once
// Storage for every stage of one forward pass, in one block that is reused when the shapes allow it.

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "core/attention/input.h"
#include "core/attention/matrix.h"
#include "core/attention/stage.h"

namespace attn {

template <class T>
class Arrays {
 public:
  Arrays() = default;
  Arrays(const Input& input, const Dimensions& d) { reshape(input, d); }

  /// Lays out every present stage. Numbers are not initialised; memory is kept when it is large enough.
  void reshape(const Input& input, const Dimensions& d);

  /// Becomes a copy of `other`; memory is kept when it is large enough.
  void assign(const Arrays& other);

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
  std::size_t bytes() const { return capacity_ * sizeof(T); }

 private:
  void make_room(std::size_t needed);
  std::size_t size() const { return offsets_.back() + shapes_.back().cells(); }

  Dimensions dimensions_;
  std::array<StageShape, kStageCount> shapes_{};
  std::array<std::size_t, kStageCount> offsets_{};
  std::size_t capacity_ = 0;
  std::unique_ptr<T[]> block_;
};

extern template class Arrays<float>;
extern template class Arrays<double>;

}  // namespace attn
