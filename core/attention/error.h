#pragma once
#include <stdexcept>

namespace attn {

/// A valid scenario whose computation cannot be carried through (a score past float32, not enough
/// memory allowed). One line, for people.
struct RunError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The run was cancelled through its Progress; not a failure.
struct Cancelled : std::runtime_error {
  Cancelled() : std::runtime_error("cancelled") {}
};

/// The device behind a backend failed (context lost, shader refused). The input may be fine: another
/// backend should be asked.
struct BackendLost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace attn
