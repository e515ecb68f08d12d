#pragma once
// The trace of an input, every number of it in memory.

#include <memory>

#include "core/attention/attention.h"
#include "core/attention/trace.h"

namespace attn::test {

inline std::shared_ptr<const StoredTrace> trace_of(const Input& input) {
  auto arrays = std::make_shared<Arrays<float>>();
  forward<float>(input, validate(input), *arrays);
  return std::make_shared<StoredTrace>(input, arrays, 1);
}

}  // namespace attn::test
