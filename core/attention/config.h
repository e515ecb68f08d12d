#pragma once
// The settings of one attention layer, the usual mistakes included. Field by field this is the
// `attention` object of a scenario file; core/io/README.md describes each one.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace attn {

enum class Score { dot, cosine, additive, bilinear };
enum class Position { none, sinusoidal, rope, alibi };
enum class Normalise { softmax, softmax_without_max, none };
enum class SoftmaxAxis { keys, queries };
enum class Combine { concat, mean };
enum class AttendOver { tokens, features };

/// What the raw scores are multiplied by, before the temperature divides them.
struct Scale {
  enum class Kind { none, sqrt_dk, number };
  Kind kind = Kind::none;
  double number = 1.0;  ///< read only when kind is number
  bool operator==(const Scale& other) const {
    return kind == other.kind && (kind != Kind::number || number == other.number);
  }
};

/// A matrix of booleans that is shared and never written; rows are queries, columns are keys.
struct AllowMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<std::uint8_t> visible;  ///< rows × columns, 1 = visible
  bool operator==(const AllowMatrix&) const = default;
};

/// Which keys a query may see. All parts combine with AND; nothing set hides nothing.
struct MaskConfig {
  bool causal = false;                                       ///< key j only if j ≤ i
  std::optional<std::int64_t> window;                        ///< key j only if |i − j| ≤ window
  std::shared_ptr<const std::vector<std::uint8_t>> padding;  ///< n_keys, 1 hides that key from all
  std::shared_ptr<const AllowMatrix> allow;                  ///< n_queries × n_keys
  std::optional<double> hidden_value;                        ///< absent = −∞
};

/// Inverted dropout on the weights, drawn from Philox4x32-10, so that a seed names one pattern.
struct Dropout {
  double p = 0.0;          ///< 0 ≤ p < 1; 0 means no dropout stage
  std::uint64_t seed = 0;  ///< < 2^53
  bool operator==(const Dropout&) const = default;
};

struct Config {
  std::size_t heads = 1;
  std::optional<std::size_t> kv_heads;  ///< absent = heads
  Score score = Score::dot;
  Scale scale;
  double temperature = 1.0;
  Position position = Position::none;
  MaskConfig mask;
  Normalise normalise = Normalise::softmax;
  SoftmaxAxis softmax_axis = SoftmaxAxis::keys;
  std::optional<Dropout> dropout;
  Combine combine = Combine::concat;
  AttendOver attend_over = AttendOver::tokens;
};

/// The words that scenario files use for the settings.
std::string_view name(Score value);
std::string_view name(Position value);
std::string_view name(Normalise value);
std::string_view name(SoftmaxAxis value);
std::string_view name(Combine value);
std::string_view name(AttendOver value);

}  // namespace attn
