#pragma once
// The random numbers of this program: counted, not drawn one after the other, so that a seed and a place
// name one number, whatever is asked for first.

#include <array>
#include <cstdint>

namespace attn {

/// Philox4x32-10: four words of 32 random bits for a key and a counter.
/// Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
std::array<std::uint32_t, 4> philox(std::uint64_t key, std::array<std::uint32_t, 4> counter);

/// A number of the standard normal distribution from the first two words u0, u1 of philox(key, counter):
/// √(−2 ln((u0 + ½) · 2⁻³²)) · cos(2π (u1 + ½) · 2⁻³²). At most 6.8 from 0, never infinite.
/// Source: Box and Muller 1958, "A note on the generation of random normal deviates".
double philox_normal(std::uint64_t key, std::array<std::uint32_t, 4> counter);

}  // namespace attn
