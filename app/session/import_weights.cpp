#include "app/session/import_weights.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace attn::session {
namespace {

/// What stands for log 0 in one head where other heads see the key: exp(−150) is 0 in float32, whatever the
/// largest of up to 65,536 weights that sum to 1.
constexpr float kLogOfZero = -150.0f;

/// How far a row may be from 1: float16 keeps three digits.
constexpr double kRowTolerance = 2.0e-3;

struct Rows {
  bool normalised = true;  ///< every row sums to 1, or is hidden as a whole in every head
  double farthest = 0.0;   ///< largest distance of a row's sum from 1
};

Rows check(const std::vector<Matrix>& tables, const std::string& name) {
  Rows rows;
  const std::size_t n = tables[0].rows();
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t empty = 0;
    for (std::size_t h = 0; h < tables.size(); ++h) {
      double sum = 0.0;
      for (const float value : tables[h].row(i)) {
        if (value < 0.0f) {
          throw io::FormatError(fmt::format(
              "{}: head {}, row {}: expected attention weights, none below 0, found {}", name, h, i, value));
        }
        sum += static_cast<double>(value);
      }
      if (sum == 0.0) {
        ++empty;
      } else {
        rows.farthest = std::max(rows.farthest, std::abs(sum - 1.0));
      }
    }
    if (empty != 0 && empty != tables.size()) rows.normalised = false;
  }
  if (rows.farthest > kRowTolerance) rows.normalised = false;
  return rows;
}

/// The keys that no head looks at, as a mask.
MaskConfig mask_of(const std::vector<Matrix>& tables) {
  const std::size_t n = tables[0].rows();
  const std::size_t m = tables[0].columns();
  AllowMatrix allow{n, m, std::vector<std::uint8_t>(n * m, 0)};
  for (const Matrix& table : tables) {
    for (std::size_t at = 0; at < n * m; ++at) allow.visible[at] |= table.values()[at] > 0.0f ? 1 : 0;
  }
  MaskConfig mask;
  if (std::ranges::count(allow.visible, 0) == 0) return mask;
  bool causal = n == m;
  for (std::size_t i = 0; i < n && causal; ++i) {
    for (std::size_t j = 0; j < m && causal; ++j) causal = (allow.visible[i * m + j] != 0) == (j <= i);
  }
  if (causal) {
    mask.causal = true;
  } else {
    mask.allow = std::make_shared<const AllowMatrix>(std::move(allow));
  }
  return mask;
}

}  // namespace

Input input_from_weights(const std::vector<Matrix>& tables, const std::string& name,
                         std::vector<Message>& notes) {
  const std::size_t h = tables.size();
  const std::size_t n = tables[0].rows();
  const std::size_t m = tables[0].columns();
  constexpr double kMostMultiplications = 5.0e9;
  const double operations = static_cast<double>(h * n) * static_cast<double>(m * m);
  if (operations > kMostMultiplications || h > 256) {
    throw io::FormatError(fmt::format(
        "{}: shape: expected about 16 heads of 512 queries and keys at most, found {} heads of {} × {}", name,
        h, n, m));
  }
  const Rows rows = check(tables, name);
  Input input;
  input.config.heads = h;
  if (h > 1) input.config.kv_heads = 1;
  Matrix w_q(n, h * m);
  for (std::size_t head = 0; head < h; ++head) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < m; ++j) {
        const float weight = tables[head](i, j);
        const float log_weight = weight > 0.0f ? std::log(weight) : kLogOfZero;
        w_q(i, head * m + j) = rows.normalised ? log_weight : weight;
      }
    }
  }
  input.x = SharedMatrix(identity_matrix(n));
  if (n != m) input.source = Source{nullptr, SharedMatrix(identity_matrix(m))};
  if (rows.normalised) {
    input.config.mask = mask_of(tables);
    notes.push_back(message(
        "Only attention weights were given. They are what this example shows; scores are reconstructed as "
        "log α, and x, q, k, v and the outputs are stand-ins."));
    if (rows.farthest > 1.0e-5) {
      notes.push_back(message("The rows of the file sum to 1 to within {0} only; here they are normalised.",
                              {fmt::format("{:.1g}", rows.farthest)}));
    }
  } else {
    input.config.normalise = Normalise::none;
    notes.push_back(message(
        "Only attention weights were given, and their rows do not sum to 1: they stand as they are, without "
        "softmax. x, q, k, v, scores and outputs are stand-ins."));
  }
  input.parameters[ParameterId::w_q] = SharedMatrix(w_q);
  return input;
}

}  // namespace attn::session
