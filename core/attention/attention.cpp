#include "core/attention/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "core/attention/ops.h"

namespace attn {
namespace {

void check_cancel(const Progress* progress) {
  if (progress != nullptr && progress->cancel.load(std::memory_order_relaxed)) throw Cancelled();
}

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

template <class T>
void copy(MatrixView<const T> in, MatrixView<T> out) {
  for (std::size_t i = 0; i < in.rows; ++i) std::ranges::copy(in.row(i), out.row(i).begin());
}

template <class T>
void copy(const SharedMatrix& in, MatrixView<T> out) {
  for (std::size_t i = 0; i < in.rows(); ++i) {
    std::ranges::transform(in.row(i), out.row(i).begin(), [](float value) { return static_cast<T>(value); });
  }
}

template <class T>
void add_positions(MatrixView<const T> in, MatrixView<T> out) {
  for (std::size_t p = 0; p < in.rows; ++p) {
    for (std::size_t c = 0; c < in.columns; ++c) {
      out(p, c) = in(p, c) + static_cast<T>(sinusoidal_position(p, c, in.columns));
    }
  }
}

/// One head of q, k or v: x · W[:, head] + b[head]. The identity copies the head's columns of x.
template <class T>
void project(MatrixView<const T> x, const std::optional<SharedMatrix>& w,
             const std::optional<SharedMatrix>& b, Stage stage, Arrays<T>& arrays) {
  const StageShape shape = arrays.shape(stage);
  const std::optional<Operand<T>> weights = w ? std::optional<Operand<T>>(std::in_place, *w) : std::nullopt;
  const std::optional<Operand<T>> bias = b ? std::optional<Operand<T>>(std::in_place, *b) : std::nullopt;
  for (std::size_t h = 0; h < shape.heads; ++h) {
    const MatrixView<T> out = arrays.head(stage, h);
    const std::size_t first = h * shape.columns;
    if (weights) {
      multiply<T>(x, weights->view().block(0, first, x.columns, shape.columns), out);
    } else {
      copy<T>(x.block(0, first, x.rows, shape.columns), out);
    }
    if (bias) add_to_rows<T>(out, bias->vector().subspan(first, shape.columns));
  }
}

/// The raw scores of one head, by the kind of score.
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

template <class T>
void normalise(const Config& config, MatrixView<const T> masked, MatrixView<T> out) {
  const bool over_keys = config.softmax_axis == SoftmaxAxis::keys;
  switch (config.normalise) {
    case Normalise::softmax:
      return over_keys ? softmax_rows<T>(masked, out) : softmax_columns<T>(masked, out);
    case Normalise::softmax_without_max:
      return over_keys ? softmax_rows_without_max<T>(masked, out)
                       : softmax_columns_without_max<T>(masked, out);
    case Normalise::none:
      return scores_as_weights<T>(masked, out);
  }
}

template <class T>
void multiply_by(MatrixView<const T> in, T factor, MatrixView<T> out) {
  for (std::size_t i = 0; i < in.rows; ++i) {
    for (std::size_t j = 0; j < in.columns; ++j) out(i, j) = in(i, j) * factor;
  }
}

template <class T>
void add_alibi(MatrixView<const T> in, double slope, MatrixView<T> out) {
  for (std::size_t i = 0; i < in.rows; ++i) {
    for (std::size_t j = 0; j < in.columns; ++j) {
      const double distance = static_cast<double>(i > j ? i - j : j - i);
      out(i, j) = in(i, j) + static_cast<T>(-slope * distance);
    }
  }
}

/// Heads side by side, or their average.
template <class T>
void combine_heads(const Config& config, const Arrays<T>& arrays, MatrixView<T> out) {
  const Dimensions& d = arrays.dimensions();
  if (config.combine == Combine::concat) {
    for (std::size_t h = 0; h < d.n_heads; ++h) {
      copy<T>(arrays.head(Stage::head_outputs, h), out.block(0, h * d.d_v, out.rows, d.d_v));
    }
    return;
  }
  for (std::size_t i = 0; i < out.rows; ++i) {
    for (std::size_t c = 0; c < out.columns; ++c) {
      T sum = 0;
      for (std::size_t h = 0; h < d.n_heads; ++h) sum += arrays.head(Stage::head_outputs, h)(i, c);
      out(i, c) = sum / static_cast<T>(d.n_heads);
    }
  }
}

}  // namespace

template <class T>
void compute_stage(Stage stage, const Input& input, Arrays<T>& arrays, Progress* progress) {
  const Config& config = input.config;
  const Parameters& parameters = input.parameters;
  const Dimensions& d = arrays.dimensions();
  const bool features = config.attend_over == AttendOver::features;
  const std::vector<Stage> from = inputs_of(stage, input);
  const Arrays<T>& before = arrays;  // stages that are read, const: a stage writes only itself

  const auto each_head = [&](const auto& compute) {
    for (std::size_t h = 0; h < arrays.shape(stage).heads; ++h) {
      check_cancel(progress);
      compute(h, arrays.head(stage, h));
    }
  };

  switch (stage) {
    case Stage::x:
      return copy<T>(input.x, arrays.head(stage, 0));
    case Stage::source_x:
      return copy<T>(input.source->x, arrays.head(stage, 0));
    case Stage::x_position:
    case Stage::source_position:
      return add_positions<T>(before.head(from[0], 0), arrays.head(stage, 0));
    case Stage::q:
      return project<T>(before.head(from[0], 0), parameters[ParameterId::w_q], parameters[ParameterId::b_q],
                        stage, arrays);
    case Stage::k:
      return project<T>(before.head(from[0], 0), parameters[ParameterId::w_k], parameters[ParameterId::b_k],
                        stage, arrays);
    case Stage::v:
      return project<T>(before.head(from[0], 0), parameters[ParameterId::w_v], parameters[ParameterId::b_v],
                        stage, arrays);
    case Stage::q_rotated:
    case Stage::k_rotated:
      return each_head(
          [&](std::size_t h, MatrixView<T> out) { rotate_pairs<T>(before.head(from[0], h), out); });
    case Stage::scores:
      return each_head([&](std::size_t h, MatrixView<T> out) {
        const MatrixView<const T> q = before.head(from[0], h);
        const MatrixView<const T> k = before.head(from[1], d.kv_head(h));
        if (features) {
          transposed_multiply<T>(q, k, out);
        } else {
          raw_scores<T>(input, q, k, out);
        }
      });
    case Stage::scaled: {
      const T factor = static_cast<T>(score_factor(config, d));
      return each_head(
          [&](std::size_t h, MatrixView<T> out) { multiply_by<T>(before.head(from[0], h), factor, out); });
    }
    case Stage::biased:
      return each_head([&](std::size_t h, MatrixView<T> out) {
        add_alibi<T>(before.head(from[0], h), alibi_slope(h, d.n_heads), out);
      });
    case Stage::masked:
      return each_head([&](std::size_t h, MatrixView<T> out) {
        apply_mask<T>(before.head(from[0], h), config.mask, out);
      });
    case Stage::weights:
      return each_head(
          [&](std::size_t h, MatrixView<T> out) { normalise<T>(config, before.head(from[0], h), out); });
    case Stage::dropped:
      return each_head([&](std::size_t h, MatrixView<T> out) {
        apply_dropout<T>(before.head(from[0], h), *config.dropout, h, out);
      });
    case Stage::mixed:
      return multiply<T>(before.head(from[0], 0), before.head(from[1], 0), arrays.head(stage, 0));
    case Stage::head_outputs:
      if (features) {
        return project<T>(before.head(from[0], 0), parameters[ParameterId::w_v], std::nullopt, stage, arrays);
      }
      return each_head([&](std::size_t h, MatrixView<T> out) {
        multiply<T>(before.head(from[0], h), before.head(from[1], d.kv_head(h)), out);
      });
    case Stage::concat:
      return combine_heads<T>(config, before, arrays.head(stage, 0));
    case Stage::output:
      return project<T>(before.head(from[0], 0), parameters[ParameterId::w_o], parameters[ParameterId::b_o],
                        stage, arrays);
  }
}

template <class T>
void check_finite(Stage stage, const Input& input, const Arrays<T>& arrays) {
  if (input.config.normalise == Normalise::softmax_without_max) return;
  if (stage == Stage::masked || stage == Stage::weights || stage == Stage::dropped) return;
  constexpr T kLargest = static_cast<T>(std::numeric_limits<float>::max());
  const std::span<const T> values = arrays.all(stage);
  const auto past = std::ranges::find_if(values, [](T value) { return !(std::abs(value) <= kLargest); });
  if (past == values.end()) return;
  const StageShape shape = arrays.shape(stage);
  const auto at = static_cast<std::size_t>(past - values.begin());
  const std::size_t in_head = at % (shape.rows * shape.columns);
  throw RunError(fmt::format("{}[{}][{},{}]: past the range of float32 (3.4e38)", name(stage),
                             at / (shape.rows * shape.columns), in_head / shape.columns,
                             in_head % shape.columns));
}

template <class T>
void forward(const Input& input, const Dimensions& d, Arrays<T>& arrays, Progress* progress) {
  arrays.reshape(input, d);
  std::size_t done = 0;
  for (const Stage stage : kStages) {
    ++done;
    if (!arrays.has(stage)) continue;
    check_cancel(progress);
    compute_stage<T>(stage, input, arrays, progress);
    check_finite<T>(stage, input, arrays);
    if (progress != nullptr) progress->fraction = static_cast<float>(done) / static_cast<float>(kStageCount);
  }
}

template void forward<float>(const Input&, const Dimensions&, Arrays<float>&, Progress*);
template void forward<double>(const Input&, const Dimensions&, Arrays<double>&, Progress*);
template void compute_stage<float>(Stage, const Input&, Arrays<float>&, Progress*);
template void compute_stage<double>(Stage, const Input&, Arrays<double>&, Progress*);
template void check_finite<float>(Stage, const Input&, const Arrays<float>&);
template void check_finite<double>(Stage, const Input&, const Arrays<double>&);

}  // namespace attn
