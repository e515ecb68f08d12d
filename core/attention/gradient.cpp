#include "core/attention/gradient.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "core/attention/gradient_scores.h"
#include "core/attention/gradient_softmax.h"
#include "core/attention/ops.h"

namespace attn {
namespace {

template <class T>
BasicMatrix<T> dense(const SharedMatrix& m) {
  BasicMatrix<T> result(m.rows(), m.columns());
  for (std::size_t i = 0; i < m.rows(); ++i) {
    for (std::size_t j = 0; j < m.columns(); ++j) result(i, j) = static_cast<T>(m(i, j));
  }
  return result;
}

template <class T>
BasicMatrix<T> column_sums(MatrixView<const T> m) {
  BasicMatrix<T> sums(1, m.columns);
  for (std::size_t i = 0; i < m.rows; ++i) {
    for (std::size_t j = 0; j < m.columns; ++j) sums(0, j) += m(i, j);
  }
  return sums;
}

/// Turns the gradient of every rotated pair back by its angle; a rotation's transpose is its inverse.
template <class T>
void rotate_pairs_back(MatrixView<T> gradient) {
  for (std::size_t p = 0; p < gradient.rows; ++p) {
    for (std::size_t c = 0; 2 * c < gradient.columns; ++c) {
      const double angle = rotary_angle(p, c, gradient.columns);
      const T cosine = static_cast<T>(std::cos(angle));
      const T sine = static_cast<T>(std::sin(angle));
      const T a = gradient(p, 2 * c);
      const T b = gradient(p, 2 * c + 1);
      gradient(p, 2 * c) = a * cosine + b * sine;
      gradient(p, 2 * c + 1) = b * cosine - a * sine;
    }
  }
}

void check_cell_seed(const CellRef& cell, const StageShape& shape) {
  const bool has_way_back = cell.stage == Stage::scores || cell.stage == Stage::scaled ||
                            cell.stage == Stage::head_outputs || cell.stage == Stage::output;
  if (!has_way_back) {
    throw std::invalid_argument(
        fmt::format("gradient seed: expected a cell of scores, scaled, head_outputs or output, found {}",
                    name(cell.stage)));
  }
  if (cell.head < shape.heads && cell.row < shape.rows && cell.column < shape.columns) return;
  throw std::invalid_argument(
      fmt::format("gradient seed: expected a cell of {}, {} × {} × {}, found [{}][{},{}]", name(cell.stage),
                  shape.heads, shape.rows, shape.columns, cell.head, cell.row, cell.column));
}

void check_seed(const GradientSeed& seed, const StageShape& output, const StageShape& weights) {
  if (seed.output && (seed.output->rows() != output.rows || seed.output->columns() != output.columns)) {
    throw std::invalid_argument(fmt::format("gradient seed: expected {} × {}, as the output, found {} × {}",
                                            output.rows, output.columns, seed.output->rows(),
                                            seed.output->columns()));
  }
  for (const WeightSeed& cell : seed.weights) {
    if (cell.head < weights.heads && cell.row < weights.rows && cell.column < weights.columns) continue;
    throw std::invalid_argument(
        fmt::format("gradient seed: expected a cell of weights, {} × {} × {}, found [{}][{},{}]",
                    weights.heads, weights.rows, weights.columns, cell.head, cell.row, cell.column));
  }
}

/// The score's parameters as numbers of type T; those that the score does not have stay empty.
template <class T>
ScoreParameters<T> score_parameters(const Input& input) {
  ScoreParameters<T> result;
  const Parameters& parameters = input.parameters;
  if (input.config.score == Score::bilinear) {
    result.bilinear = dense<T>(*parameters[ParameterId::bilinear]);
  } else if (input.config.score == Score::additive) {
    result.additive_w_q = dense<T>(*parameters[ParameterId::additive_w_q]);
    result.additive_w_k = dense<T>(*parameters[ParameterId::additive_w_k]);
    result.additive_v = dense<T>(*parameters[ParameterId::additive_v]);
  }
  return result;
}

template <class T>
ScoreParameters<T> zeros_like(const ScoreParameters<T>& p) {
  const auto zeros = [](const BasicMatrix<T>& m) { return BasicMatrix<T>(m.rows(), m.columns()); };
  return {zeros(p.bilinear), zeros(p.additive_w_q), zeros(p.additive_w_k), zeros(p.additive_v)};
}

/// One backward pass: the stages in reverse, each step turning the gradient of what a stage gave into
/// the gradient of what it was given.
template <class T>
class BackwardPass {
 public:
  BackwardPass(const Input& input, const Arrays<T>& arrays, const GradientSeed& seed,
               const GradientWish& wish)
      : input_(input),
        config_(input.config),
        arrays_(arrays),
        d_(arrays.dimensions()),
        seed_(seed),
        wish_(wish) {
    result_.x = BasicMatrix<T>(d_.n_queries, d_.d_model);
    if (input.source) result_.source_x = BasicMatrix<T>(d_.n_keys, d_.d_source);
  }

