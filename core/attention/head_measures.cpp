#include "core/attention/head_measures.h"

#include <algorithm>
#include <cmath>

namespace attn {
namespace {

constexpr std::size_t at(HeadMeasure measure) { return static_cast<std::size_t>(measure); }

/// Σ term(j) over [0, count) in four sums that need not wait for each other.
template <class Term>
double sum_of(std::size_t count, const Term& term) {
  std::array<double, 4> sums{};
  std::size_t j = 0;
  for (; j + sums.size() <= count; j += sums.size()) {
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += term(j + k);
  }
  for (; j < count; ++j) sums[0] += term(j);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/// −Σ α·log₂ α over the positive numbers. Single precision is enough for what is shown: a logarithm's error
/// of 1e-7 in each term, weighted by shares that sum to 1.
double entropy_of(std::span<const float> weights) {
  return 0.0 - sum_of(weights.size(), [&](std::size_t j) {
           return weights[j] > 0.0f ? static_cast<double>(weights[j] * std::log2(weights[j])) : 0.0;
         });
}

/// Σ α·|i − j| in two runs without a comparison inside.
double distance_of(std::size_t i, std::span<const float> weights) {
  const std::size_t middle = std::min(i, weights.size());
  const double before = sum_of(
      middle, [&](std::size_t j) { return static_cast<double>(weights[j]) * static_cast<double>(i - j); });
  return before + sum_of(weights.size() - middle, [&](std::size_t k) {
           const std::size_t j = middle + k;
           return static_cast<double>(weights[j]) * static_cast<double>(j - i);
         });
}

}  // namespace

std::string_view name(HeadMeasure measure) {
  static constexpr std::array<std::string_view, kHeadMeasureCount> kNames = {"entropy", "distance", "self",
                                                                             "previous", "first"};
  return kNames[at(measure)];
}

bool has_measure(HeadMeasure measure, const Input& input) {
  const Config& config = input.config;
  if (config.normalise == Normalise::none) return false;
  if (measure == HeadMeasure::entropy) return true;
  if (config.attend_over == AttendOver::features) return false;
  if (measure == HeadMeasure::first) return config.softmax_axis == SoftmaxAxis::keys;
  return !input.source.has_value();
}

HeadMeasurer::HeadMeasurer(const Input& input, std::size_t rows, std::size_t columns)
    : by_columns_(input.config.softmax_axis == SoftmaxAxis::queries), rows_(rows) {
  for (const HeadMeasure measure : kHeadMeasures) wanted_[at(measure)] = has_measure(measure, input);
  if (by_columns_) seen_columns_.assign(columns, 0);
}

void HeadMeasurer::add_row(std::size_t i, std::span<const float> weights) {
  const double total = sum_of(weights.size(), [&](std::size_t j) { return static_cast<double>(weights[j]); });
  if (!std::isfinite(total)) finite_ = false;
  if (by_columns_) {
    for (std::size_t j = 0; j < weights.size(); ++j) {
      if (weights[j] != 0.0f) seen_columns_[j] = 1;
    }
  } else if (total > 0.0) {
    ++lines_;
    if (i > 0) ++lines_after_another_;
  }
  const auto add = [&](HeadMeasure measure, double value) {
    if (wanted_[at(measure)]) sums_[at(measure)] += value;
  };
  const auto share_of = [&](std::size_t j) {
    return j < weights.size() ? static_cast<double>(weights[j]) : 0.0;
  };
  if (wanted_[at(HeadMeasure::entropy)]) add(HeadMeasure::entropy, entropy_of(weights));
  if (wanted_[at(HeadMeasure::distance)]) add(HeadMeasure::distance, distance_of(i, weights));
  add(HeadMeasure::self, share_of(i));
  if (i > 0) add(HeadMeasure::previous, share_of(i - 1));
  add(HeadMeasure::first, share_of(0));
}

HeadMeasures HeadMeasurer::result() const {
  std::size_t lines = lines_;
  std::size_t after_another = lines_after_another_;
  if (by_columns_) {
    // A column answers its next token as the one before it; the last column has no next token.
    lines = static_cast<std::size_t>(std::ranges::count(seen_columns_, 1));
    after_another = static_cast<std::size_t>(
        std::count(seen_columns_.begin(),
                   seen_columns_.begin() +
                       static_cast<std::ptrdiff_t>(std::min(seen_columns_.size(), rows_ > 0 ? rows_ - 1 : 0)),
                   1));
  }
  HeadMeasures measures;
  if (!finite_) return measures;
  for (const HeadMeasure measure : kHeadMeasures) {
    const std::size_t counted = measure == HeadMeasure::previous ? after_another : lines;
    if (wanted_[at(measure)] && counted > 0)
      measures.values[at(measure)] = sums_[at(measure)] / static_cast<double>(counted);
  }
  return measures;
}

HeadMeasures measure_head(const Trace& trace, std::size_t head) {
  const StageShape shape = trace.shape(Stage::weights);
  HeadMeasurer measurer(trace.input(), shape.rows, shape.columns);
  const std::size_t some = rows_at_once(trace, Stage::weights);
  for (std::size_t i = 0; i < shape.rows; i += some) {
    const std::size_t rows = std::min(some, shape.rows - i);
    const Read read = trace.read(Stage::weights, head, {i, 0, rows, shape.columns});
    if (!read.ready()) return {};
    for (std::size_t r = 0; r < rows; ++r) measurer.add_row(i + r, read.values.row(r));
  }
  return measurer.result();
}

}  // namespace attn
