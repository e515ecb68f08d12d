#pragma once
// Parameters as products read them, kept from one forward pass to the next: while words are dragged their
// parameters stay as they are.

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/attention/shared_matrix.h"
#include "core/kernel/block.h"
#include "core/kernel/kernels.h"

namespace attn {

/// The last few parameter matrices in panels (kernels.h), one thread's own.
class PackedParameters {
 public:
  /// The panels of w [rows, heads · columns], those of head 0 first. Packed anew, on many threads if
  /// `shared`, unless they are kept. The pointer is good until the next call.
  const float* panels(const kernel::Table& table, const SharedMatrix& w, std::size_t heads, bool shared);

 private:
  /// W_Q, W_K, W_V and W_O of one layer.
  static constexpr std::size_t kKept = 4;
  /// Numbers of a matrix beyond which packing is little beside the product, and keeping it is dear.
  static constexpr std::size_t kMostKept = std::size_t{1} << 22;

  struct Kept {
    SharedMatrix of;  ///< keeps its rows alive, so that the same rows are the same numbers
    std::size_t heads = 0;
    std::uint64_t used = 0;
    kernel::Block<float> panels;
  };
  std::array<Kept, kKept> kept_;
  std::uint64_t now_ = 0;
};

/// The calling thread's own.
PackedParameters& packed_parameters();

}  // namespace attn