  Gradients<T> run() {
    output_to_head_outputs();
    if (config_.attend_over == AttendOver::features) {
      head_outputs_to_x_over_features();
    } else {
      head_outputs_to_inputs();
    }
    return std::move(result_);
  }

 private:
  void set(ParameterId id, BasicMatrix<T> gradient) {
    result_.parameters[static_cast<std::size_t>(id)] = std::move(gradient);
  }

  /// Back through out = in · W: sets the gradient of W, adds that of `in`.
  void product_backward(MatrixView<const T> in, ParameterId w, MatrixView<const T> grad_out,
                        MatrixView<T> grad_in) {
    if (wish_.parameters[static_cast<std::size_t>(w)]) {
      BasicMatrix<T> grad_w(in.columns, grad_out.columns);
      transposed_multiply<T>(in, grad_out, view(grad_w));
      set(w, std::move(grad_w));
    }
    if (!input_.parameters[w]) return add_to<T>(grad_out, grad_in);  // the identity
    const BasicMatrix<T> parameter = dense<T>(*input_.parameters[w]);
    BasicMatrix<T> product(in.rows, in.columns);
    multiply_transposed<T>(grad_out, view(parameter), view(product));
    add_to<T>(view(product), grad_in);
  }

  /// product_backward() of what keys and values are made from; of a source the rows that are wished for.
  void keys_backward(ParameterId w, MatrixView<const T> grad_out, MatrixView<T> grad_in) {
    const MatrixView<const T> in = key_side();
    if (!input_.source || !wish_.source_row) return product_backward(in, w, grad_out, grad_in);
    if (wish_.parameters[static_cast<std::size_t>(w)]) {
      BasicMatrix<T> grad_w(in.columns, grad_out.columns);
      transposed_multiply<T>(in, grad_out, view(grad_w));
      set(w, std::move(grad_w));
    }
    if (*wish_.source_row >= in.rows) return;
    const auto row = [&](auto m) { return m.block(*wish_.source_row, 0, 1, m.columns); };
    if (!input_.parameters[w]) return add_to<T>(row(grad_out), row(grad_in));
    const BasicMatrix<T> parameter = dense<T>(*input_.parameters[w]);
    BasicMatrix<T> product(1, in.columns);
    multiply_transposed<T>(row(grad_out), view(parameter), view(product));
    add_to<T>(view(product), row(grad_in));
  }

  void bias_backward(ParameterId b, MatrixView<const T> grad_out) {
    if (input_.parameters[b]) set(b, column_sums<T>(grad_out));
  }

  void output_to_head_outputs() {
    BasicMatrix<T> grad_output(d_.n_queries, d_.d_out);
    if (seed_.output) {
      for (std::size_t i = 0; i < grad_output.rows(); ++i) {
        std::ranges::copy(seed_.output->row(i), grad_output.row(i).begin());
      }
    }
    add_seeds(Stage::output, 0, grad_output);
    BasicMatrix<T> grad_concat(d_.n_queries, d_.d_concat);
    product_backward(arrays_.head(Stage::concat, 0), ParameterId::w_o, view(grad_output), view(grad_concat));
    bias_backward(ParameterId::b_o, view(grad_output));

    const bool mean = config_.combine == Combine::mean;
    const T share = mean ? T{1} / static_cast<T>(d_.n_heads) : T{1};
    result_.head_outputs.reserve(d_.n_heads);
    for (std::size_t h = 0; h < d_.n_heads; ++h) {
      BasicMatrix<T>& gradient = result_.head_outputs.emplace_back(d_.n_queries, d_.d_v);
      const std::size_t first = mean ? 0 : h * d_.d_v;
      for (std::size_t i = 0; i < d_.n_queries; ++i) {
        for (std::size_t c = 0; c < d_.d_v; ++c) gradient(i, c) = share * grad_concat(i, first + c);
      }
      add_seeds(Stage::head_outputs, h, gradient);
    }
  }

