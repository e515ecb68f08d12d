#pragma once
// The backend that a command was asked to use.

#include <cstdio>
#include <stdexcept>
#include <string>

#include "app/gpu/backend_choice.h"
#include "core/attention/backend.h"

namespace attn::cli {

/// --backend gpu where there is no OpenGL that passes its self-check: exit code 1.
struct NoGpu : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class AskedBackend {
 public:
  explicit AskedBackend(gpu::BackendChoice choice);
  /// Throws NoGpu when the GPU was asked for by name and cannot be had, RunError as every backend.
  RunResult run(const Input& input, const RunOptions& options);
  /// One line for what ran where, when it was not simply the CPU.
  void print_notes(const RunResult& result, std::FILE* out) const;
  std::string description() const { return backend_.description(); }

 private:
  gpu::BackendChoice choice_;
  gpu::ChosenBackend backend_;
};

}  // namespace attn::cli
