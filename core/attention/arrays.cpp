#include "core/attention/arrays.h"

#include <algorithm>

#include "core/attention/ops.h"

namespace attn {

template <class T>
template <class Takes>
void Arrays<T>::lay_out(const Input& input, const Dimensions& d, const Takes& takes) {
  if (derived_) derived_->clear();
  dimensions_ = d;
  std::size_t needed = 0;
  for (const Stage stage : kStages) {
    shapes_[index(stage)] = takes(stage) ? shape_of(stage, input, d) : StageShape{};
    offsets_[index(stage)] = needed;
    needed += shapes_[index(stage)].cells();
  }
  block_.at_least(needed);
}

template <class T>
void Arrays<T>::reshape(const Input& input, const Dimensions& d) {
  lay_out(input, d, [](Stage) { return true; });
}

template <class T>
void Arrays<T>::reshape_without_scores(const Input& input, const Dimensions& d) {
  lay_out(input, d, [](Stage stage) { return !is_score_like(stage); });
}

template <class T>
void Arrays<T>::assign(const Arrays& other) {
  if (derived_) derived_->clear();
  block_.at_least(other.size());
  dimensions_ = other.dimensions_;
  shapes_ = other.shapes_;
  offsets_ = other.offsets_;
  for (const Stage stage : kStages) {
    if (other.derives(stage)) continue;
    std::copy_n(other.block_.data() + offsets_[index(stage)], shapes_[index(stage)].cells(),
                block_.data() + offsets_[index(stage)]);
  }
  if (other.derives(Stage::scores)) derive_scores(other.derived_->recipe());
}

template <class T>
void Arrays<T>::derive_scores(const ScoreRecipe& recipe) {
  if (!derived_) derived_ = std::make_unique<DerivedScores>();
  derived_->reset(recipe, shapes_[index(Stage::scores)].heads);
}

template <class T>
void Arrays<T>::make(Stage stage, std::size_t head) const {
  const std::lock_guard lock(derived_->making());
  const ScoreRecipe& recipe = derived_->recipe();
  while (derived_->waits(stage, head)) {
    switch (derived_->next(head)) {
      case Stage::scores:
        multiply_transposed<T>(stored(recipe.queries, head), stored(recipe.keys, dimensions_.kv_head(head)),
                               stored(Stage::scores, head));
        break;
      case Stage::scaled:
        scale_scores<T>(stored(Stage::scores, head), static_cast<T>(recipe.factor),
                        stored(Stage::scaled, head));
        break;
      default:
        apply_mask<T>(stored(Stage::scaled, head), recipe.mask, stored(Stage::masked, head));
    }
    derived_->made(head);
  }
}

template <class T>
MatrixView<T> Arrays<T>::stored(Stage stage, std::size_t head) const {
  const StageShape& shape = shapes_[index(stage)];
  return {block_.data() + offsets_[index(stage)] + head * shape.rows * shape.columns, shape.rows,
          shape.columns, shape.columns};
}

template <class T>
MatrixView<T> Arrays<T>::head(Stage stage, std::size_t head) {
  make_if_derived(stage, head);
  return stored(stage, head);
}

template <class T>
MatrixView<const T> Arrays<T>::head(Stage stage, std::size_t head) const {
  make_if_derived(stage, head);
  return stored(stage, head);
}

template <class T>
std::span<T> Arrays<T>::all(Stage stage) {
  for (std::size_t head = 0; head < shapes_[index(stage)].heads; ++head) make_if_derived(stage, head);
  return {block_.data() + offsets_[index(stage)], shapes_[index(stage)].cells()};
}

template <class T>
std::span<const T> Arrays<T>::all(Stage stage) const {
  return const_cast<Arrays*>(this)->all(stage);
}

template class Arrays<float>;
template class Arrays<double>;

}  // namespace attn
