#include "app/gpu/operations_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "app/gpu/storage_buffer.h"
#include "core/attention/error.h"

namespace attn::gpu {
namespace {

using Doubles = std::vector<double>;

constexpr double kRound = 0x1p-24;
constexpr std::uint64_t kCheckBytes = std::uint64_t{1} << 28;
constexpr std::size_t kGuardWords = 300;
constexpr std::uint32_t kGuardBits = 0x7fc0dead;  // a quiet NaN

GLuint size32(std::size_t value) { return static_cast<GLuint>(value); }

std::vector<float> made_up(std::size_t count, std::uint32_t seed) {
  std::vector<float> values(count);
  std::uint32_t state = 2 * seed + 1;
  for (float& value : values) {
    state *= 747796405u;
    value = static_cast<float>(state >> 8) * 0x1p-23f - 1.0f;
  }
  return values;
}

/// Numbers on the GPU with guard numbers behind them.
class CheckBuffer {
 public:
  explicit CheckBuffer(std::size_t words) : words_(words) { fill({}); }
  explicit CheckBuffer(const std::vector<float>& values) : words_(values.size()) { fill(values); }
  GLuint id() const { return buffer_.id(); }
  /// Empty when a guard was written over.
  std::vector<float> read() const {
    std::vector<float> all(words_ + kGuardWords);
    buffer_.read(all);
    const auto guard = all.begin() + static_cast<std::ptrdiff_t>(words_);
    if (!std::all_of(guard, all.end(),
                     [](float value) { return std::bit_cast<std::uint32_t>(value) == kGuardBits; }))
      return {};
    all.erase(guard, all.end());
    return all;
  }

 private:
  void fill(const std::vector<float>& values) {
    std::vector<std::uint32_t> words(words_ + kGuardWords, kGuardBits);
    for (std::size_t i = 0; i < values.size(); ++i) words[i] = std::bit_cast<std::uint32_t>(values[i]);
    buffer_.resize(words.size(), kCheckBytes);
    buffer_.write(words);
  }
  std::size_t words_;
  StorageBuffer buffer_;
};

/// Compares a whole buffer; a NaN never passes.
std::string differing(const char* what, const CheckBuffer& buffer, const Doubles& expected, double relative,
                      double absolute) {
  const std::vector<float> found = buffer.read();
  if (found.size() != expected.size()) return fmt::format("{}: wrote past the end", what);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double allowed = relative * std::abs(expected[i]) + absolute;
    if (!(std::abs(static_cast<double>(found[i]) - expected[i]) <= allowed)) {
      return fmt::format("{}[{}] is {}, expected {}", what, i, found[i], expected[i]);
    }
  }
  return {};
}

/// Queries, keys and values of made-up numbers, and attention over them in float64.
class Made {
 public:
  Made(const OperationSize& asked, float spread)
      : size(asked),
        factor(1.0f / std::sqrt(static_cast<float>(size.width))),
        q(made_up(size.heads * size.queries * size.width, 1)),
        k(made_up(size.kv_heads * size.keys * size.width, 2)),
        v(made_up(size.kv_heads * size.keys * size.v_width, 3)),
        q_buffer((stretch(q, spread), q)),
        k_buffer(k),
        v_buffer(v) {
    mask.causal = size.causal;
    if (size.padded) {
      std::vector<std::uint32_t> words(size.keys);
      for (std::size_t j = 0; j < size.keys; ++j) words[j] = j % 3 == 0 ? 1 : 0;
      padding_.resize(words.size(), kCheckBytes);
      padding_.write(words);
      mask.padding = padding_.id();
    }
  }

