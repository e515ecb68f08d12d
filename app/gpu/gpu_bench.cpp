#include "app/gpu/gpu_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "app/gpu/device_timer.h"
#include "app/gpu/gpu_device.h"
#include "app/platform/offscreen.h"

namespace attn::gpu {
namespace {

constexpr std::uint64_t kBenchBytes = std::uint64_t{8} << 30;

struct BenchSizes {
  GLuint product, sequence, d_model, heads, long_sequence;
};
constexpr BenchSizes kOnDevice{4096, 4096, 768, 12, 65536};
constexpr BenchSizes kOnProcessor{128, 64, 32, 2, 256};
constexpr GLuint kHeadWidth = 64;

/// Numbers in [-1, 1) times `spread`.
std::vector<float> bench_numbers(std::size_t count, std::uint32_t seed, float spread) {
  std::vector<float> values(count);
  std::uint32_t state = 2 * seed + 1;
  for (float& value : values) {
    state *= 747796405u;
    value = (static_cast<float>(state >> 8) * 0x1p-23f - 1.0f) * spread;
  }
  return values;
}

StorageBuffer filled(std::size_t count, std::uint32_t seed, float spread = 1.0f) {
  StorageBuffer buffer;
  buffer.resize(count, kBenchBytes);
  buffer.write(bench_numbers(count, seed, spread));
  return buffer;
}

StorageBuffer room(std::size_t count) {
  StorageBuffer buffer;
  buffer.resize(count, kBenchBytes);
  return buffer;
}

SharedMatrix bench_matrix(std::size_t rows, std::size_t columns, std::uint32_t seed) {
  const std::vector<float> values =
      bench_numbers(rows * columns, seed, 1.0f / std::sqrt(static_cast<float>(columns)));
  Matrix matrix(rows, columns);
  for (std::size_t i = 0; i < rows; ++i)
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(i * columns), columns, matrix.row(i).begin());
  return SharedMatrix(matrix);
}

Input bench_layer(const BenchSizes& sizes, bool causal) {
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(sizes.sequence, "t");
  input.x = bench_matrix(sizes.sequence, sizes.d_model, 1);
  input.config.heads = sizes.heads;
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  input.config.mask.causal = causal;
  std::uint32_t seed = 2;
  for (const ParameterId id : {ParameterId::w_q, ParameterId::w_k, ParameterId::w_v, ParameterId::w_o})
    input.parameters[id] = bench_matrix(sizes.d_model, sizes.d_model, seed++);
  return input;
}

/// Runs on the device's thread.
class Measurement {
 public:
  Measurement(GpuDevice& device, const BenchSizes& sizes, unsigned rounds, std::string only)
      : forward_(device.forward()),
        operations_(forward_.operations()),
        sizes_(sizes),
        rounds_(rounds),
        only_(std::move(only)) {}

  std::vector<GpuTiming> run() {
    copies();
    products();
    attention_products();
    softmax();
    passes();
    drag();
    statistics();
    check_gl_error();
    return std::move(timings_);
  }

 private:
  bool asked(const std::string& name) const { return name.find(only_) != std::string::npos; }

  void time(const std::string& name, const std::function<void()>& commands, double operations, double bytes) {
    if (!asked(name)) return;
    commands();  // compiles, makes room, measures tiles
    std::vector<double> seconds;
    for (unsigned round = 0; round < rounds_; ++round) seconds.push_back(device_seconds(commands));
    std::ranges::sort(seconds);
    timings_.push_back({name, seconds[seconds.size() / 2], seconds.front(), operations, bytes});
  }

  /// What the memory gives: the measure of softmax.
  void copies() {
    const std::size_t words = std::size_t{sizes_.product} * sizes_.product * 8;
    const std::string name = fmt::format("copy of {} MB", words * 4 / 1000000);
    if (!asked(name)) return;
    const StorageBuffer from = room(words);
    const StorageBuffer to = room(words);
    time(
        name,
        [&] {
          glBindBuffer(GL_COPY_READ_BUFFER, from.id());
          glBindBuffer(GL_COPY_WRITE_BUFFER, to.id());
          glCopyBufferSubData(GL_COPY_READ_BUFFER, GL_COPY_WRITE_BUFFER, 0, 0,
                              static_cast<GLsizeiptr>(words * 4));
        },
        0, 8.0 * static_cast<double>(words));
  }