  /// Adds the seeds of one head to the gradient of its weights.
  void add_weight_seeds(std::size_t h, BasicMatrix<T>& gradient) const {
    for (const WeightSeed& cell : seed_.weights) {
      if (cell.head == h) gradient(cell.row, cell.column) += static_cast<T>(cell.gradient);
    }
  }

  void add_seeds(Stage stage, std::size_t h, BasicMatrix<T>& gradient) const {
    for (const CellSeed& seed : seed_.cells) {
      if (seed.cell.stage == stage && seed.cell.head == h)
        gradient(seed.cell.row, seed.cell.column) += static_cast<T>(seed.gradient);
    }
  }

  /// From the weights of the next head, whose gradient is given, to its raw scores; keeps all of them.
  const BasicMatrix<T>& weights_to_scores(BasicMatrix<T> grad_weights) {
    const std::size_t h = result_.weights.size();
    BasicMatrix<T> gradient(grad_weights.rows(), grad_weights.columns());
    softmax_backward<T>(config_, arrays_.head(Stage::weights, h), view(grad_weights), view(gradient));
    result_.weights.push_back(std::move(grad_weights));
    // Masked, biased and scaled differ by constants and by cells that pass nothing: one gradient for all.
    add_seeds(Stage::scaled, h, gradient);
    result_.scaled.push_back(gradient);
    const T factor = static_cast<T>(score_factor(config_, d_));
    for (std::size_t i = 0; i < gradient.rows(); ++i) {
      for (T& value : gradient.row(i)) value *= factor;
    }
    add_seeds(Stage::scores, h, gradient);
    return result_.scores.emplace_back(std::move(gradient));
  }

  /// x, or x with positions added: what the projections read.
  MatrixView<const T> query_side() const {
    return arrays_.head(arrays_.has(Stage::x_position) ? Stage::x_position : Stage::x, 0);
  }
  MatrixView<const T> key_side() const {
    if (!input_.source) return query_side();
    return arrays_.head(arrays_.has(Stage::source_position) ? Stage::source_position : Stage::source_x, 0);
  }

  void head_outputs_to_inputs() {
    // Heads side by side, as the projections made them.
    BasicMatrix<T> grad_q(d_.n_queries, d_.n_heads * d_.d_k);
    BasicMatrix<T> grad_k(d_.n_keys, d_.n_kv_heads * d_.d_k);
    BasicMatrix<T> grad_v(d_.n_keys, d_.n_kv_heads * d_.d_v);
    heads_backward(view(grad_q), view(grad_k), view(grad_v));

    // Positions were added to x: their gradient passes as it is.
    const MatrixView<T> grad_keys = view(result_.source_x ? *result_.source_x : result_.x);
    product_backward(query_side(), ParameterId::w_q, view(grad_q), view(result_.x));
    keys_backward(ParameterId::w_k, view(grad_k), grad_keys);
    keys_backward(ParameterId::w_v, view(grad_v), grad_keys);
    bias_backward(ParameterId::b_q, view(grad_q));
    bias_backward(ParameterId::b_k, view(grad_k));
    bias_backward(ParameterId::b_v, view(grad_v));
  }

  /// From the head outputs to q, k and v, whose gradients are added to; [tokens, heads · width].
  void heads_backward(MatrixView<T> grad_q, MatrixView<T> grad_k, MatrixView<T> grad_v) {
    const bool rope = arrays_.has(Stage::q_rotated);
    const Stage used_weights = arrays_.has(Stage::dropped) ? Stage::dropped : Stage::weights;
    const ScoreParameters<T> parameters = score_parameters<T>(input_);
    ScoreParameters<T> grad_parameters = zeros_like(parameters);
    BasicMatrix<T> grad_v_head(d_.n_keys, d_.d_v);
    reserve(d_.n_heads);
    for (std::size_t h = 0; h < d_.n_heads; ++h) {
      const std::size_t kv = d_.kv_head(h);
      const MatrixView<const T> grad_head = view(std::as_const(result_.head_outputs[h]));

      // head output = used weights · v
      transposed_multiply<T>(arrays_.head(used_weights, h), grad_head, view(grad_v_head));
      add_to<T>(view(grad_v_head), grad_v.block(0, kv * d_.d_v, d_.n_keys, d_.d_v));
      BasicMatrix<T> grad_weights(d_.n_queries, d_.n_keys);
      multiply_transposed<T>(grad_head, arrays_.head(Stage::v, kv), view(grad_weights));
      if (used_weights == Stage::dropped) {
        // Dropout multiplies every weight by a constant, so its way back is its way forward.
        apply_dropout<T>(view(grad_weights), *config_.dropout, h, view(grad_weights));
      }
      add_weight_seeds(h, grad_weights);

      const BasicMatrix<T>& grad_scores = weights_to_scores(std::move(grad_weights));
      const ScoreBackward<T> head = {arrays_.head(rope ? Stage::q_rotated : Stage::q, h),
                                     arrays_.head(rope ? Stage::k_rotated : Stage::k, kv), view(grad_scores),
                                     grad_q.block(0, h * d_.d_k, d_.n_queries, d_.d_k),
                                     grad_k.block(0, kv * d_.d_k, d_.n_keys, d_.d_k)};
      scores_backward(config_.score, parameters, head, grad_parameters);
      if (rope) rotate_pairs_back(head.grad_q);
    }
    for (std::size_t kv = 0; rope && kv < d_.n_kv_heads; ++kv) {
      rotate_pairs_back(grad_k.block(0, kv * d_.d_k, d_.n_keys, d_.d_k));
    }
    keep_score_parameters(std::move(grad_parameters));
  }

