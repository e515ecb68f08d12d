#pragma once
// Operations that no stage of the forward pass uses, against the same in float64, with made-up numbers.

#include <cstddef>
#include <string>

#include "app/gpu/operations.h"

namespace attn::gpu {

struct OperationSize {
  std::size_t heads = 1;
  std::size_t kv_heads = 1;
  std::size_t queries = 1;
  std::size_t keys = 1;
  std::size_t width = 1;
  std::size_t v_width = 1;
  bool causal = false;
  bool padded = false;  ///< every third key is hidden
};

/// What disagrees, empty when nothing does: "row statistics: sum 3 is 0.5, expected 0.25".
std::string check_row_statistics(Operations& operations, const OperationSize& size);
std::string check_weights_tile(Operations& operations, const OperationSize& size);
/// One word moves, as query and key.
std::string check_drag(Operations& operations, const OperationSize& size);
/// From dL/d(head outputs) to q, k and v; kv_heads is heads.
std::string check_gradients(Operations& operations, const OperationSize& size);

/// All of them at a few sizes. Throws BackendLost: "self-check 'row statistics: …'".
void check_operations(Operations& operations);

}  // namespace attn::gpu
