#include "core/kernel/kernels.h"

#include <atomic>

#include "core/kernel/tables.h"

namespace attn::kernel {
namespace {

std::atomic<int> without_table{0};

}  // namespace

const Table* table() {
  static const Table* const kFound = avx2_table();
  return without_table.load(std::memory_order_relaxed) == 0 ? kFound : nullptr;
}

WithoutTable::WithoutTable() { ++without_table; }
WithoutTable::~WithoutTable() { --without_table; }

}  // namespace attn::kernel
