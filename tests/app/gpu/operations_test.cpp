// Every compute shader against the CPU's float64, at sizes around the tile of 16 and the workgroups.
#include "app/gpu/operations.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <span>
#include <string>

#include "app/platform/offscreen.h"
#include "core/attention/input.h"
#include "core/attention/ops.h"
#include "tests/app/gpu/guarded_buffer.h"
#include "tests/support/inputs.h"

using namespace attn;
using namespace attn::gpu;
using attn::gpu::tests::GuardedBuffer;

namespace {

constexpr double kUnit = 0x1p-24;
constexpr float kHidden = -std::numeric_limits<float>::infinity();

/// The embedded shaders, or those of a folder that ATTN_SHADER_DIR names.
std::filesystem::path shader_dir() {
  const char* folder = std::getenv("ATTN_SHADER_DIR");
  return folder == nullptr ? "" : folder;
}

/// A context and the shaders, for one test case.
struct Gpu {
  gl::OffscreenContext context{gl::OffscreenRequest{}};
  ShaderLibrary shaders{shader_dir()};
  Operations operations{shaders};
};

/// All tiles where there is time to compile them (tests/run.sh --long), else the plain one and the smallest,
/// whose source the others share; the built-in checks use them all.
std::span<const ProductTile> tested_tiles() {
#if defined(ATTN_EVERY_TILE)
  return product_tiles();
#else
  return product_tiles().first(2);
#endif
}

std::vector<float> numbers(std::size_t count, std::uint64_t seed) {
  const SharedMatrix m = attn::tests::random_matrix(1, count, seed);
  return {m.row(0).begin(), m.row(0).end()};
}

std::vector<double> widened(const std::vector<float>& values) { return {values.begin(), values.end()}; }

/// Compares a whole buffer; expected and allowed are asked for by cell. A NaN never passes.
void check_cells(const GuardedBuffer& buffer, const std::string& what,
                 const std::function<double(std::size_t)>& expected,
                 const std::function<double(std::size_t)>& allowed) {
  const GuardedBuffer::Content content = buffer.read();
  CHECK_MESSAGE(content.guard_intact, what, ": wrote past the end");
  std::size_t wrong = 0;
  std::string worst;
  for (std::size_t i = 0; i < content.values.size(); ++i) {
    const auto found = static_cast<double>(content.values[i]);
    const double wanted = expected(i);
    const bool same_infinity = std::isinf(wanted) && found == wanted;
    if (same_infinity || std::abs(found - wanted) <= allowed(i)) continue;
    if (wrong++ == 0)
      worst = fmt::format("cell {}: {} instead of {}, allowed {}", i, found, wanted, allowed(i));
  }
  CHECK_MESSAGE(wrong == 0, what, ": ", wrong, " wrong, first ", worst);
}

std::string size_text(const Extent& e, GLuint inner) {
  return fmt::format("{} heads, {} x {} x {}", e.heads, e.rows, inner, e.columns);
}

/// One product with operands that lie as `a` and `b` say, against the plain triple sum in double.
void check_product(Gpu& gpu, Stack a, std::size_t a_size, Stack b, std::size_t b_size, bool biased,
                   const Extent& e, GLuint inner, const ProductTile& tile = {}) {
  gpu.operations.tiles().force(tile);
  const std::vector<float> a_values = numbers(a_size, 1);
  const std::vector<float> b_values = numbers(b_size, 2);
  const std::vector<float> bias_values = numbers(std::size_t{e.heads} * e.columns, 3);
  const GuardedBuffer a_buffer(a_values);
  const GuardedBuffer b_buffer(b_values);
  const GuardedBuffer bias_buffer(bias_values);
  const GuardedBuffer out(std::size_t{e.cells()});
  a.buffer = a_buffer.id();
  b.buffer = b_buffer.id();
  gpu.operations.multiply(a, b, biased ? Bias{bias_buffer.id(), e.columns} : Bias{},
                          dense(out.id(), e.rows, e.columns), e, inner);
  const auto sum = [&](std::size_t cell, bool magnitudes) {
    const std::size_t j = cell % e.columns;
    const std::size_t i = cell / e.columns % e.rows;
    const std::size_t h = cell / e.columns / e.rows;
    double total = biased ? static_cast<double>(bias_values[h * e.columns + j]) : 0.0;
    if (magnitudes) total = std::abs(total);
    for (std::size_t t = 0; t < inner; ++t) {
      const double product =
          static_cast<double>(a_values[h / a.shared_by * a.head + i * a.row + t * a.column]) *
          static_cast<double>(b_values[h / b.shared_by * b.head + t * b.row + j * b.column]);
      total += magnitudes ? std::abs(product) : product;
    }
    return total;
  };
  // The longest chain of additions: plainly one tile, the sums of the tiles, and the bias; in registers all.
  const GLuint tiles = (inner + 15) / 16;
  const double roundings = (tile.plain() ? 16.0 + tiles : inner) + 2.0;
  check_cells(
      out, size_text(e, inner), [&](std::size_t cell) { return sum(cell, false); },
      [&](std::size_t cell) { return roundings * kUnit * sum(cell, true); });
}

}  // namespace

