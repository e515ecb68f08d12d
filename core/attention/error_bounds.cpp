// How far float32 may be from the exact value, cell by cell.
//
// u = 2^-24 is the unit roundoff of float32 and γ(k) = k·u / (1 − k·u) bounds k roundings in a row
// (Higham, "Accuracy and Stability of Numerical Algorithms", §3.1). Each stage adds the rounding of its own
// operations, whatever their order, to the errors E of the stages it reads:
//
//   products   out = A·B, inner length m:   γ(m+1)·(|A|+E_A)(|B|+E_B)  +  (|A|+E_A)(|B|+E_B) − |A||B|
//   softmax    e = exp(t), t = s − max:     relative error  exp(E_s + E_max + u|t|) − 1  +  (8 + 4|t|)·u;
//                                           a share adds its own relative error, the weighted mean of all
//                                           others', and γ(n+1) for the sum and the division
//   the rest   one or a few roundings of the result, written where they stand
//
// exp() is allowed 4 + 2|t| units in the last place (a unit is 2u), which is what OpenGL's precision rules
// allow a shader; the CPU's is better than that. Where a number falls below the smallest normal float32 its
// relative error is lost, so every product and exponential may also be off by kTiny, the value of that
// number. Terms of second order are kept where they are cheap and are far below the rest where they are not.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "core/attention/compare.h"
#include "core/attention/ops.h"

namespace attn {
namespace {

constexpr double kUnit = 0x1p-24;
constexpr double kTiny = 0x1p-126;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Past this exp() leaves float32.
constexpr double kLargestExponent = 88.7;
/// A tanh built from one exponential and a division, absolute, in units of u.
constexpr double kTanhRoundings = 16.0;

double gamma(std::size_t k) {
  const double ku = static_cast<double>(k) * kUnit;
  return ku / (1.0 - ku);
}

/// ∞ − ∞ and 0 · ∞ in a bound mean that nothing is known.
double known(double bound) { return std::isnan(bound) ? kInfinity : bound; }

MatrixD magnitudes(MatrixView<const double> m) {
  MatrixD result(m.rows, m.columns);
  for (std::size_t i = 0; i < m.rows; ++i) {
    std::ranges::transform(m.row(i), result.row(i).begin(), [](double value) { return std::abs(value); });
  }
  return result;
}

MatrixD magnitudes(const SharedMatrix& m) {
  MatrixD result(m.rows(), m.columns());
  for (std::size_t i = 0; i < m.rows(); ++i) {
    std::ranges::transform(m.row(i), result.row(i).begin(),
                           [](float value) { return std::abs(static_cast<double>(value)); });
  }
  return result;
}

/// How a product reads its operands: A·B, A·Bᵀ or Aᵀ·B.
enum class Form { plain, second_transposed, first_transposed };

void product(Form form, const MatrixD& a, const MatrixD& b, MatrixView<double> out) {
  switch (form) {
    case Form::plain:
      return multiply<double>(view(a), view(b), out);
    case Form::second_transposed:
      return multiply_transposed<double>(view(a), view(b), out);
    case Form::first_transposed:
      return transposed_multiply<double>(view(a), view(b), out);
  }
}

/// The bound of a product from the magnitudes of its operands and their errors.
void product_bound(Form form, const MatrixD& a, MatrixView<const double> error_a, const MatrixD& b,
                   MatrixView<const double> error_b, MatrixView<double> out) {
  MatrixD a_most = a;
  MatrixD b_most = b;
  add_to<double>(error_a, view(a_most));
  add_to<double>(error_b, view(b_most));
  MatrixD exact(out.rows, out.columns);
  product(form, a, b, view(exact));
  product(form, a_most, b_most, out);
  const std::size_t inner = form == Form::first_transposed ? a.rows() : a.columns();
  const double rounding = gamma(inner + 1);
  for (std::size_t i = 0; i < out.rows; ++i) {
    for (std::size_t j = 0; j < out.columns; ++j) {
      out(i, j) = known(out(i, j) - exact(i, j) + rounding * out(i, j)) + static_cast<double>(inner) * kTiny;
    }
  }
}

/// Walks the stages in the order in which they are computed and leaves a bound for every cell.
class ErrorAnalysis {
 public:
  ErrorAnalysis(const Input& input, const Arrays<double>& exact)
      : input_(input), exact_(exact), d_(exact.dimensions()), bounds_(input, d_) {}

  Arrays<double> run() {
    for (const Stage stage : stages_of(input_)) bound(stage);
    return std::move(bounds_);
  }

 private:
  MatrixView<const double> value(Stage stage, std::size_t head) const { return exact_.head(stage, head); }
  MatrixView<const double> error(Stage stage, std::size_t head) const {
    return std::as_const(bounds_).head(stage, head);
  }

