#pragma once
// Words and vectors that a scenario names instead of listing them: long inputs of a few bytes. The numbers
// are counted (core/attention/philox.h): the same file gives the same scenario on every machine.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/attention/shared_matrix.h"

namespace attn::io {

enum class GeneratorKind {
  random,    ///< every row on its own
  repeated,  ///< the first `period` rows again and again: what an induction head looks for
  needle,    ///< random, but the last row is the row at `position` once more: the last word can find it
};
inline constexpr std::array kGeneratorKinds = {GeneratorKind::random, GeneratorKind::repeated,
                                               GeneratorKind::needle};
std::string_view name(GeneratorKind kind);

/// What says which row of the independent ones stands where.
struct Generator {
  GeneratorKind kind = GeneratorKind::random;
  std::size_t period = 0;    ///< of `repeated`, at least 1
  std::size_t position = 0;  ///< of `needle`, before the last
  bool operator==(const Generator&) const = default;

  /// The row, of independent ones, that stands at `row` of `rows`.
  std::size_t row_at(std::size_t row, std::size_t rows) const;
};

struct VectorGenerator {
  Generator rows;
  std::size_t columns = 1;
  std::uint64_t seed = 0;
  bool operator==(const VectorGenerator&) const = default;
};

struct LabelGenerator {
  Generator rows;
  std::size_t count = 1;
  bool operator==(const LabelGenerator&) const = default;
};

/// Normally distributed numbers of variance 1, [rows, columns]: cell (i, c) is philox_normal(seed, {r, c, 0,
/// 0}) where r is row_at(i).
SharedMatrix generate(const VectorGenerator& generator, std::size_t rows);

/// "w0", "w1", … by row_at(); the needle is called "needle", and so is the last word, which looks for it.
std::vector<std::string> generate(const LabelGenerator& generator);

}  // namespace attn::io