TEST_CASE("a product of matrices is right at every size around a tile") {
  Gpu gpu;
  const std::vector<GLuint> sizes = {1, 15, 16, 17, 33};
  for (const GLuint rows : sizes) {
    for (const GLuint inner : sizes) {
      for (const GLuint columns : sizes) {
        check_product(gpu, {0, 0, inner}, std::size_t{rows} * inner, {0, 0, columns},
                      std::size_t{inner} * columns, false, {1, rows, columns}, inner);
      }
    }
  }
}

TEST_CASE("a product reads transposed operands, shared heads and the columns of one head") {
  Gpu gpu;
  for (const GLuint n : {1U, 17U}) {
    const GLuint m = n + 2;
    const GLuint d = 5;
    // q · kᵀ: four heads read two.
    check_product(gpu, dense(0, n, d), std::size_t{4} * n * d, dense(0, m, d, 2).transposed(),
                  std::size_t{2} * m * d, false, {4, n, m}, d);
    // Four heads of the left side read two.
    check_product(gpu, dense(0, n, d, 2), std::size_t{2} * n * d, dense(0, d, m), std::size_t{4} * d * m,
                  false, {4, n, m}, d);
    // qᵀ · k
    check_product(gpu, dense(0, n, d).transposed(), std::size_t{n} * d, dense(0, n, m), std::size_t{n} * m,
                  false, {1, d, m}, n);
    // x · W with a bias: head h takes its own five columns of fifteen.
    check_product(gpu, {0, 0, d}, std::size_t{n} * d, {0, d, 3 * d}, std::size_t{d} * 3 * d, true, {3, n, d},
                  d);
  }
}

TEST_CASE("long products stay within the bound of a tiled sum") {
  Gpu gpu;
  check_product(gpu, {0, 0, 100}, 300, {0, 0, 3}, 300, false, {1, 3, 3}, 100);
}

TEST_CASE("a product in registers is right around every tile, however its operands lie") {
  Gpu gpu;
  for (const ProductTile& tile : tested_tiles().subspan(1)) {
    if (!gpu.operations.tiles().fits(tile)) continue;
    CAPTURE(text(tile));
    const GLuint r = tile.rows;
    const GLuint c = tile.columns;
    struct Case {
      GLuint rows, inner, columns;
    };
    // Multiples of four are read as vec4, others one by one.
    for (const auto& [rows, inner, columns] :
         {Case{1, 1, 1}, Case{r - 1, 7, c + 1}, Case{r + 1, 17, c - 1}, Case{4, 4, 4}, Case{r, 16, c},
          Case{r + 4, 20, c + 4}, Case{r - 4, 36, c}, Case{4, 64, 2 * c + 4}, Case{r, 1, 3},
          Case{2, 33, c}}) {
      for (const bool a_transposed : {false, true}) {
        for (const bool b_transposed : {false, true}) {
          // How operands lie does not depend on the tile: all ways in the smallest, the usual ones in all.
          if (a_transposed && tile != product_tiles()[1]) continue;
          Stack a = a_transposed ? dense(0, inner, rows).transposed() : dense(0, rows, inner);
          Stack b = b_transposed ? dense(0, columns, inner).transposed() : dense(0, inner, columns);
          check_product(gpu, a, std::size_t{rows} * inner, b, std::size_t{inner} * columns, a_transposed,
                        {1, rows, columns}, inner, tile);
        }
      }
    }
    for (const GLuint d : {3U, 8U}) {  // heads that are shared; a result of heads that lie in one matrix
      const GLuint n = 20;
      check_product(gpu, dense(0, n, d), std::size_t{4} * n * d, dense(0, n, d, 2).transposed(),
                    std::size_t{2} * n * d, false, {4, n, n}, d, tile);
      check_product(gpu, {0, 0, d}, std::size_t{n} * d, {0, d, 3 * d}, std::size_t{d} * 3 * d, true,
                    {3, n, d}, d, tile);
    }
  }
}

