#include "core/io/golden_compare.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace attn::io {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kTolerance = 1e-5;
constexpr double kSaturatedTolerance = 1e-4;
constexpr double kSaturatedScore = 100.0;
constexpr double kGradientTolerance = 1e-4;

/// What was computed for one array: its numbers and its shape.
struct Found {
  std::vector<double> values;
  std::vector<std::size_t> dims;
};

void append(std::span<const float> from, std::vector<double>& to) {
  to.insert(to.end(), from.begin(), from.end());
}

Found stage_array(Stage stage, const Arrays<float>& arrays) {
  const StageShape shape = arrays.shape(stage);
  Found found;
  append(arrays.all(stage), found.values);
  if (has_heads(stage)) found.dims.push_back(shape.heads);
  found.dims.insert(found.dims.end(), {shape.rows, shape.columns});
  return found;
}

Found matrix_array(const Matrix& m) {
  Found found;
  append(m.values(), found.values);
  found.dims = {m.rows(), m.columns()};
  return found;
}

Found heads_array(const std::vector<Matrix>& heads) {
  Found found;
  for (const Matrix& m : heads) append(m.values(), found.values);
  if (!heads.empty()) found.dims = {heads.size(), heads[0].rows(), heads[0].columns()};
  return found;
}

std::optional<Found> gradient_array(std::string_view name, const Gradients<float>& gradients) {
  if (name == "grad_x") return matrix_array(gradients.x);
  if (name == "grad_source_x" && gradients.source_x) return matrix_array(*gradients.source_x);
  if (name == "grad_scores") return heads_array(gradients.scores);
  if (name == "grad_scaled") return heads_array(gradients.scaled);
  if (name == "grad_weights") return heads_array(gradients.weights);
  if (name == "grad_head_outputs") return heads_array(gradients.head_outputs);
  for (const ParameterId id : kParameterIds) {
    const auto& gradient = gradients.parameters[static_cast<std::size_t>(id)];
    if (name != fmt::format("grad_{}", attn::name(id)) || !gradient) continue;
    Found found = matrix_array(*gradient);
    const bool is_vector = name.starts_with("grad_b_") || id == ParameterId::additive_v;
    if (is_vector) found.dims.erase(found.dims.begin());
    return found;
  }
  return std::nullopt;
}

double largest_finite(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  return largest;
}

ArrayError wrong(std::string_view array, std::string problem) {
  return {std::string(array), kInfinity, std::move(problem)};
}

/// `exact_value` is what the cells for which `is_exact` holds must equal; they do not count otherwise.
template <class IsExact>
ArrayError compare(std::string_view array, const Found& found, const NamedArray& expected, double tolerance,
                   const IsExact& is_exact, double exact_value) {
  if (found.dims != expected.dims) {
    return wrong(array, fmt::format("{}: expected shape {}, found {}", array, fmt::join(expected.dims, " × "),
                                    fmt::join(found.dims, " × ")));
  }
  ArrayError worst{std::string(array), 0.0, ""};
  for (std::size_t c = 0; c < found.values.size(); ++c) {
    const double f = found.values[c];
    const double e = is_exact(c) ? exact_value : expected.values[c];
    const bool same_kind = std::isfinite(f) == std::isfinite(e) && (std::isfinite(f) || f == e);
    if (!same_kind || (is_exact(c) && f != e)) {
      return wrong(array, fmt::format("{}: number {}: expected {}, found {}", array, c, e, f));
    }
    if (std::isfinite(f)) worst.ratio = std::max(worst.ratio, std::abs(f - e) / tolerance);
  }
  return worst;
}

ArrayError compare_stage_array(Stage stage, const Input& input, const Arrays<float>& arrays,
                               const NamedArray& expected) {
  const StageShape shape = arrays.shape(stage);
  const auto hidden = [&](std::size_t c) {
    return stage == Stage::masked && input.config.mask.hidden_value &&
           !visible(input.config.mask, c / shape.columns % shape.rows, c % shape.columns);
  };
  double largest = 0;
  for (std::size_t c = 0; c < expected.values.size(); ++c) {
    if (std::isfinite(expected.values[c]) && !hidden(c))
      largest = std::max(largest, std::abs(expected.values[c]));
  }
  double largest_scaled = 0;
  for (const float value : arrays.all(Stage::scaled)) {
    if (std::isfinite(value)) largest_scaled = std::max(largest_scaled, std::abs(static_cast<double>(value)));
  }
  const double relative = largest_scaled > kSaturatedScore ? kSaturatedTolerance : kTolerance;
  const double hidden_value =
      static_cast<double>(static_cast<float>(input.config.mask.hidden_value.value_or(0)));
  return compare(name(stage), stage_array(stage, arrays), expected, relative * std::max(1.0, largest), hidden,
                 hidden_value);
}

}  // namespace

std::vector<ArrayError> compare_golden(const GoldenCase& golden, const Arrays<float>& found,
                                       const Gradients<float>* gradients) {
  double largest_gradient = 0;
  for (const auto& [name, expected] : golden.expected) {
    if (name.starts_with("grad_"))
      largest_gradient = std::max(largest_gradient, largest_finite(expected.values));
  }
  std::vector<ArrayError> errors;
  for (const auto& [name, expected] : golden.expected) {
    if (const auto stage = stage_from_name(name); stage && found.has(*stage)) {
      errors.push_back(compare_stage_array(*stage, golden.scenario.input, found, expected));
      continue;
    }
    const std::optional<Found> gradient =
        gradients != nullptr ? gradient_array(name, *gradients) : std::nullopt;
    if (!gradient) {
      errors.push_back(wrong(name, fmt::format("{}: expected, but this scenario gives no such array", name)));
      continue;
    }
    errors.push_back(compare(
        name, *gradient, expected, kGradientTolerance * std::max(1.0, largest_gradient),
        [](std::size_t) { return false; }, 0.0));
  }
  return errors;
}

}  // namespace attn::io