  void products() {
    const GLuint n = sizes_.product;
    const std::string name = fmt::format("GEMM {0} x {0} x {0}", n);
    const auto asked_in = [&](const ProductTile& tile) { return asked(name + ", tile " + text(tile)); };
    if (!asked(name) && !std::ranges::any_of(product_tiles(), asked_in)) return;
    const std::size_t cells = std::size_t{n} * n;
    const StorageBuffer a = filled(cells, 1);
    const StorageBuffer b = filled(cells, 2);
    const StorageBuffer c = room(cells);
    const double operations = 2.0 * static_cast<double>(cells) * n;
    const auto multiply = [&] {
      operations_.multiply(dense(a.id(), n, n), dense(b.id(), n, n), {}, dense(c.id(), n, n), {1, n, n}, n);
    };
    time(name, multiply, operations, 0);
    for (const ProductTile& tile : product_tiles()) {
      if (!operations_.tiles().fits(tile)) continue;
      operations_.tiles().force(tile);
      time(name + ", tile " + text(tile), multiply, operations, 0);
    }
    operations_.tiles().force(std::nullopt);
  }

  void attention_products() {
    const GLuint n = sizes_.sequence;
    const GLuint d = sizes_.d_model / sizes_.heads;
    const std::string scores = fmt::format("scores, heads {}, n {}, d_head {}", sizes_.heads, n, d);
    const std::string outputs = fmt::format("head outputs, heads {}, n {}, d_head {}", sizes_.heads, n, d);
    if (!asked(scores) && !asked(outputs)) return;
    const StorageBuffer q = filled(std::size_t{sizes_.heads} * n * d, 1);
    const StorageBuffer k = filled(std::size_t{sizes_.heads} * n * d, 2);
    const StorageBuffer maps = filled(std::size_t{sizes_.heads} * n * n, 3);
    const double operations = 2.0 * sizes_.heads * n * static_cast<double>(n) * d;
    time(
        scores,
        [&] {
          operations_.multiply(dense(q.id(), n, d), dense(k.id(), n, d).transposed(), {},
                               dense(maps.id(), n, n), {sizes_.heads, n, n}, d);
        },
        operations, 0);
    time(
        outputs,
        [&] {
          operations_.multiply(dense(maps.id(), n, n), dense(k.id(), n, d), {}, dense(q.id(), n, d),
                               {sizes_.heads, n, d}, n);
        },
        operations, 0);
  }

  void softmax() {
    const Extent extent{sizes_.heads, sizes_.sequence, sizes_.sequence};
    const std::string name = fmt::format("softmax, {} x {} x {}", extent.heads, extent.rows, extent.columns);
    if (!asked(name)) return;
    const std::size_t cells = std::size_t{extent.heads} * extent.rows * extent.columns;
    const StorageBuffer scores = filled(cells, 1, 5.0f);
    const StorageBuffer weights = room(cells);
    const bool had = operations_.uses_subgroups();
    for (const bool subgroups : {true, false}) {
      if (operations_.use_subgroups(subgroups) != subgroups) continue;
      time(
          name + (subgroups ? ", subgroups" : ""),
          [&] { operations_.attention_weights(scores.id(), 0.125f, {}, weights.id(), extent); }, 0,
          8.0 * static_cast<double>(cells));
    }
    operations_.use_subgroups(had);
  }

  void passes() {
    for (const bool causal : {false, true}) {
      const std::string name = fmt::format("forward, n {}, d {}, heads {}{}", sizes_.sequence, sizes_.d_model,
                                           sizes_.heads, causal ? ", causal" : "");
      if (!asked(name)) continue;
      const Input input = bench_layer(sizes_, causal);
      const Dimensions d = validate(input);
      const double n = sizes_.sequence;
      const double width = sizes_.d_model;
      time(
          name, [&] { forward_.run(input, d, nullptr); }, 2 * (4 * n * width * width + 2 * n * n * width), 0);
    }
  }

