#pragma once
// The subcommands that need no window. Each returns an exit code, writes results to `out`, and throws
// io::FormatError, std::invalid_argument or RunError with one line for what is wrong with the input.

#include <cstdio>

#include "app/cli/options.h"

namespace attn::cli {

int trace(const TraceOptions& options, std::FILE* out);
int explain(const ExplainOptions& options, std::FILE* out);
int verify(const VerifyOptions& options, std::FILE* out);
int info(const InfoOptions& options, std::FILE* out);
int bench(const BenchOptions& options, std::FILE* out);

}  // namespace attn::cli