  void keep_score_parameters(ScoreParameters<T> gradients) {
    if (config_.score == Score::bilinear) {
      set(ParameterId::bilinear, std::move(gradients.bilinear));
    } else if (config_.score == Score::additive) {
      set(ParameterId::additive_w_q, std::move(gradients.additive_w_q));
      set(ParameterId::additive_w_k, std::move(gradients.additive_w_k));
      set(ParameterId::additive_v, std::move(gradients.additive_v));
    }
  }

  /// attend_over "features": scores = qᵀ k, mixed = x · α, head output = mixed · W_v.
  void head_outputs_to_x_over_features() {
    const MatrixView<const T> x = arrays_.head(Stage::x, 0);
    BasicMatrix<T> grad_mixed(d_.n_queries, d_.d_model);
    product_backward(arrays_.head(Stage::mixed, 0), ParameterId::w_v, view(result_.head_outputs[0]),
                     view(grad_mixed));
    BasicMatrix<T> grad_weights(d_.d_model, d_.d_model);
    transposed_multiply<T>(x, view(grad_mixed), view(grad_weights));
    multiply_transposed<T>(view(grad_mixed), arrays_.head(Stage::weights, 0), view(result_.x));
    add_weight_seeds(0, grad_weights);

    reserve(1);
    const BasicMatrix<T>& grad_scores = weights_to_scores(std::move(grad_weights));
    BasicMatrix<T> grad_q(d_.n_queries, d_.d_k);
    BasicMatrix<T> grad_k(d_.n_queries, d_.d_k);
    multiply_transposed<T>(arrays_.head(Stage::k, 0), view(grad_scores), view(grad_q));
    multiply<T>(arrays_.head(Stage::q, 0), view(grad_scores), view(grad_k));
    product_backward(x, ParameterId::w_q, view(grad_q), view(result_.x));
    product_backward(x, ParameterId::w_k, view(grad_k), view(result_.x));
    bias_backward(ParameterId::b_q, view(grad_q));
    bias_backward(ParameterId::b_k, view(grad_k));
  }

  void reserve(std::size_t heads) {
    result_.weights.reserve(heads);
    result_.scaled.reserve(heads);
    result_.scores.reserve(heads);
  }

  const Input& input_;
  const Config& config_;
  const Arrays<T>& arrays_;
  const Dimensions& d_;
  const GradientSeed& seed_;
  const GradientWish& wish_;
  Gradients<T> result_;
};

}  // namespace

GradientSeed GradientSeed::ones(const Dimensions& d) {
  return {.output = Matrix(d.n_queries, d.d_out, 1.0F), .weights = {}, .cells = {}};
}

template <class T>
Gradients<T> backward(const Input& input, const Arrays<T>& arrays, const GradientSeed& seed,
                      const GradientWish& wish) {
  check_seed(seed, arrays.shape(Stage::output), arrays.shape(Stage::weights));
  for (const CellSeed& cell : seed.cells) check_cell_seed(cell.cell, arrays.shape(cell.cell.stage));
  return BackwardPass<T>(input, arrays, seed, wish).run();
}

template Gradients<float> backward<float>(const Input&, const Arrays<float>&, const GradientSeed&,
                                          const GradientWish&);
template Gradients<double> backward<double>(const Input&, const Arrays<double>&, const GradientSeed&,
                                            const GradientWish&);

}  // namespace attn