  void drag() {
    const GLuint n = sizes_.long_sequence;
    const std::string name = fmt::format("drag of a word, n {}, d_head {}", n, kHeadWidth);
    if (!asked(name)) return;
    const std::size_t cells = std::size_t{n} * kHeadWidth;
    const StorageBuffer q = filled(cells, 1);
    const StorageBuffer k = filled(cells, 2);
    const StorageBuffer v = filled(cells, 3);
    const StorageBuffer rest = filled(cells, 4);
    const StorageBuffer reference = filled(n, 5);
    StorageBuffer sums = room(n);
    sums.write(std::vector<float>(n, static_cast<float>(n)));
    StorageBuffer word = room(2 * kHeadWidth);
    StorageBuffer query = room(kHeadWidth);
    const std::vector<float> word_now = bench_numbers(2 * kHeadWidth, 6, 1);
    const std::vector<float> query_now = bench_numbers(kHeadWidth, 7, 1);
    const StorageBuffer out = room(cells);
    const Operations::DragShape shape{{1, n, n}, kHeadWidth, kHeadWidth, 1, 0.125f};
    const StorageBuffer parts = room(Operations::query_parts_words(shape));
    time(
        name,
        [&] {
          word.write(word_now);
          query.write(query_now);
          operations_.drag_rejoin(q.id(), {rest.id(), reference.id(), sums.id()}, word.id(), n / 2, {},
                                  out.id(), shape);
          operations_.drag_query(k.id(), v.id(), query.id(), n / 2, {}, parts.id(), out.id(), shape);
        },
        0, 4.0 * 5 * static_cast<double>(cells));
  }

  void statistics() {
    const GLuint n = sizes_.long_sequence;
    for (const bool causal : {false, true}) {
      const std::string name =
          fmt::format("row statistics, n {}, d_head {}{}", n, kHeadWidth, causal ? ", causal" : "");
      if (!asked(name)) continue;
      const StorageBuffer q = filled(std::size_t{n} * kHeadWidth, 1);
      const StorageBuffer k = filled(std::size_t{n} * kHeadWidth, 2);
      const StorageBuffer maxima = room(n);
      const StorageBuffer sums = room(n);
      MaskBuffers mask;
      mask.causal = causal;
      const double pairs = static_cast<double>(n) * n / (causal ? 2 : 1);
      time(
          name,
          [&] {
            operations_.row_statistics(dense(q.id(), n, kHeadWidth),
                                       dense(k.id(), n, kHeadWidth).transposed(), 0.125f, mask, maxima.id(),
                                       sums.id(), {1, n, n}, kHeadWidth);
          },
          2 * pairs * kHeadWidth, 0);
    }
  }

  GpuForward& forward_;
  Operations& operations_;
  BenchSizes sizes_;
  unsigned rounds_;
  std::string only_;
  std::vector<GpuTiming> timings_;
};

}  // namespace

GpuBench gpu_bench(unsigned rounds, const std::string& only, const GpuOptions& options) {
  GpuBench bench;
  GpuOptions complete = options;
  if (!complete.context)
    complete.context = gl::offscreen_factory({.needed = {4, 3}, .prefer_hardware = true});
  bench.status = make_gpu_backend(complete).status;
  if (bench.status.available && !bench.status.software) {
    complete.every_shader = true;  // known to be a device worth the time
    bench.status = make_gpu_backend(complete).status;
  }
  if (!bench.status.available) return bench;
  try {
    GpuDevice device(complete);
    bench.cases = device.thread().call([&] {
      if (bench.status.software) {
        device.forward().operations().tiles().set_limits(0, 0);
      } else {
        const std::string who = device.info().renderer + ", " + device.info().version_string;
        device.forward().operations().tiles().measure({device_seconds, who, &device.measured()});
      }
      return Measurement(device, bench.status.software ? kOnProcessor : kOnDevice, rounds, only).run();
    });
  } catch (const std::exception& error) {
    bench.status.available = false;
    bench.status.reason = error.what();
  }
  return bench;
}

}  // namespace attn::gpu