TEST_CASE("of a lower triangle, what is above is not looked at, in any tile") {
  Gpu gpu;
  for (const ProductTile& tile : tested_tiles()) {
    if (!gpu.operations.tiles().fits(tile)) continue;
    for (const GLuint n : {1U, 17U, tile.rows, tile.rows + 4}) {
      for (const GLuint lower : {1U, 3U, 200U}) {
        CAPTURE(text(tile));
        CAPTURE(n);
        CAPTURE(lower);
        gpu.operations.tiles().force(tile);
        const GLuint inner = n + lower + 2 * tile.rows;
        std::vector<float> a_values = numbers(std::size_t{n} * inner, 21);
        for (std::size_t i = 0; i < n; ++i) {
          for (std::size_t t = i + lower; t < inner; ++t) a_values[i * inner + t] = 0;
        }
        std::vector<float> b_values = numbers(std::size_t{inner} * 5, 22);
        const GuardedBuffer a(a_values);
        const GuardedBuffer out(std::size_t{n} * 5);
        const std::vector<double> exact = [&] {
          std::vector<double> sums(std::size_t{n} * 5, 0.0);
          for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t t = 0; t < std::min<std::size_t>(inner, i + lower); ++t) {
              for (std::size_t j = 0; j < 5; ++j)
                sums[i * 5 + j] +=
                    static_cast<double>(a_values[i * inner + t]) * static_cast<double>(b_values[t * 5 + j]);
            }
          }
          return sums;
        }();
        // What no tile of rows reaches, to the end of its last step, holds NaN: it must not be read.
        const std::size_t reached = (n + tile.rows - 1) / tile.rows * tile.rows - 1 + lower;
        for (std::size_t t = (reached + tile.step - 1) / tile.step * tile.step; t < inner; ++t) {
          for (std::size_t j = 0; j < 5; ++j) b_values[t * 5 + j] = std::numeric_limits<float>::quiet_NaN();
        }
        const GuardedBuffer b(b_values);
        gpu.operations.multiply(dense(a.id(), n, inner), dense(b.id(), inner, 5), {}, dense(out.id(), n, 5),
                                {1, n, 5}, inner, lower);
        check_cells(
            out, "lower", [&](std::size_t cell) { return exact[cell]; },
            [&](auto) { return (inner + 2) * kUnit * inner; });
      }
    }
  }
}

TEST_CASE("copy moves heads side by side and adds the bias of each") {
  Gpu gpu;
  for (const GLuint rows : {1U, 16U, 33U}) {
    const Extent e{3, rows, 5};
    const std::vector<float> in_values = numbers(e.cells(), 4);
    const std::vector<float> bias_values = numbers(15, 5);
    const GuardedBuffer in(in_values);
    const GuardedBuffer bias(bias_values);
    const GuardedBuffer out(std::size_t{e.cells()});
    gpu.operations.copy(dense(in.id(), rows, 5), {bias.id(), 5}, {out.id(), 5, 15}, e);
    const auto expected = [&](std::size_t cell) {
      const std::size_t h = cell % 15 / 5;
      const std::size_t i = cell / 15;
      return static_cast<double>(in_values[(h * rows + i) * 5 + cell % 5] + bias_values[h * 5 + cell % 5]);
    };
    check_cells(out, fmt::format("{} rows", rows), expected, [](auto) { return 0.0; });
  }
}

