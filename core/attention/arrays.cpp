#include "core/attention/arrays.h"

#include <algorithm>

namespace attn {

template <class T>
void Arrays<T>::reshape(const Input& input, const Dimensions& d) {
  dimensions_ = d;
  std::size_t needed = 0;
  for (const Stage stage : kStages) {
    shapes_[index(stage)] = shape_of(stage, input, d);
    offsets_[index(stage)] = needed;
    needed += shapes_[index(stage)].cells();
  }
  make_room(needed);
}

template <class T>
void Arrays<T>::make_room(std::size_t needed) {
  if (needed <= capacity_) return;
  block_.reset();  // free the old block before asking for the larger one
  capacity_ = 0;
  block_ = std::make_unique_for_overwrite<T[]>(needed);
  capacity_ = needed;
}

template <class T>
void Arrays<T>::assign(const Arrays& other) {
  make_room(other.size());
  dimensions_ = other.dimensions_;
  shapes_ = other.shapes_;
  offsets_ = other.offsets_;
  std::copy_n(other.block_.get(), other.size(), block_.get());
}

template <class T>
MatrixView<T> Arrays<T>::head(Stage stage, std::size_t head) {
  const StageShape& shape = shapes_[index(stage)];
  return {block_.get() + offsets_[index(stage)] + head * shape.rows * shape.columns, shape.rows,
          shape.columns, shape.columns};
}

template <class T>
MatrixView<const T> Arrays<T>::head(Stage stage, std::size_t head) const {
  return const_cast<Arrays*>(this)->head(stage, head);
}

template <class T>
std::span<T> Arrays<T>::all(Stage stage) {
  return {block_.get() + offsets_[index(stage)], shapes_[index(stage)].cells()};
}

template <class T>
std::span<const T> Arrays<T>::all(Stage stage) const {
  return {block_.get() + offsets_[index(stage)], shapes_[index(stage)].cells()};
}

template class Arrays<float>;
template class Arrays<double>;

}  // namespace attn