  bool sees(std::size_t i, std::size_t j) const {
    return !(size.causal && j > i) && !(size.padded && j % 3 == 0);
  }
  std::size_t kv(std::size_t head) const { return head / (size.heads / size.kv_heads); }
  double score(std::size_t head, std::size_t i, std::size_t j) const {
    double total = 0;
    for (std::size_t t = 0; t < size.width; ++t) {
      total += static_cast<double>(q[(head * size.queries + i) * size.width + t]) *
               static_cast<double>(k[(kv(head) * size.keys + j) * size.width + t]);
    }
    return total * static_cast<double>(factor);
  }
  /// One row of attention, key `without` left out: maximum (−∞ where nothing is seen), Σ exp(s − maximum),
  /// and the weights, all 0 where nothing is seen.
  struct Row {
    double most = -std::numeric_limits<double>::infinity();
    double sum = 0;
    Doubles weights;
  };
  Row row(std::size_t head, std::size_t i, std::size_t without) const {
    Row found;
    Doubles scores(size.keys, -std::numeric_limits<double>::infinity());
    for (std::size_t j = 0; j < size.keys; ++j) {
      if (!sees(i, j) || j == without) continue;
      scores[j] = score(head, i, j);
      found.most = std::max(found.most, scores[j]);
    }
    for (const double s : scores) {
      found.weights.push_back(std::isinf(s) ? 0 : std::exp(s - found.most));
      found.sum += found.weights.back();
    }
    for (double& weight : found.weights) weight = found.sum > 0 ? weight / found.sum : 0;
    return found;
  }
  Doubles output(std::size_t head, const Row& row) const {
    Doubles out(size.v_width);
    for (std::size_t j = 0; j < size.keys; ++j) {
      for (std::size_t c = 0; c < size.v_width; ++c)
        out[c] += row.weights[j] * static_cast<double>(v[(kv(head) * size.keys + j) * size.v_width + c]);
    }
    return out;
  }
  Extent extent() const { return {size32(size.heads), size32(size.queries), size32(size.keys)}; }
  Stack queries() const { return dense(q_buffer.id(), size32(size.queries), size32(size.width)); }
  Stack keys() const {
    return dense(k_buffer.id(), size32(size.keys), size32(size.width), size32(size.heads / size.kv_heads));
  }
  Stack values() const {
    return dense(v_buffer.id(), size32(size.keys), size32(size.v_width), size32(size.heads / size.kv_heads));
  }
  /// The rounding of a score and of what follows from it, relative.
  double rounding() const {
    const double reach = 3.0 * std::sqrt(static_cast<double>(size.width)) * 3.0;  // of |scores|, and products
    return kRound * (static_cast<double>(size.width + size.keys) + 2.0) * (1.0 + reach);
  }

  OperationSize size;
  float factor;
  std::vector<float> q, k, v;
  CheckBuffer q_buffer, k_buffer, v_buffer;
  MaskBuffers mask;

 private:
  static void stretch(std::vector<float>& values, float by) {
    for (float& value : values) value *= by;
  }
  StorageBuffer padding_;
};

constexpr float kUsual = 3.0f;

}  // namespace

std::string check_row_statistics(Operations& operations, const OperationSize& size) {
  const Made made(size, kUsual);
  const std::size_t lines = size.heads * size.queries;
  const CheckBuffer maxima(lines);
  const CheckBuffer sums(lines);
  operations.row_statistics(made.queries(), made.keys().transposed(), made.factor, made.mask, maxima.id(),
                            sums.id(), made.extent(), size32(size.width));
  Doubles most;
  Doubles sum;
  for (std::size_t line = 0; line < lines; ++line) {
    const Made::Row row = made.row(line / size.queries, line % size.queries, size.keys);
    most.push_back(row.sum == 0 ? -static_cast<double>(std::numeric_limits<float>::max()) : row.most);
    sum.push_back(row.sum);
  }
  std::string problem = differing("row statistics: maximum", maxima, most, 0x1p-23, made.rounding());
  return problem.empty() ? differing("row statistics: sum", sums, sum, made.rounding(), 0) : problem;
}

