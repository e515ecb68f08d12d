#pragma once
// The subcommands that need no window. Each returns an exit code, writes results to `out`, and throws
// io::FormatError, std::invalid_argument or RunError with one line for what is wrong with the input.

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "app/cli/options.h"

namespace attn::cli {

int trace(const TraceOptions& options, std::FILE* out);
int explain(const ExplainOptions& options, std::FILE* out);
/// `say` writes the comments in the language of the options; English where it is empty.
int code(const CodeOptions& options, std::FILE* out,
         const std::function<std::string(const session::Message&)>& say = {});
int verify(const VerifyOptions& options, std::FILE* out);
int import_arrays(const ImportOptions& options, std::FILE* out);
/// Checks, lists or plays lessons.
int lesson(const LessonOptions& options, std::FILE* out);
int info(const InfoOptions& options, std::FILE* out);

/// Something that `bench` times: run() is called as often as it takes.
struct BenchCase {
  std::string name;
  std::function<void()> run;
  std::function<void()> prepare = {};  ///< before a measurement, not timed; may be empty
  bool waits = false;                  ///< for other threads: timed by the clock on the wall; else one thread
  double operations = 0;  ///< multiplications and additions of its products, where that is of interest
  double bytes = 0;       ///< that it reads and writes, where that is of interest
  /// Runs that are timed one by one in a measurement, for their 99th percentile; 0: only how long they take
  /// on average is of interest.
  std::size_t samples = 0;
};
/// Times the engine, and what else the caller knows of. kBadInput where no case has the name that was asked
/// for.
int bench(const BenchOptions& options, std::FILE* out, const std::vector<BenchCase>& more = {});
/// `bench --gpu`. Throws NoGpu (backend.h).
int bench_gpu(const BenchOptions& options, std::FILE* out);

}  // namespace attn::cli