TEST_CASE("scale, add and the mean of heads treat every cell") {
  Gpu gpu;
  for (const GLuint cells : {1U, 127U, 128U, 129U, 1000U}) {
    const std::string what = fmt::format("{} cells", cells);
    const std::vector<float> values = numbers(std::size_t{3} * cells, 6);
    const GuardedBuffer in(values);
    const GuardedBuffer scaled(std::size_t{cells});
    gpu.operations.scale(in.id(), 0.3f, scaled.id(), cells);
    check_cells(
        scaled, what, [&](std::size_t i) { return static_cast<double>(values[i] * 0.3f); },
        [](auto) { return 0.0; });

    const GuardedBuffer added(std::size_t{cells});
    gpu.operations.add(in.id(), scaled.id(), added.id(), cells);
    check_cells(
        added, what, [&](std::size_t i) { return static_cast<double>(values[i] + values[i] * 0.3f); },
        [](auto) { return 0.0; });

    const GuardedBuffer mean(std::size_t{cells});
    gpu.operations.mean_heads(in.id(), mean.id(), {3, 1, cells});
    const std::vector<double> wide = widened(values);
    check_cells(
        mean, what,
        [&](std::size_t i) { return (wide[i] + wide[i + cells] + wide[i + std::size_t{2} * cells]) / 3; },
        [](auto) { return 6 * kUnit; });
  }
}

TEST_CASE("more cells than the largest grid of workgroups are all treated") {
  Gpu gpu;
  const std::size_t cells = std::size_t{65535} * 128 + 77;
  const std::vector<float> values(cells, 3.0f);
  const GuardedBuffer in(values);
  const GuardedBuffer out(cells);
  gpu.operations.scale(in.id(), 2.0f, out.id(), static_cast<GLuint>(cells));
  check_cells(
      out, "scale", [](auto) { return 6.0; }, [](auto) { return 0.0; });
}

TEST_CASE("every kind of mask hides what the CPU hides, with the bits of minus infinity") {
  Gpu gpu;
  for (const std::size_t rows : {1U, 5U, 17U}) {
    const std::size_t columns = 2 * rows + 1;
    std::vector<std::uint8_t> padding(columns, 0);
    padding[columns / 2] = 1;
    AllowMatrix allow{rows, columns, std::vector<std::uint8_t>(rows * columns, 1)};
    for (std::size_t i = 0; i < allow.visible.size(); i += 3) allow.visible[i] = 0;
    for (const int kinds : {0, 1, 2, 4, 8, 15}) {
      for (const bool finite : {false, true}) {
        MaskConfig config;
        MaskBuffers buffers;
        const std::vector<std::uint32_t> padding_words(padding.begin(), padding.end());
        StorageBuffer padding_buffer;
        StorageBuffer allow_buffer;
        if ((kinds & 1) != 0) buffers.causal = config.causal = true;
        if ((kinds & 2) != 0) {
          config.window = 2;
          buffers.has_window = true;
          buffers.window = 2;
        }
        if ((kinds & 4) != 0) {
          config.padding = std::make_shared<const std::vector<std::uint8_t>>(padding);
          padding_buffer.resize(columns, 1 << 20);
          padding_buffer.write(padding_words);
          buffers.padding = padding_buffer.id();
        }
        if ((kinds & 8) != 0) {
          config.allow = std::make_shared<const AllowMatrix>(allow);
          std::vector<std::uint32_t> words((rows * columns + 3) / 4, 0);
          for (std::size_t i = 0; i < allow.visible.size(); ++i)
            words[i / 4] |= std::uint32_t{allow.visible[i]} << (8 * (i % 4));
          allow_buffer.resize(words.size(), 1 << 20);
          allow_buffer.write(words);
          buffers.allow = allow_buffer.id();
        }
        if (finite) {
          config.hidden_value = -1e9;
          buffers.hidden_bits = std::bit_cast<std::uint32_t>(-1e9f);
        }
        const Extent e{2, static_cast<GLuint>(rows), static_cast<GLuint>(columns)};
        const std::vector<float> values = numbers(e.cells(), 7);
        const GuardedBuffer in(values);
        const GuardedBuffer out(std::size_t{e.cells()});
        gpu.operations.mask(in.id(), buffers, out.id(), e);
        const auto expected = [&](std::size_t cell) {
          if (visible(config, cell / columns % rows, cell % columns))
            return static_cast<double>(values[cell]);
          return finite ? -1e9 : static_cast<double>(kHidden);
        };
        check_cells(out, fmt::format("{} rows, masks {}, finite {}", rows, kinds, finite), expected,
                    [](auto) { return 0.0; });
      }
    }
  }
}

