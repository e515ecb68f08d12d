#pragma once
// What a processor can do at most, measured.

namespace attn::kernel {

/// Operations a second (multiplications and additions, float32) of the calling thread in a loop that does
/// nothing else, by its processor time; 0 where the processor has no FMA. Takes a few milliseconds.
double measured_peak();

}  // namespace attn::kernel
