#include "core/io/generator.h"

#include <fmt/format.h>

#include "core/attention/philox.h"

namespace attn::io {

std::string_view name(GeneratorKind kind) {
  constexpr std::array<std::string_view, kGeneratorKinds.size()> kWords = {"random", "repeated", "needle"};
  return kWords[static_cast<std::size_t>(kind)];
}

std::size_t Generator::row_at(std::size_t row, std::size_t rows) const {
  switch (kind) {
    case GeneratorKind::random:
      break;
    case GeneratorKind::repeated:
      return row % period;
    case GeneratorKind::needle:
      if (row + 1 == rows) return position;
  }
  return row;
}

SharedMatrix generate(const VectorGenerator& generator, std::size_t rows) {
  Matrix x(rows, generator.columns);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto row = static_cast<std::uint32_t>(generator.rows.row_at(i, rows));
    for (std::size_t c = 0; c < generator.columns; ++c) {
      x(i, c) = static_cast<float>(philox_normal(generator.seed, {row, static_cast<std::uint32_t>(c), 0, 0}));
    }
  }
  return SharedMatrix(x);
}

std::vector<std::string> generate(const LabelGenerator& generator) {
  std::vector<std::string> labels;
  labels.reserve(generator.count);
  for (std::size_t i = 0; i < generator.count; ++i) {
    const std::size_t row = generator.rows.row_at(i, generator.count);
    const bool needle = generator.rows.kind == GeneratorKind::needle && row == generator.rows.position;
    labels.push_back(needle ? "needle" : fmt::format("w{}", row));
  }
  return labels;
}

}  // namespace attn::io