TEST_CASE("softmax over keys and over queries, with hidden cells and lines that see nothing") {
  Gpu gpu;
  for (const std::size_t rows : {1U, 15U, 17U}) {
    for (const std::size_t columns : {1U, 16U, 63U, 64U, 65U, 130U}) {
      for (const bool over_rows : {false, true}) {
        const Extent e{2, static_cast<GLuint>(rows), static_cast<GLuint>(columns)};
        std::vector<float> scores = numbers(e.cells(), 8);
        for (std::size_t i = 0; i < scores.size(); ++i) {
          scores[i] *= 20;
          const std::size_t line = over_rows ? i % columns : i / columns % rows;
          if (line == 3) scores[i] -= 500;  // far below 0: the maximum starts from the scores themselves
          if (i % 5 == 2) scores[i] = kHidden;
          if (line == 7) scores[i] = kHidden;
        }
        const GuardedBuffer in(scores);
        const GuardedBuffer out(std::size_t{e.cells()});
        gpu.operations.softmax(in.id(), out.id(), e, over_rows);
        const std::vector<double> wide = widened(scores);
        std::vector<double> exact(wide.size());
        for (std::size_t h = 0; h < 2; ++h) {
          const MatrixView<const double> from{wide.data() + h * rows * columns, rows, columns, columns};
          const MatrixView<double> to{exact.data() + h * rows * columns, rows, columns, columns};
          over_rows ? softmax_columns<double>(from, to) : softmax_rows<double>(from, to);
        }
        // The exponent is off by half a unit of |t| ≤ 40, exp by a few units, the sum by its chain.
        check_cells(
            out, fmt::format("{} x {}, over rows {}", rows, columns, over_rows),
            [&](std::size_t i) { return exact[i]; },
            [&](std::size_t i) { return exact[i] * (2 * 40 + 8 + 10) * kUnit; });
      }
    }
  }
}

namespace {

/// Scale, mask and softmax by the CPU in double, from float scores.
std::vector<double> exact_weights(const std::vector<float>& scores, const MaskConfig& config, float factor,
                                  const Extent& e) {
  std::vector<double> weights(scores.size());
  for (std::size_t line = 0; line < std::size_t{e.heads} * e.rows; ++line) {
    MatrixD masked(1, e.columns);
    for (std::size_t j = 0; j < e.columns; ++j) {
      const double hidden = config.hidden_value ? *config.hidden_value : static_cast<double>(kHidden);
      masked(0, j) = visible(config, line % e.rows, j)
                         ? static_cast<double>(scores[line * e.columns + j] * factor)
                         : hidden;
    }
    softmax_rows<double>(view(masked), {weights.data() + line * e.columns, 1, e.columns, e.columns});
  }
  return weights;
}

}  // namespace