  /// Calls f(i, j, value of this stage) for every cell of a head and stores what it returns.
  template <class F>
  void each_cell(Stage stage, std::size_t head, const F& f) {
    const MatrixView<const double> values = value(stage, head);
    const MatrixView<double> out = bounds_.head(stage, head);
    for (std::size_t i = 0; i < out.rows; ++i) {
      for (std::size_t j = 0; j < out.columns; ++j) out(i, j) = f(i, j, values(i, j));
    }
  }

  void bound(Stage stage) {
    const StageInputs from = inputs_of(stage, input_);
    for (std::size_t h = 0; h < bounds_.shape(stage).heads; ++h) bound_head(stage, from, h);
  }

  void bound_head(Stage stage, const StageInputs& from, std::size_t h) {
    const Config& config = input_.config;
    switch (stage) {
      case Stage::x:
      case Stage::source_x:
        return each_cell(stage, h, [](auto, auto, double) { return 0.0; });
      case Stage::x_position:
      case Stage::source_position:
        return each_cell(stage, h, [&](std::size_t i, std::size_t j, double out) {
          const double position = sinusoidal_position(i, j, exact_.shape(stage).columns);
          return kUnit * (std::abs(position) + std::abs(out));
        });
      case Stage::q:
        return projection(stage, from[0], h, ParameterId::w_q, ParameterId::b_q);
      case Stage::k:
        return projection(stage, from[0], h, ParameterId::w_k, ParameterId::b_k);
      case Stage::v:
        return projection(stage, from[0], h, ParameterId::w_v, ParameterId::b_v);
      case Stage::q_rotated:
      case Stage::k_rotated:
        return rotation(stage, from[0], h);
      case Stage::scores:
        return raw_scores(from, h);
      case Stage::scaled: {
        const double factor = std::abs(score_factor(config, d_));
        return each_cell(stage, h, [&](std::size_t i, std::size_t j, double out) {
          return known(factor * error(from[0], h)(i, j)) + 2 * kUnit * std::abs(out) + kTiny;
        });
      }
      case Stage::biased:
        return each_cell(stage, h, [&](std::size_t i, std::size_t j, double out) {
          const double bias = out - value(from[0], h)(i, j);
          return error(from[0], h)(i, j) + kUnit * (std::abs(bias) + std::abs(out));
        });
      case Stage::masked:
        return each_cell(stage, h, [&](std::size_t i, std::size_t j, double out) {
          if (visible(config.mask, i, j)) return error(from[0], h)(i, j);
          return config.mask.hidden_value ? kUnit * std::abs(out) : 0.0;
        });
      case Stage::weights:
        return weights(from[0], h);
      case Stage::dropped:
        return each_cell(stage, h, [&](std::size_t i, std::size_t j, double out) {
          if (out == 0.0 && dropout_uniform(config.dropout->seed, h, i, j) < config.dropout->p) return 0.0;
          return error(from[0], h)(i, j) / (1 - config.dropout->p) + 3 * kUnit * std::abs(out);
        });
      case Stage::mixed:
        return product_bound(Form::plain, magnitudes(value(from[0], 0)), error(from[0], 0),
                             magnitudes(value(from[1], 0)), error(from[1], 0), bounds_.head(stage, 0));
      case Stage::head_outputs:
        if (config.attend_over == AttendOver::features) {
          return projection(stage, from[0], h, ParameterId::w_v, std::nullopt);
        }
        return product_bound(Form::plain, magnitudes(value(from[0], h)), error(from[0], h),
                             magnitudes(value(from[1], d_.kv_head(h))), error(from[1], d_.kv_head(h)),
                             bounds_.head(stage, h));
      case Stage::concat:
        return combined(from[0]);
      case Stage::output:
        return projection(stage, from[0], h, ParameterId::w_o, ParameterId::b_o);
    }
  }

  void projection(Stage stage, Stage from, std::size_t head, ParameterId w_id,
                  std::optional<ParameterId> b_id) {
    const auto& w = input_.parameters[w_id];
    const StageShape shape = bounds_.shape(stage);
    const std::size_t first = has_heads(stage) ? head * shape.columns : 0;
    const MatrixView<double> out = bounds_.head(stage, head);
    if (w) {
      const MatrixD all = magnitudes(*w);
      MatrixD columns(all.rows(), shape.columns);
      for (std::size_t t = 0; t < all.rows(); ++t) {
        std::ranges::copy(all.row(t).subspan(first, shape.columns), columns.row(t).begin());
      }
      const MatrixD none(columns.rows(), columns.columns());
      product_bound(Form::plain, magnitudes(value(from, 0)), error(from, 0), columns, view(none), out);
    } else {
      each_cell(stage, head,
                [&](std::size_t i, std::size_t j, double) { return error(from, 0)(i, first + j); });
    }
    if (!b_id || !input_.parameters[*b_id]) return;
    for (std::size_t i = 0; i < out.rows; ++i) {
      for (std::size_t j = 0; j < out.columns; ++j) out(i, j) += kUnit * std::abs(value(stage, head)(i, j));
    }
  }

