#include "app/session/import_match.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "app/session/engine_runner.h"
#include "core/attention/attention.h"

namespace attn::session {
namespace {

/// Multiplications that an import may spend on trying settings.
constexpr double kMostOperations = 2.0e8;

bool quick(const Input& input) { return estimated_operations(input, validate(input)) <= kMostOperations; }

Arrays<float> run(const Input& input) {
  Arrays<float> arrays;
  forward(input, validate(input), arrays);
  return arrays;
}

/// Largest difference from the tables; infinity where the shapes differ.
double distance(const Arrays<float>& arrays, const std::vector<Matrix>& tables) {
  const StageShape shape = arrays.shape(Stage::weights);
  const bool mean = tables.size() == 1 && shape.heads > 1;
  if ((!mean && tables.size() != shape.heads) || tables[0].rows() != shape.rows ||
      tables[0].columns() != shape.columns) {
    return std::numeric_limits<double>::infinity();
  }
  double largest = 0.0;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    for (std::size_t i = 0; i < shape.rows; ++i) {
      for (std::size_t j = 0; j < shape.columns; ++j) {
        double value = 0.0;
        const std::size_t first = mean ? 0 : t;
        const std::size_t last = mean ? shape.heads : t + 1;
        for (std::size_t h = first; h < last; ++h)
          value += static_cast<double>(arrays.head(Stage::weights, h)(i, j));
        value /= static_cast<double>(last - first);
        largest = std::max(largest, std::abs(value - static_cast<double>(tables[t](i, j))));
      }
    }
  }
  return largest;
}

std::string words_of(const Config& config) {
  std::string words = config.scale.kind == Scale::Kind::sqrt_dk ? "÷ √d_k" : "× 1";
  if (config.mask.causal) words += ", causal";
  return words;
}

}  // namespace

void match_settings(io::Scenario& scenario, const std::vector<Matrix>& weights, bool compare,
                    std::vector<Message>& notes) {
  Config& config = scenario.input.config;
  config.scale.kind = Scale::Kind::sqrt_dk;
  if (weights.empty() || !compare || !quick(scenario.input)) {
    notes.push_back(message("The scores are divided by √d_k, as is usual: the arrays do not say."));
    return;
  }
  Config best = config;
  double nearest = std::numeric_limits<double>::infinity();
  const Dimensions d = validate(scenario.input);
  for (const bool causal : {false, true}) {
    if (causal && d.n_queries != d.n_keys) continue;
    for (const Scale::Kind kind : {Scale::Kind::sqrt_dk, Scale::Kind::none}) {
      Input trial = scenario.input;
      trial.config.mask.causal = causal;
      trial.config.scale.kind = kind;
      const double found = distance(run(trial), weights);
      if (found < nearest) {
        nearest = found;
        best = trial.config;
      }
    }
  }
  config = best;
  constexpr double kMet = 1.0e-3;  // float16 keeps three digits
  if (nearest <= kMet) {
    notes.push_back(message("The attention weights of the file come out to within {0}, with: {1}.",
                            {fmt::format("{:.1g}", nearest), words_of(best)}));
  } else if (std::isfinite(nearest)) {
    notes.push_back(message(
        "The attention weights of the file are not met: {0} is the nearest, off by up to {1}. Another "
        "scale, mask or position was at work.",
        {words_of(best), fmt::format("{:.2g}", nearest)}));
  } else {
    notes.push_back(message("The attention weights of the file have another shape and are not used."));
  }
}

void compare_output(const io::Scenario& scenario, const Matrix& output, std::vector<Message>& notes) {
  const Dimensions d = validate(scenario.input);
  if (output.rows() != d.n_queries || output.columns() != d.d_out) {
    notes.push_back(message("The output of the file has another shape and is not compared."));
    return;
  }
  if (!quick(scenario.input)) return;
  const Arrays<float> arrays = run(scenario.input);
  double largest = 0.0;
  for (std::size_t i = 0; i < output.rows(); ++i) {
    for (std::size_t j = 0; j < output.columns(); ++j) {
      const float difference = arrays.head(Stage::output, 0)(i, j) - output(i, j);
      largest = std::max(largest, static_cast<double>(std::abs(difference)));
    }
  }
  notes.push_back(
      message("The outputs differ from those of the file by at most {0}.", {fmt::format("{:.1g}", largest)}));
}

}  // namespace attn::session