TEST_CASE("weights in one go: scale, mask and softmax at every length of a row") {
  Gpu gpu;
  // 64 threads with one quad each, 256 with 1 to 8, and rows that no registers hold; whole vec4 or not.
  for (const GLuint columns : {1U, 3U, 4U, 17U, 63U, 64U, 255U, 256U, 257U, 1024U, 1028U, 1030U, 2049U, 4100U,
                               8192U, 8193U, 8196U}) {
    for (const int kind : {0, 1, 2}) {
      const bool few = columns < 300 || kind == 1;
      const Extent e{2, few ? 7U : 2U, columns};
      MaskConfig config;
      MaskBuffers buffers;
      StorageBuffer padding_buffer;
      if (kind == 1) {
        config.causal = buffers.causal = true;
        config.window = 3;
        buffers.has_window = true;
        buffers.window = 3;
      } else if (kind == 2) {
        std::vector<std::uint8_t> padding(columns, 0);
        for (std::size_t j = 0; j < columns; j += 3) padding[j] = 1;  // of one key: none is left
        const std::vector<std::uint32_t> words(padding.begin(), padding.end());
        padding_buffer.resize(columns, 1 << 20);
        padding_buffer.write(words);
        buffers.padding = padding_buffer.id();
        config.padding = std::make_shared<const std::vector<std::uint8_t>>(std::move(padding));
      }
      std::vector<float> scores = numbers(e.cells(), 18);
      for (float& score : scores) score = score * 30 - 200;
      const GuardedBuffer in(scores);
      const std::vector<double> exact = exact_weights(scores, config, 0.3f, e);
      for (const bool subgroups : {false, true}) {
        if (gpu.operations.use_subgroups(subgroups) != subgroups) continue;
        const GuardedBuffer out(std::size_t{e.cells()});
        gpu.operations.attention_weights(in.id(), 0.3f, buffers, out.id(), e);
        // As for softmax: scaled scores lie within 70 of each other.
        check_cells(
            out, fmt::format("{} columns, mask {}, subgroups {}", columns, kind, subgroups),
            [&](std::size_t i) { return exact[i]; },
            [&](std::size_t i) { return exact[i] * (2 * 70 + 8 + 10 + 40) * kUnit + 0x1p-126; });
      }
    }
  }
}

TEST_CASE("a hidden value takes part in the weights as a number") {
  Gpu gpu;
  const Extent e{1, 2, 4};
  const std::vector<float> scores = {1, 2, 3, 4, 4, 3, 2, 1};
  MaskConfig config;
  config.causal = true;
  config.hidden_value = 1.5;
  MaskBuffers buffers;
  buffers.causal = true;
  buffers.hidden_bits = std::bit_cast<std::uint32_t>(1.5f);
  const GuardedBuffer in(scores);
  const GuardedBuffer out(scores.size());
  gpu.operations.attention_weights(in.id(), 1.0f, buffers, out.id(), e);
  const std::vector<double> exact = exact_weights(scores, config, 1.0f, e);
  check_cells(
      out, "hidden value", [&](std::size_t i) { return exact[i]; }, [](auto) { return 20 * kUnit; });
}

TEST_CASE("the largest magnitude is found among all cells, or those that the mask leaves") {
  Gpu gpu;
  const float infinity = std::numeric_limits<float>::infinity();
  for (const GLuint columns : {1U, 127U, 128U, 129U, 1000U}) {
    const Extent e{2, 3, columns};
    std::vector<float> values = numbers(e.cells(), 19);
    values.back() = -7;  // a causal mask leaves it only where there are at most three keys
    StorageBuffer found;
    found.resize(3, 1 << 20);
    found.write(std::vector<std::uint32_t>(3, 0));
    const GuardedBuffer in(values);
    MaskBuffers causal;
    causal.causal = true;
    gpu.operations.largest(in.id(), nullptr, found.id(), 0, e);
    gpu.operations.largest(in.id(), &causal, found.id(), 1, e);
    double visible_largest = 0;
    for (std::size_t cell = 0; cell < values.size(); ++cell) {
      if (cell % columns <= cell / columns % 3)
        visible_largest = std::max(visible_largest, std::abs(static_cast<double>(values[cell])));
    }
    values[values.size() / 2] = -infinity;
    const GuardedBuffer with_infinity(values);
    gpu.operations.largest(with_infinity.id(), nullptr, found.id(), 2, e);
    std::vector<float> result(3);
    found.read(result);
    CHECK(result[0] == 7.0f);
    CHECK(static_cast<double>(result[1]) == visible_largest);
    CHECK(result[2] == infinity);
  }
}

