#pragma once
// What a backend must get right before it is used.

#include <string>
#include <vector>

#include "app/gpu/product_tiles.h"
#include "core/attention/backend.h"
#include "core/attention/input.h"

namespace attn::gpu {

struct CheckCase {
  std::string name;
  Input input;
};

/// Built-in inputs that together use every operation: sizes below, at and above a tile of 16, not square,
/// an inner size of 1, grouped heads, every mask, rows that see nothing. The numbers are the same on every
/// machine.
std::vector<CheckCase> check_cases();

/// Runs every case and compares every stage with the CPU's float64 within its error bound.
/// Throws BackendLost at the first that disagrees: "self-check 'causal, 17 tokens': weights[0][3,2] is
/// 0.25, expected 0.125 (12 × the bound)".
void self_check(Backend& backend);
/// The same for inputs that are made of products, while the backend makes all of them in this tile; the
/// message names it.
void self_check_products(Backend& backend, const ProductTile& tile);

}  // namespace attn::gpu
