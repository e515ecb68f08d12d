#pragma once
// The tables that there are, each in a file of its own.

#include "core/kernel/kernels.h"

namespace attn::kernel {

/// Nothing where this processor has no AVX2 and FMA.
const Table* avx2_table();

}  // namespace attn::kernel