std::string check_weights_tile(Operations& operations, const OperationSize& size) {
  const Made made(size, kUsual);
  const Extent extent = made.extent();
  const CheckBuffer maxima(size.heads * size.queries);
  const CheckBuffer sums(size.heads * size.queries);
  operations.row_statistics(made.queries(), made.keys().transposed(), made.factor, made.mask, maxima.id(),
                            sums.id(), extent, size32(size.width));
  Operations::Tile tile;
  tile.head = extent.heads - 1;
  tile.first_row = extent.rows / 3;
  tile.first_column = extent.columns / 4;
  tile.rows = (extent.rows - tile.first_row + 1) / 2;
  tile.columns = (extent.columns - tile.first_column + 1) / 2;
  Stack q = made.queries();
  q.first = tile.head * q.head + tile.first_row * q.row;
  Stack k = made.keys();
  k.first = size32(made.kv(tile.head)) * k.head + tile.first_column * k.row;
  const std::size_t cells = std::size_t{tile.rows} * tile.columns;
  const CheckBuffer scores(cells);
  const CheckBuffer out(cells);
  operations.multiply(q, k.transposed(), {}, dense(scores.id(), tile.rows, tile.columns),
                      {1, tile.rows, tile.columns}, size32(size.width));
  operations.weights_tile(scores.id(), made.factor, made.mask, maxima.id(), sums.id(), tile, out.id(),
                          extent);
  Doubles expected;
  for (std::size_t i = 0; i < tile.rows; ++i) {
    const Doubles weights = made.row(tile.head, tile.first_row + i, size.keys).weights;
    const auto first = weights.begin() + static_cast<std::ptrdiff_t>(tile.first_column);
    expected.insert(expected.end(), first, first + static_cast<std::ptrdiff_t>(tile.columns));
  }
  return differing("tile of weights", out, expected, 2 * made.rounding(), 0);
}

std::string check_drag(Operations& operations, const OperationSize& size) {
  Made made(size, kUsual);
  const std::size_t word = std::min(size.queries, size.keys) / 2;
  const std::size_t lines = size.heads * size.queries;
  // What stays, without the word's key, in float64.
  std::vector<float> rest;
  std::vector<float> reference;
  std::vector<float> sums;
  for (std::size_t line = 0; line < lines; ++line) {
    const Made::Row row = made.row(line / size.queries, line % size.queries, word);
    reference.push_back(static_cast<float>(row.most));
    sums.push_back(static_cast<float>(row.sum));
    for (const double number : made.output(line / size.queries, row))
      rest.push_back(static_cast<float>(number));
  }
  // The word moves, in every head.
  const std::vector<float> moved = made_up(size.kv_heads * (size.width + size.v_width), 7);
  const std::vector<float> query = made_up(size.heads * size.width, 8);
  for (std::size_t head = 0; head < size.kv_heads; ++head) {
    const float* from = moved.data() + head * (size.width + size.v_width);
    std::copy_n(from, size.width,
                made.k.begin() + static_cast<std::ptrdiff_t>((head * size.keys + word) * size.width));
    std::copy_n(from + size.width, size.v_width,
                made.v.begin() + static_cast<std::ptrdiff_t>((head * size.keys + word) * size.v_width));
  }
  for (std::size_t head = 0; head < size.heads; ++head)
    std::copy_n(query.begin() + static_cast<std::ptrdiff_t>(head * size.width), size.width,
                made.q.begin() + static_cast<std::ptrdiff_t>((head * size.queries + word) * size.width));
  const CheckBuffer k_now(made.k);
  const CheckBuffer v_now(made.v);
  const CheckBuffer rest_buffer(rest);
  const CheckBuffer reference_buffer(reference);
  const CheckBuffer sums_buffer(sums);
  const CheckBuffer moved_buffer(moved);
  const CheckBuffer query_buffer(query);
  const CheckBuffer out(rest.size());
  const Operations::DragShape shape{made.extent(), size32(size.width), size32(size.v_width),
                                    size32(size.heads / size.kv_heads), made.factor};
  const CheckBuffer parts(Operations::query_parts_words(shape));
  operations.drag_rejoin(made.q_buffer.id(), {rest_buffer.id(), reference_buffer.id(), sums_buffer.id()},
                         moved_buffer.id(), size32(word), made.mask, out.id(), shape);
  operations.drag_query(k_now.id(), v_now.id(), query_buffer.id(), size32(word), made.mask, parts.id(),
                        out.id(), shape);
  if (parts.read().empty()) return "drag: wrote past the end of the parts";
  Doubles expected;
  for (std::size_t line = 0; line < lines; ++line) {
    const std::size_t head = line / size.queries;
    const Doubles output = made.output(head, made.row(head, line % size.queries, size.keys));
    expected.insert(expected.end(), output.begin(), output.end());
  }
  return differing("drag: output", out, expected, 0, 2 * made.rounding());
}