TEST_CASE("the exponential is good to a few units over its whole range") {
  Gpu gpu;
  // Two scores a row: the second share is e / (1 + e) with e = exp(−t).
  std::vector<float> scores;
  for (float t = 0; t < 110.0f; t += 0.37f) scores.insert(scores.end(), {0.0f, -t});
  const auto rows = static_cast<GLuint>(scores.size() / 2);
  const GuardedBuffer in(scores);
  const GuardedBuffer out(scores.size());
  gpu.operations.softmax(in.id(), out.id(), {1, rows, 2}, false);
  const auto expected = [&](std::size_t i) {
    const double e = std::exp(static_cast<double>(scores[i | 1]));
    return (i % 2 == 0 ? 1.0 : e) / (1.0 + e);
  };
  check_cells(out, "exp", expected, [&](std::size_t i) { return 4 * kUnit * expected(i) + 0x1p-126; });
}

TEST_CASE("the hyperbolic tangent keeps its digits near zero and ends at one") {
  Gpu gpu;
  std::vector<float> q = {0.0f, -0.0f, 1e-30f, -1e-20f, 1e-6f, -1e-4f, 50.0f, -1000.0f, 1e30f};
  for (float x = -12.0f; x < 12.0f; x += 0.0371f) q.push_back(x);
  const std::vector<float> k = {0.0f};
  const std::vector<float> v = {1.0f};
  const GuardedBuffer q_buffer(q);
  const GuardedBuffer k_buffer(k);
  const GuardedBuffer v_buffer(v);
  const GuardedBuffer out(q.size());
  gpu.operations.additive_scores(q_buffer.id(), k_buffer.id(), v_buffer.id(), out.id(),
                                 {1, static_cast<GLuint>(q.size()), 1}, 1, 1);
  const auto expected = [&](std::size_t i) { return std::tanh(static_cast<double>(q[i])); };
  check_cells(out, "tanh", expected, [&](std::size_t i) { return 12 * kUnit * std::abs(expected(i)); });
}

TEST_CASE("additive scores sum over the hidden units of every query and key") {
  Gpu gpu;
  const Extent e{4, 17, 3};
  const std::size_t width = 5;
  const std::vector<float> q = numbers(4 * 17 * width, 9);
  const std::vector<float> k = numbers(2 * 3 * width, 10);
  const std::vector<float> v = numbers(width, 11);
  const GuardedBuffer q_buffer(q);
  const GuardedBuffer k_buffer(k);
  const GuardedBuffer v_buffer(v);
  const GuardedBuffer out(std::size_t{e.cells()});
  gpu.operations.additive_scores(q_buffer.id(), k_buffer.id(), v_buffer.id(), out.id(), e, width, 2);
  const auto expected = [&](std::size_t cell) {
    const std::size_t j = cell % 3;
    const std::size_t i = cell / 3 % 17;
    const std::size_t h = cell / 51;
    double sum = 0;
    for (std::size_t t = 0; t < width; ++t) {
      sum += static_cast<double>(v[t]) * std::tanh(static_cast<double>(q[(h * 17 + i) * width + t]) +
                                                   static_cast<double>(k[(h / 2 * 3 + j) * width + t]));
    }
    return sum;
  };
  check_cells(out, "additive", expected, [&](auto) { return 5 * 20 * kUnit; });
}

TEST_CASE("without normalisation a score is its own weight and a hidden one is zero") {
  Gpu gpu;
  const std::vector<float> scores = {1.5f, kHidden, -2.0f, 0.0f, kHidden};
  const GuardedBuffer in(scores);
  const GuardedBuffer out(scores.size());
  gpu.operations.scores_as_weights(in.id(), out.id(), 5);
  check_cells(
      out, "weights",
      [&](std::size_t i) { return scores[i] == kHidden ? 0.0 : static_cast<double>(scores[i]); },
      [](auto) { return 0.0; });
}

