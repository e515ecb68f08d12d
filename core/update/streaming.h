#pragma once
// Which traces are stored, which are streamed, and which are refused.
//
// Stored: every number of every stage, as long as that has room. Streamed (streamed_trace.h), where the
// tables of queries × keys have no room: every other stage is stored, and of the tables two numbers a query;
// their cells are made when they are read. That needs weights of which each comes from its own row: not
// softmax over the queries.

#include <cstdint>
#include <string>

#include "core/attention/input.h"

namespace attn {

/// Room for what readers of a streamed trace look at, and for what its threads compute in.
inline constexpr std::uint64_t kStreamingRoom = std::uint64_t{64} << 20;

/// Why the tables of these settings cannot be made a part at a time, in a few words; empty where they can.
std::string why_not_streamed(const Input& input);

/// Bytes that a streamed trace keeps for good, saturating: the stages that are stored, and what the tables
/// are made from.
std::uint64_t streamed_bytes(const Input& input, const Dimensions& d);
/// The most that it takes, with kStreamingRoom and what the pass over all scores needs while it runs.
std::uint64_t streamed_peak_bytes(const Input& input, const Dimensions& d);

/// Whether the trace has room only when it is streamed.
bool is_streamed(const Input& input, const Dimensions& d, std::uint64_t memory_limit);
/// The same. Throws RunError with the figures where the trace has no room either way.
bool needs_streaming(const Input& input, const Dimensions& d, std::uint64_t memory_limit);

}  // namespace attn
