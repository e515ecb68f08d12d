#include "core/attention/parameter_products.h"

#include <algorithm>
#include <type_traits>
#include <vector>

#include "core/attention/ops.h"
#include "core/attention/packed_parameters.h"
#include "core/kernel/kernels.h"
#include "core/kernel/pool.h"

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

/// project() of float32 by the kernels, without a copy of w: its chunks of rows are read where they are, or
/// packed.
class KernelProjection {
 public:
  KernelProjection(const kernel::Table& table, MatrixView<const float> x, const SharedMatrix& w,
                   const std::optional<SharedMatrix>& b, const StageShape& shape)
      : table_(table), x_(x), w_(w), b_(b), shape_(shape) {
    // By the size of the whole stage, so that a part of its rows has the bits that all of them have.
    unfused_ = is_unfused(shape.rows, x.columns, shape.columns);
  }

  void run(Stage stage, std::span<const CellRect> cells, Arrays<float>& arrays) const {
    std::size_t rows = 0;
    for (const CellRect& part : cells) rows += part.rows;
    if (rows <= kFewRows) {
      for (std::size_t h = 0; h < shape_.heads; ++h) {
        for (const CellRect& part : cells) few_rows(h, part, rows_of(arrays.head(stage, h), part));
      }
      return;
    }
    const bool shared = rows * x_.columns * shape_.heads * shape_.columns >= kernel::kWorthSharing;
    const std::size_t size = kernel::panel_size(x_.columns, shape_.columns);
    const float* const panels = packed_parameters().panels(table_, w_, shape_.heads, shared);
    const std::size_t groups = (shape_.columns + kGroup - 1) / kGroup;
    for (const CellRect& part : cells) {
      const std::size_t blocks = (part.rows + kRowBlock - 1) / kRowBlock;
      kernel::parallel_for(blocks * shape_.heads * groups, shared, [&](std::size_t task) {
        const std::size_t group = task % groups;
        const std::size_t h = task / groups % shape_.heads;
        const std::size_t first = task / groups / shape_.heads * kRowBlock;
        const CellRect block{part.row + first, group * kGroup, std::min(kRowBlock, part.rows - first),
                             std::min(kGroup, shape_.columns - group * kGroup)};
        many_rows(h, block, panels + h * size + group * kGroup * x_.columns,
                  cells_of(arrays.head(stage, h), block));
      });
    }
  }

 private:
  static constexpr std::size_t kFewRows = 2 * kernel::kTileRows;    ///< for which packing w does not pay
  static constexpr std::size_t kRowBlock = 32 * kernel::kTileRows;  ///< of x, that stay in the second cache
  static constexpr std::size_t kGroup = 4 * kernel::kPanel;         ///< columns of w that pass by them

  void multiply(const kernel::Product& product) const {
    (unfused_ ? table_.multiply_unfused : table_.multiply)(product);
  }

  /// Calls f(first row, rows) for each chunk of w's rows, which lie one after the other.
  template <class F>
  void each_chunk(const F& f) const {
    for (std::size_t t = 0; t < w_.rows(); t += SharedMatrix::kChunkRows)
      f(t, std::min(SharedMatrix::kChunkRows, w_.rows() - t));
  }

  void few_rows(std::size_t h, const CellRect& part, MatrixView<float> out) const {
    each_chunk([&](std::size_t t, std::size_t rows) {
      kernel::Product product;
      product.a = x_.data + part.row * x_.stride + t;
      product.a_stride = x_.stride;
      product.b = w_.row(t).data() + h * shape_.columns;
      product.b_stride = w_.columns();
      product.b_panel_step = kernel::kPanel;
      product.out = out.data;
      product.out_stride = out.stride;
      product.rows = part.rows;
      product.inner = rows;
      product.columns = shape_.columns;
      product.add = t != 0;
      multiply(product);
    });
    if (b_) add_to_rows<float>(out, b_->row(0).subspan(h * shape_.columns, shape_.columns));
  }

  void many_rows(std::size_t h, const CellRect& block, const float* panels, MatrixView<float> out) const {
    kernel::Product product;
    product.a = x_.data + block.row * x_.stride;
    product.a_stride = x_.stride;
    product.b = panels;
    product.b_stride = kernel::kPanel;
    product.b_panel_step = kernel::kPanel * x_.columns;
    product.out = out.data;
    product.out_stride = out.stride;
    product.rows = block.rows;
    product.inner = x_.columns;
    product.columns = block.columns;
    multiply(product);
    if (b_) add_to_rows<float>(out, b_->row(0).subspan(h * shape_.columns + block.column, block.columns));
  }

  const kernel::Table& table_;
  MatrixView<const float> x_;
  const SharedMatrix& w_;
  const std::optional<SharedMatrix>& b_;
  StageShape shape_;
  bool unfused_ = false;
};

}  // namespace

template <class T>
void project(MatrixView<const T> x, const std::optional<SharedMatrix>& w,
             const std::optional<SharedMatrix>& b, Stage stage, std::span<const CellRect> cells,
             Arrays<T>& arrays) {
  const StageShape shape = arrays.shape(stage);
  if constexpr (std::is_same_v<T, float>) {
    if (const kernel::Table* table = kernel::table(); table != nullptr && w)
      return KernelProjection(*table, x, *w, b, shape).run(stage, cells, arrays);
  }
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