TEST_CASE("dropout keeps the cells that the CPU keeps") {
  Gpu gpu;
  const Extent e{3, 17, 15};
  const std::uint64_t seed = 8610195713;
  const double p = 0.3;
  const std::vector<float> weights = numbers(e.cells(), 12);
  const GuardedBuffer in(weights);
  const GuardedBuffer out(std::size_t{e.cells()});
  gpu.operations.dropout(in.id(), out.id(), e, static_cast<GLuint>(seed), static_cast<GLuint>(seed >> 32),
                         static_cast<GLuint>(std::ceil(p * 0x1p32)), static_cast<float>(1 - p));
  std::size_t kept = 0;
  const auto expected = [&](std::size_t cell) {
    const bool keep = dropout_uniform(seed, cell / (17 * 15), cell / 15 % 17, cell % 15) >= p;
    kept += keep ? 1 : 0;
    return keep ? static_cast<double>(weights[cell]) / (1 - p) : 0.0;
  };
  check_cells(out, "dropout", expected, [&](auto) { return 8 * kUnit; });
  CHECK(kept > e.cells() / 2);
  CHECK(kept < e.cells());
}

TEST_CASE("rows of any magnitude keep their direction when they are normalised") {
  Gpu gpu;
  const std::size_t columns = 3;
  // Ordinary, all zero, huge, tiny, and below the normal range of float32.
  const std::vector<float> values = {3,      -4,     0,       0,      0,       0, 3e38f,  -3e38f,   1e38f,
                                     1e-30f, 2e-30f, -2e-30f, 3e-39f, -4e-39f, 0, 1e-38f, 1.2e-38f, 2e-39f};
  const GuardedBuffer in(values);
  const GuardedBuffer out(values.size());
  gpu.operations.normalise_rows(in.id(), out.id(), static_cast<GLuint>(values.size() / columns), columns);
  const auto expected = [&](std::size_t i) {
    const std::size_t row = i / columns * columns;
    double squares = 0;
    for (std::size_t t = 0; t < columns; ++t)
      squares += static_cast<double>(values[row + t]) * static_cast<double>(values[row + t]);
    return squares == 0 ? 0.0 : static_cast<double>(values[i]) / std::sqrt(squares);
  };
  check_cells(out, "unit rows", expected, [](auto) { return 10 * kUnit; });
}

TEST_CASE("rotary positions turn every pair of every head by its angle") {
  Gpu gpu;
  for (const std::size_t rows : {1U, 17U}) {
    const std::size_t columns = 6;
    const Extent e{2, static_cast<GLuint>(rows), 6};
    const std::vector<float> values = numbers(e.cells(), 13);
    std::vector<float> turns;
    for (std::size_t p = 0; p < rows; ++p) {
      for (std::size_t pair = 0; pair < 3; ++pair) {
        turns.push_back(static_cast<float>(std::cos(rotary_angle(p, pair, columns))));
        turns.push_back(static_cast<float>(std::sin(rotary_angle(p, pair, columns))));
      }
    }
    const GuardedBuffer in(values);
    const GuardedBuffer table(turns);
    const GuardedBuffer out(std::size_t{e.cells()});
    gpu.operations.rotate_pairs(in.id(), table.id(), out.id(), e);
    const std::vector<double> wide = widened(values);
    std::vector<double> exact(wide.size());
    for (std::size_t h = 0; h < 2; ++h) {
      const std::size_t start = h * rows * columns;
      rotate_pairs<double>(MatrixView<const double>{wide.data() + start, rows, columns, columns},
                           MatrixView<double>{exact.data() + start, rows, columns, columns});
    }
    check_cells(
        out, fmt::format("{} rows", rows), [&](std::size_t i) { return exact[i]; },
        [](auto) { return 8 * kUnit; });
  }
}

TEST_CASE("the ALiBi table is read by head and distance") {
  Gpu gpu;
  const Extent e{2, 5, 17};
  const std::vector<float> values = numbers(e.cells(), 14);
  const std::vector<float> bias = numbers(2 * 17, 15);
  const GuardedBuffer in(values);
  const GuardedBuffer table(bias);
  const GuardedBuffer out(std::size_t{e.cells()});
  gpu.operations.alibi(in.id(), table.id(), 17, out.id(), e);
  const auto expected = [&](std::size_t cell) {
    const std::size_t j = cell % 17;
    const std::size_t i = cell / 17 % 5;
    return static_cast<double>(values[cell] + bias[cell / 85 * 17 + (i > j ? i - j : j - i)]);
  };
  check_cells(out, "alibi", expected, [](auto) { return 0.0; });
}