std::string check_gradients(Operations& operations, const OperationSize& size) {
  const Made made(size, kUsual);
  const GLuint n = size32(size.queries);
  const GLuint m = size32(size.keys);
  const GLuint d = size32(size.width);
  const GLuint dv = size32(size.v_width);
  const GLuint heads = size32(size.heads);
  const std::vector<float> outer = made_up(size.heads * size.queries * size.v_width, 9);
  const CheckBuffer grad_outputs(outer);
  const std::size_t cells = size.heads * size.queries * size.keys;
  const CheckBuffer scores(cells);
  const CheckBuffer weights(cells);
  const CheckBuffer grad_weights(cells);
  const CheckBuffer grad_scores(cells);
  const CheckBuffer grad_q(made.q.size());
  const CheckBuffer grad_k(made.k.size());
  const CheckBuffer grad_v(made.v.size());
  const Extent all = made.extent();
  operations.multiply(made.queries(), made.keys().transposed(), {}, dense(scores.id(), n, m), all, d);
  operations.attention_weights(scores.id(), made.factor, made.mask, weights.id(), all);
  operations.multiply(dense(grad_outputs.id(), n, dv), made.values().transposed(), {},
                      dense(grad_weights.id(), n, m), all, dv);
  operations.softmax_gradient(weights.id(), grad_weights.id(), made.factor, grad_scores.id(), heads * n, m);
  operations.multiply(dense(grad_scores.id(), n, m), made.keys(), {}, dense(grad_q.id(), n, d), {heads, n, d},
                      m);
  operations.multiply(dense(grad_scores.id(), n, m).transposed(), made.queries(), {},
                      dense(grad_k.id(), m, d), {heads, m, d}, n);
  operations.multiply(dense(weights.id(), n, m).transposed(), dense(grad_outputs.id(), n, dv), {},
                      dense(grad_v.id(), m, dv), {heads, m, dv}, n);

  Doubles q(made.q.size());
  Doubles k(made.k.size());
  Doubles v(made.v.size());
  for (std::size_t head = 0; head < size.heads; ++head) {
    for (std::size_t i = 0; i < size.queries; ++i) {
      const Doubles alpha = made.row(head, i, size.keys).weights;
      Doubles g(size.keys);
      double mean = 0;
      for (std::size_t j = 0; j < size.keys; ++j) {
        for (std::size_t c = 0; c < size.v_width; ++c) {
          const auto from_above = static_cast<double>(outer[(head * size.queries + i) * size.v_width + c]);
          g[j] += from_above * static_cast<double>(made.v[(head * size.keys + j) * size.v_width + c]);
          v[(head * size.keys + j) * size.v_width + c] += alpha[j] * from_above;
        }
        mean += alpha[j] * g[j];
      }
      for (std::size_t j = 0; j < size.keys; ++j) {
        const double s = static_cast<double>(made.factor) * alpha[j] * (g[j] - mean);
        for (std::size_t t = 0; t < size.width; ++t) {
          const std::size_t at_q = (head * size.queries + i) * size.width + t;
          const std::size_t at_k = (head * size.keys + j) * size.width + t;
          q[at_q] += s * static_cast<double>(made.k[at_k]);
          k[at_k] += s * static_cast<double>(made.q[at_q]);
        }
      }
    }
  }
  const double allowed = 4 * made.rounding() * static_cast<double>(size.v_width);
  std::string problem = differing("gradient of q", grad_q, q, 0, allowed);
  if (problem.empty())
    problem = differing("gradient of k", grad_k, k, 0, allowed * static_cast<double>(kUsual));
  return problem.empty() ? differing("gradient of v", grad_v, v, 0, allowed) : problem;
}

void check_operations(Operations& operations) {
  const OperationSize causal{2, 1, 67, 67, 8, 5, true, false};
  const OperationSize padded{2, 2, 33, 130, 12, 16, false, true};
  const OperationSize same{2, 2, 33, 67, 12, 8, false, true};
  for (const auto& problem :
       {check_row_statistics(operations, causal), check_row_statistics(operations, padded),
        check_weights_tile(operations, causal), check_drag(operations, causal),
        check_drag(operations, padded), check_gradients(operations, same)}) {
    if (!problem.empty()) throw BackendLost(fmt::format("self-check '{}'", problem));
  }
}

}  // namespace attn::gpu