  void rotation(Stage stage, Stage from, std::size_t head) {
    each_cell(stage, head, [&](std::size_t p, std::size_t c, double) {
      const std::size_t even = c - c % 2;
      const double angle = rotary_angle(p, c / 2, d_.d_k);
      const double for_even = std::abs(c % 2 == 0 ? std::cos(angle) : std::sin(angle));
      const double for_odd = std::abs(c % 2 == 0 ? std::sin(angle) : std::cos(angle));
      const auto values = value(from, head);
      const auto errors = error(from, head);
      const double terms = for_even * (std::abs(values(p, even)) + errors(p, even)) +
                           for_odd * (std::abs(values(p, even + 1)) + errors(p, even + 1));
      return for_even * errors(p, even) + for_odd * errors(p, even + 1) + gamma(3) * terms + 2 * kTiny;
    });
  }

  void raw_scores(const StageInputs& from, std::size_t head) {
    const std::size_t kv = d_.kv_head(head);
    const MatrixD q = magnitudes(value(from[0], head));
    const MatrixD k = magnitudes(value(from[1], kv));
    const auto q_error = error(from[0], head);
    const auto k_error = error(from[1], kv);
    const MatrixView<double> out = bounds_.head(Stage::scores, head);
    if (input_.config.attend_over == AttendOver::features) {
      return product_bound(Form::first_transposed, q, q_error, k, k_error, out);
    }
    switch (input_.config.score) {
      case Score::dot:
        return product_bound(Form::second_transposed, q, q_error, k, k_error, out);
      case Score::cosine: {
        MatrixD q_unit_error(q.rows(), q.columns());
        MatrixD k_unit_error(k.rows(), k.columns());
        const MatrixD q_unit = unit_rows(q, q_error, q_unit_error);
        const MatrixD k_unit = unit_rows(k, k_error, k_unit_error);
        return product_bound(Form::second_transposed, q_unit, view(std::as_const(q_unit_error)), k_unit,
                             view(std::as_const(k_unit_error)), out);
      }
      case Score::bilinear: {
        const MatrixD w = magnitudes(*input_.parameters[ParameterId::bilinear]);
        const MatrixD none(w.rows(), w.columns());
        MatrixD q_w(q.rows(), w.columns());
        MatrixD q_w_error(q.rows(), w.columns());
        product(Form::plain, q, w, view(q_w));
        product_bound(Form::plain, q, q_error, w, view(none), view(q_w_error));
        return product_bound(Form::second_transposed, q_w, view(std::as_const(q_w_error)), k, k_error, out);
      }
      case Score::additive:
        return additive(q, q_error, k, k_error, out);
    }
  }

  /// Magnitudes of rows divided by their length; `error_out` gets the error of each component.
  static MatrixD unit_rows(const MatrixD& m, MatrixView<const double> error, MatrixD& error_out) {
    MatrixD unit(m.rows(), m.columns());
    const double rounding = gamma(m.columns() + 5);
    for (std::size_t i = 0; i < m.rows(); ++i) {
      double length = 0;
      double length_error = 0;
      for (std::size_t t = 0; t < m.columns(); ++t) {
        length = std::hypot(length, m(i, t));
        length_error += error(i, t);
      }
      for (std::size_t t = 0; t < m.columns(); ++t) {
        if (length == 0 && length_error == 0) continue;  // an exact zero vector stays exactly zero
        if (length <= 2 * length_error) {
          error_out(i, t) = 2.0;  // the direction is not known at all
          continue;
        }
        unit(i, t) = m(i, t) / length;
        error_out(i, t) = (error(i, t) + unit(i, t) * length_error) / (length - length_error) +
                          rounding * unit(i, t) + kTiny;
      }
    }
    return unit;
  }

