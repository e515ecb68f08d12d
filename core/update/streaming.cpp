#include "core/update/streaming.h"

#include <limits>

#include <fmt/format.h>

#include "core/attention/error.h"
#include "core/attention/stage.h"
#include "core/kernel/kernels.h"
#include "core/update/score_cells.h"

namespace attn {
namespace {

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::uint64_t>::max() : sum;
}

}  // namespace

std::string why_not_streamed(const Input& input) {
  const Config& config = input.config;
  if (config.attend_over == AttendOver::features) return "attention over features has no table of tokens";
  if (config.softmax_axis == SoftmaxAxis::queries && config.normalise != Normalise::none) {
    return "softmax over the queries needs whole columns";
  }
  return {};
}

std::uint64_t streamed_bytes(const Input& input, const Dimensions& d) {
  return saturating_sum(trace_bytes_without_scores(input, d, sizeof(float)), ScoreCells::bytes(input, d));
}

std::uint64_t streamed_peak_bytes(const Input& input, const Dimensions& d) {
  const std::uint64_t values = d.n_kv_heads * kernel::panel_size(d.n_keys, d.d_v) * sizeof(float);
  return saturating_sum(streamed_bytes(input, d), kStreamingRoom + values);
}

bool is_streamed(const Input& input, const Dimensions& d, std::uint64_t memory_limit) {
  return trace_bytes(input, d, sizeof(float)) > memory_limit && why_not_streamed(input).empty() &&
         streamed_peak_bytes(input, d) <= memory_limit;
}

bool needs_streaming(const Input& input, const Dimensions& d, std::uint64_t memory_limit) {
  const std::uint64_t needed = trace_bytes(input, d, sizeof(float));
  if (needed <= memory_limit) return false;
  if (is_streamed(input, d, memory_limit)) return true;
  const std::string figures =
      fmt::format("the trace of {} queries × {} keys × {} heads needs {} bytes, allowed are {}", d.n_queries,
                  d.n_keys, d.n_heads, needed, memory_limit);
  if (const std::string reason = why_not_streamed(input); !reason.empty()) {
    throw RunError(fmt::format("{}; it cannot be made a part at a time: {}", figures, reason));
  }
  const std::uint64_t streamed = streamed_peak_bytes(input, d);
  if (streamed >= needed) throw RunError(figures);
  throw RunError(fmt::format("{}; made a part at a time it needs {}", figures, streamed));
}

}  // namespace attn
