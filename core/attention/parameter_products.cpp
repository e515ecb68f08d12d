#include "core/attention/parameter_products.h"

#include <algorithm>
#include <type_traits>
#include <vector>

#include "core/attention/ops.h"

namespace attn {
namespace {

/// A shared float32 matrix as numbers of type T. Floats in one chunk are used where they are.
template <class T>
class Operand {
 public:
  explicit Operand(const SharedMatrix& m) : rows_(m.rows()), columns_(m.columns()) {
    if constexpr (std::is_same_v<T, float>) {
      if (m.rows() <= SharedMatrix::kChunkRows) {
        data_ = m.row(0).data();
        return;
      }
    }
    copy_.reserve(rows_ * columns_);
    for (std::size_t i = 0; i < rows_; ++i) {
      for (const float value : m.row(i)) copy_.push_back(static_cast<T>(value));
    }
    data_ = copy_.data();
  }
  Operand(const Operand&) = delete;
  Operand& operator=(const Operand&) = delete;
  MatrixView<const T> view() const { return {data_, rows_, columns_, columns_}; }
  std::span<const T> vector() const { return {data_, columns_}; }

 private:
  std::size_t rows_;
  std::size_t columns_;
  std::vector<T> copy_;
  const T* data_ = nullptr;
};

}  // namespace

template <class T>
void project(MatrixView<const T> x, const std::optional<SharedMatrix>& w,
             const std::optional<SharedMatrix>& b, Stage stage, std::span<const CellRect> cells,
             Arrays<T>& arrays) {
  const StageShape shape = arrays.shape(stage);
  const std::optional<Operand<T>> weights = w ? std::optional<Operand<T>>(std::in_place, *w) : std::nullopt;
  const std::optional<Operand<T>> bias = b ? std::optional<Operand<T>>(std::in_place, *b) : std::nullopt;
  for (std::size_t h = 0; h < shape.heads; ++h) {
    const std::size_t first = h * shape.columns;
    for (const CellRect& part : cells) {
      const MatrixView<const T> in = rows_of(x, part);
      const MatrixView<T> out = rows_of(arrays.head(stage, h), part);
      if (weights) {
        multiply<T>(in, weights->view().block(0, first, x.columns, shape.columns), out);
      } else {
        for (std::size_t i = 0; i < in.rows; ++i)
          std::ranges::copy(in.row(i).subspan(first, shape.columns), out.row(i).begin());
      }
      if (bias) add_to_rows<T>(out, bias->vector().subspan(first, shape.columns));
    }
  }
}

template <class T>
void raw_scores(const Input& input, MatrixView<const T> q, MatrixView<const T> k, MatrixView<T> out) {
  const Parameters& parameters = input.parameters;
  switch (input.config.score) {
    case Score::dot:
      multiply_transposed<T>(q, k, out);
      return;
    case Score::cosine: {
      BasicMatrix<T> q_unit(q.rows, q.columns);
      BasicMatrix<T> k_unit(k.rows, k.columns);
      normalise_rows<T>(q, view(q_unit));
      normalise_rows<T>(k, view(k_unit));
      multiply_transposed<T>(view(q_unit), view(k_unit), out);
      return;
    }
    case Score::bilinear: {
      const Operand<T> w(*parameters[ParameterId::bilinear]);
      BasicMatrix<T> q_w(q.rows, q.columns);
      multiply<T>(q, w.view(), view(q_w));
      multiply_transposed<T>(view(q_w), k, out);
      return;
    }
    case Score::additive: {
      const Operand<T> w_q(*parameters[ParameterId::additive_w_q]);
      const Operand<T> w_k(*parameters[ParameterId::additive_w_k]);
      const Operand<T> v(*parameters[ParameterId::additive_v]);
      BasicMatrix<T> q_hidden(q.rows, w_q.view().columns);
      BasicMatrix<T> k_hidden(k.rows, w_k.view().columns);
      multiply<T>(q, w_q.view(), view(q_hidden));
      multiply<T>(k, w_k.view(), view(k_hidden));
      additive_scores<T>(view(q_hidden), view(k_hidden), v.vector(), out);
      return;
    }
  }
}

#define ATTN_INSTANTIATE(T)                                                                      \
  template void project<T>(MatrixView<const T>, const std::optional<SharedMatrix>&,              \
                           const std::optional<SharedMatrix>&, Stage, std::span<const CellRect>, \
                           Arrays<T>&);                                                          \
  template void raw_scores<T>(const Input&, MatrixView<const T>, MatrixView<const T>, MatrixView<T>);

ATTN_INSTANTIATE(float)
ATTN_INSTANTIATE(double)
#undef ATTN_INSTANTIATE

}  // namespace attn
