#include "core/attention/compare.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace attn {
namespace {

enum class Kind { finite, minus_infinity, plus_infinity, not_a_number };

Kind kind(double value) {
  if (std::isnan(value)) return Kind::not_a_number;
  if (std::isinf(value)) return value < 0 ? Kind::minus_infinity : Kind::plus_infinity;
  return Kind::finite;
}

}  // namespace

StageError compare_stage(Stage stage, const Arrays<float>& found, const Arrays<double>& expected,
                         const Arrays<double>& bound) {
  StageError worst;
  worst.stage = stage;
  if (found.shape(stage) != expected.shape(stage)) {
    worst.ratio = std::numeric_limits<double>::infinity();
    worst.problem = fmt::format("{}: the shapes differ", name(stage));
    return worst;
  }
  const StageShape shape = expected.shape(stage);
  for (std::size_t h = 0; h < shape.heads; ++h) {
    for (std::size_t i = 0; i < shape.rows; ++i) {
      for (std::size_t j = 0; j < shape.columns; ++j) {
        const double f = static_cast<double>(found.head(stage, h)(i, j));
        const double e = expected.head(stage, h)(i, j);
        const double allowed = bound.head(stage, h)(i, j);
        if (std::isinf(allowed)) continue;  // error_bounds says that float32 cannot hold this cell
        const bool same_kind = kind(f) == kind(e);
        const double difference = same_kind && kind(f) != Kind::finite ? 0.0 : std::abs(f - e);
        const double ratio = difference == 0.0 ? 0.0 : difference / allowed;
        if (same_kind && kind(f) != Kind::not_a_number && ratio <= worst.ratio) continue;
        worst.worst = {stage, h, i, j};
        worst.found = f;
        worst.expected = e;
        worst.difference = difference;
        worst.bound = allowed;
        worst.ratio = ratio;
        if (!same_kind || kind(f) == Kind::not_a_number) {
          worst.ratio = std::numeric_limits<double>::infinity();
          worst.problem = fmt::format("{}[{}][{},{}]: found {}, expected {}", name(stage), h, i, j, f, e);
          return worst;
        }
      }
    }
  }
  return worst;
}

}  // namespace attn
