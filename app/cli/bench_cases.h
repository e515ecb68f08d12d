#pragma once
// What `bench` times of the engine.

#include <vector>

#include "app/cli/commands.h"

namespace attn::cli {

/// Inputs are made when a case is first prepared, so that a case which is not asked for costs nothing.
std::vector<BenchCase> engine_cases();

}  // namespace attn::cli
