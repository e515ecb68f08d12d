#include "core/attention/attention.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/attention/fused.h"
#include "core/attention/ops.h"
#include "core/attention/parameter_products.h"
#include "core/attention/product_operations.h"
#include "core/kernel/kernels.h"

namespace attn {
namespace {

void check_cancel(const Progress* progress) {
  if (progress != nullptr && progress->cancel.load(std::memory_order_relaxed)) throw Cancelled();
}

template <class T>
void copy(MatrixView<const T> in, MatrixView<T> out) {
  for (std::size_t i = 0; i < in.rows; ++i) std::ranges::copy(in.row(i), out.row(i).begin());
}

/// The rows of `in` that begin with `first` and are as many as those of `out`.
template <class T>
void copy_rows(const SharedMatrix& in, std::size_t first, MatrixView<T> out) {
  for (std::size_t i = 0; i < out.rows; ++i) {
    std::ranges::transform(in.row(first + i), out.row(i).begin(),
                           [](float value) { return static_cast<T>(value); });
  }
}

template <class T>
void add_positions(MatrixView<const T> in, MatrixView<T> out, std::size_t first) {
  for (std::size_t i = 0; i < in.rows; ++i) {
    for (std::size_t c = 0; c < in.columns; ++c) {
      out(i, c) = in(i, c) + static_cast<T>(sinusoidal_position(first + i, c, in.columns));
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

/// Heads side by side, or their average, in the rows of `cells`.
template <class T>
void combine_heads(const Config& config, const CellRect& cells, Arrays<T>& arrays) {
  const Arrays<T>& before = arrays;
  const Dimensions& d = arrays.dimensions();
  const MatrixView<T> out = rows_of(arrays.head(Stage::concat, 0), cells);
  const auto head = [&](std::size_t h) { return rows_of(before.head(Stage::head_outputs, h), cells); };
  if (config.combine == Combine::concat) {
    for (std::size_t h = 0; h < d.n_heads; ++h) copy<T>(head(h), out.block(0, h * d.d_v, out.rows, d.d_v));
    return;
  }
  for (std::size_t i = 0; i < out.rows; ++i) {
    for (std::size_t c = 0; c < out.columns; ++c) {
      T sum = 0;
      for (std::size_t h = 0; h < d.n_heads; ++h) sum += head(h)(i, c);
      out(i, c) = sum / static_cast<T>(d.n_heads);
    }
  }
}

/// Whether it is certain, by a look at the row as a whole, that every number of it is one of float32.
template <class T>
bool stays_in_float32(std::span<const T> row) {
  if constexpr (std::is_same_v<T, float>) {
    if (const kernel::Table* table = kernel::table())
      return table->largest(row.data(), row.size()) <= std::numeric_limits<float>::max();
  }
  return false;
}

/// Writes down how long each stage takes, where somebody wants to know.
class StageWatch {
 public:
  explicit StageWatch(Progress* progress)
      : progress_(progress != nullptr && progress->measures ? progress : nullptr) {
    if (progress_ != nullptr) last_ = Clock::now();
  }
  bool runs() const { return progress_ != nullptr; }
  /// What has passed since the last call belongs to these stages.
  void took(std::vector<Stage> stages, double operations) {
    const Clock::time_point now = Clock::now();
    progress_->times.push_back(
        {std::move(stages), std::chrono::duration<double>(now - last_).count(), operations});
    last_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Progress* progress_;
  Clock::time_point last_;
};

/// Everything of a stage that every head has.
CellRect all_cells(const StageShape& shape) { return {0, 0, shape.rows, shape.columns}; }

}  // namespace

template <class T>
void compute_cells(Stage stage, const Input& input, std::span<const CellRect> cells, Arrays<T>& arrays,
                   Progress* progress) {
  const Config& config = input.config;
  const Parameters& parameters = input.parameters;
  const Dimensions& d = arrays.dimensions();
  const bool features = config.attend_over == AttendOver::features;
  const StageInputs from = inputs_of(stage, input);
  const Arrays<T>& before = arrays;  // stages that are read, const: a stage writes only itself

  const auto each = [&](const auto& compute) {
    for (std::size_t h = 0; h < arrays.shape(stage).heads; ++h) {
      check_cancel(progress);
      for (const CellRect& part : cells) compute(h, part);
    }
  };
  /// For the stages whose every cell comes from the same cell of the stage before.
  const auto each_block = [&](const auto& compute) {
    each([&](std::size_t h, const CellRect& part) {
      compute(h, Place{part.row, part.column}, cells_of(before.head(from[0], h), part),
              cells_of(arrays.head(stage, h), part));
    });
  };
  const auto project_from = [&](ParameterId w, std::optional<ParameterId> b) {
    static const std::optional<SharedMatrix> kNoBias;
    project<T>(before.head(from[0], 0), parameters[w], b ? parameters[*b] : kNoBias, stage, cells, arrays);
  };
  using In = MatrixView<const T>;
  using Out = MatrixView<T>;

  switch (stage) {
    case Stage::x:
    case Stage::source_x: {
      const SharedMatrix& x = stage == Stage::x ? input.x : input.source->x;
      return each([&](std::size_t h, const CellRect& part) {
        copy_rows<T>(x, part.row, rows_of(arrays.head(stage, h), part));
      });
    }
    case Stage::x_position:
    case Stage::source_position:
      return each([&](std::size_t h, const CellRect& part) {
        add_positions<T>(rows_of(before.head(from[0], h), part), rows_of(arrays.head(stage, h), part),
                         part.row);
      });
    case Stage::q:
      return project_from(ParameterId::w_q, ParameterId::b_q);
    case Stage::k:
      return project_from(ParameterId::w_k, ParameterId::b_k);
    case Stage::v:
      return project_from(ParameterId::w_v, ParameterId::b_v);
    case Stage::q_rotated:
    case Stage::k_rotated:
      return each([&](std::size_t h, const CellRect& part) {
        rotate_pairs<T>(rows_of(before.head(from[0], h), part), rows_of(arrays.head(stage, h), part),
                        part.row);
      });
    case Stage::scores:
      return each([&](std::size_t h, const CellRect& part) {
        const In q = before.head(from[0], h);
        const In k = before.head(from[1], d.kv_head(h));
        const Out out = cells_of(arrays.head(stage, h), part);
        if (features) {
          transposed_multiply<T>(q.block(0, part.row, q.rows, part.rows),
                                 k.block(0, part.column, k.rows, part.columns), out);
        } else {
          raw_scores<T>(input, q.block(part.row, 0, part.rows, q.columns),
                        k.block(part.column, 0, part.columns, k.columns), out);
        }
      });
    case Stage::scaled: {
      const T factor = static_cast<T>(score_factor(config, d));
      return each_block([&](std::size_t, const Place&, In in, Out out) { scale_scores<T>(in, factor, out); });
    }
    case Stage::biased:
      return each_block([&](std::size_t h, const Place& at, In in, Out out) {
        add_alibi<T>(in, alibi_slope(h, d.n_heads), out, at);
      });
    case Stage::masked:
      return each_block(
          [&](std::size_t, const Place& at, In in, Out out) { apply_mask<T>(in, config.mask, out, at); });
    case Stage::weights:
      return each_block([&](std::size_t, const Place&, In in, Out out) { normalise<T>(config, in, out); });
    case Stage::dropped:
      return each_block([&](std::size_t h, const Place& at, In in, Out out) {
        apply_dropout<T>(in, *config.dropout, h, out, at);
      });
    case Stage::mixed:
      return each([&](std::size_t, const CellRect& part) {
        multiply<T>(rows_of(before.head(from[0], 0), part), before.head(from[1], 0),
                    rows_of(arrays.head(stage, 0), part));
      });
    case Stage::head_outputs:
      if (features) return project_from(ParameterId::w_v, std::nullopt);
      return each([&](std::size_t h, const CellRect& part) {
        multiply<T>(rows_of(before.head(from[0], h), part), before.head(from[1], d.kv_head(h)),
                    rows_of(arrays.head(stage, h), part));
      });
    case Stage::concat:
      return each([&](std::size_t, const CellRect& part) { combine_heads<T>(config, part, arrays); });
    case Stage::output:
      return project_from(ParameterId::w_o, ParameterId::b_o);
  }
}

template <class T>
void compute_stage(Stage stage, const Input& input, Arrays<T>& arrays, Progress* progress) {
  const CellRect all = all_cells(arrays.shape(stage));
  compute_cells<T>(stage, input, {&all, 1}, arrays, progress);
}

template <class T>
void check_finite(Stage stage, const Input& input, std::span<const CellRect> cells, const Arrays<T>& arrays) {
  if (input.config.normalise == Normalise::softmax_without_max) return;
  if (stage == Stage::masked || stage == Stage::weights || stage == Stage::dropped) return;
  constexpr T kLargest = static_cast<T>(std::numeric_limits<float>::max());
  for (std::size_t h = 0; h < arrays.shape(stage).heads; ++h) {
    for (const CellRect& part : cells) {
      const MatrixView<const T> values = cells_of(arrays.head(stage, h), part);
      for (std::size_t i = 0; i < values.rows; ++i) {
        const std::span<const T> row = values.row(i);
        if (stays_in_float32(row)) continue;
        const auto past = std::ranges::find_if(row, [](T value) { return !(std::abs(value) <= kLargest); });
        if (past == row.end()) continue;
        throw RunError(fmt::format("{}[{}][{},{}]: past the range of float32 (3.4e38)", name(stage), h,
                                   part.row + i, part.column + static_cast<std::size_t>(past - row.begin())));
      }
    }
  }
}

template <class T>
void check_finite(Stage stage, const Input& input, const Arrays<T>& arrays) {
  const CellRect all = all_cells(arrays.shape(stage));
  check_finite<T>(stage, input, {&all, 1}, arrays);
}

template <class T>
void compute_stages(const Input& input, Arrays<T>& arrays, const CellsOfStage& cells_of, Progress* progress) {
  bool attended = false;  // the stages from the scores to the head outputs are done
  std::size_t done = 0;
  StageWatch watch(progress);
  std::vector<Stage> at_once;
  double operations_at_once = 0.0;
  for (const Stage stage : kStages) {
    ++done;
    if (!arrays.has(stage)) continue;
    check_cancel(progress);
    if constexpr (std::is_same_v<T, float>) {
      if (stage == Stage::scores && attends_at_once(input, arrays.dimensions())) {
        attended = attend(input, cells_of(Stage::weights), arrays, progress);
      }
    }
    const std::span<const CellRect> cells = cells_of(stage);
    const bool is_done = attended && (is_score_like(stage) || stage == Stage::head_outputs);
    if (!is_done) compute_cells<T>(stage, input, cells, arrays, progress);
    if (!is_done || stage == Stage::head_outputs) check_finite<T>(stage, input, cells, arrays);
    if (progress != nullptr && !is_done) {
      progress->fraction = static_cast<float>(done) / static_cast<float>(kStageCount);
    }
    if (!watch.runs()) continue;
    if (is_done) {
      // The scores of whole rows, as the weights were asked for.
      at_once.push_back(stage);
      operations_at_once += product_operations(
          stage, input, arrays.dimensions(), stage == Stage::scores ? cells_of(Stage::weights) : cells, true);
      if (stage == Stage::head_outputs) watch.took(std::move(at_once), operations_at_once);
    } else {
      watch.took({stage}, product_operations(stage, input, arrays.dimensions(), cells, false));
    }
  }
}

template <class T>
void forward(const Input& input, const Dimensions& d, Arrays<T>& arrays, Progress* progress) {
  arrays.reshape(input, d);
  CellRect all;
  compute_stages<T>(
      input, arrays,
      [&](Stage stage) {
        all = all_cells(arrays.shape(stage));
        return std::span<const CellRect>(&all, 1);
      },
      progress);
}

template void compute_stages<float>(const Input&, Arrays<float>&, const CellsOfStage&, Progress*);
template void compute_stages<double>(const Input&, Arrays<double>&, const CellsOfStage&, Progress*);
template void forward<float>(const Input&, const Dimensions&, Arrays<float>&, Progress*);
template void forward<double>(const Input&, const Dimensions&, Arrays<double>&, Progress*);
template void compute_cells<float>(Stage, const Input&, std::span<const CellRect>, Arrays<float>&, Progress*);
template void compute_stage<float>(Stage, const Input&, Arrays<float>&, Progress*);
template void compute_cells<double>(Stage, const Input&, std::span<const CellRect>, Arrays<double>&,
                                    Progress*);
template void compute_stage<double>(Stage, const Input&, Arrays<double>&, Progress*);
template void check_finite<float>(Stage, const Input&, std::span<const CellRect>, const Arrays<float>&);
template void check_finite<float>(Stage, const Input&, const Arrays<float>&);
template void check_finite<double>(Stage, const Input&, std::span<const CellRect>, const Arrays<double>&);
template void check_finite<double>(Stage, const Input&, const Arrays<double>&);

}  // namespace attn