  void additive(const MatrixD& q, MatrixView<const double> q_error, const MatrixD& k,
                MatrixView<const double> k_error, MatrixView<double> out) {
    const MatrixD w_q = magnitudes(*input_.parameters[ParameterId::additive_w_q]);
    const MatrixD w_k = magnitudes(*input_.parameters[ParameterId::additive_w_k]);
    const MatrixD v = magnitudes(*input_.parameters[ParameterId::additive_v]);
    const MatrixD none(w_q.rows(), w_q.columns());
    MatrixD q_hidden(q.rows(), w_q.columns());
    MatrixD k_hidden(k.rows(), w_k.columns());
    MatrixD q_hidden_error = q_hidden;
    MatrixD k_hidden_error = k_hidden;
    product(Form::plain, q, w_q, view(q_hidden));
    product(Form::plain, k, w_k, view(k_hidden));
    product_bound(Form::plain, q, q_error, w_q, view(none), view(q_hidden_error));
    product_bound(Form::plain, k, k_error, w_k, view(none), view(k_hidden_error));
    for (std::size_t i = 0; i < out.rows; ++i) {
      for (std::size_t j = 0; j < out.columns; ++j) {
        double sum = 0;  // tanh is at most 1 and never steeper than 1
        for (std::size_t t = 0; t < v.columns(); ++t) {
          sum += v(0, t) *
                 (q_hidden_error(i, t) + k_hidden_error(j, t) + kUnit * (q_hidden(i, t) + k_hidden(j, t)) +
                  kTanhRoundings * kUnit + gamma(v.columns() + 1));
        }
        out(i, j) = known(sum);
      }
    }
  }

  void weights(Stage from, std::size_t head) {
    const Config& config = input_.config;
    const MatrixView<const double> scores = value(from, head);
    const MatrixView<const double> shares = value(Stage::weights, head);
    const MatrixView<const double> errors = error(from, head);
    const MatrixView<double> out = bounds_.head(Stage::weights, head);
    if (config.normalise == Normalise::none) {
      return each_cell(Stage::weights, head, [&](std::size_t i, std::size_t j, double) {
        return scores(i, j) == -kInfinity ? 0.0 : errors(i, j);
      });
    }
    const bool over_keys = config.softmax_axis == SoftmaxAxis::keys;
    const std::size_t lines = over_keys ? scores.rows : scores.columns;
    const std::size_t length = over_keys ? scores.columns : scores.rows;
    std::vector<double> relative(length);
    for (std::size_t line = 0; line < lines; ++line) {
      const auto at = [&](const auto& m, std::size_t k) -> auto& {
        return over_keys ? m(line, k) : m(k, line);
      };
      double maximum = -kInfinity;
      double largest_error = 0;
      for (std::size_t k = 0; k < length; ++k) {
        if (at(scores, k) == -kInfinity) continue;
        maximum = std::max(maximum, at(scores, k));
        largest_error = std::max(largest_error, at(errors, k));
      }
      const bool shifted = config.normalise == Normalise::softmax;
      double mean = 0;
      for (std::size_t k = 0; k < length; ++k) {
        relative[k] = 0;
        if (at(scores, k) == -kInfinity) continue;
        const double t = std::abs(shifted ? at(scores, k) - maximum : at(scores, k));
        const double shift = shifted ? at(errors, k) + largest_error + kUnit * t : at(errors, k);
        relative[k] = std::expm1(shift) + (8 + 4 * t) * kUnit;
        mean += at(shares, k) * relative[k];
      }
      // Without the maximum removed, float32 overflows or loses the whole sum where float64 does not: the
      // setting exists to show that, so such a line has no bound.
      const bool lost = !shifted && (maximum + std::log(static_cast<double>(length)) >= kLargestExponent ||
                                     maximum <= -kLargestExponent + 2);
      for (std::size_t k = 0; k < length; ++k) {
        if (at(scores, k) == -kInfinity) {
          at(out, k) = 0;
        } else if (lost) {
          at(out, k) = kInfinity;
        } else {
          const double tiny = shifted ? kTiny : kTiny / std::min(1.0, std::exp(maximum));
          at(out, k) =
              known(at(shares, k) * (relative[k] + mean * (1 + relative[k]) + gamma(length + 1))) + tiny;
        }
      }
    }
  }

  void combined(Stage from) {
    if (input_.config.combine == Combine::concat) {
      return each_cell(Stage::concat, 0, [&](std::size_t i, std::size_t c, double) {
        return error(from, c / d_.d_v)(i, c % d_.d_v);
      });
    }
    const auto heads = static_cast<double>(d_.n_heads);
    each_cell(Stage::concat, 0, [&](std::size_t i, std::size_t c, double) {
      double sum = 0;
      for (std::size_t h = 0; h < d_.n_heads; ++h) {
        sum += error(from, h)(i, c) + gamma(d_.n_heads + 1) * std::abs(value(from, h)(i, c));
      }
      return sum / heads;
    });
  }

  const Input& input_;
  const Arrays<double>& exact_;
  Dimensions d_;
  Arrays<double> bounds_;
};

}  // namespace

Arrays<double> error_bounds(const Input& input, const Arrays<double>& exact) {
  return ErrorAnalysis(input, exact).run();
}

}  // namespace attn
