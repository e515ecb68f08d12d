#pragma once
// What `bench` times of long inputs, whose tables of queries × keys are made when they are read.

#include <vector>

#include "app/cli/commands.h"

namespace attn::cli {

/// One head of width 64 over 16,384 tokens; with `all` also over 32,768 and 65,536, which takes a minute.
std::vector<BenchCase> long_input_cases(bool all);

}  // namespace attn::cli
