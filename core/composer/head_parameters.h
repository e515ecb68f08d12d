#pragma once
// The columns of Q and K, or of V and rows of W_O, that belong to one head: read and written.

#include <optional>

#include "core/attention/input.h"
#include "core/attention/matrix.h"

namespace attn {

/// A projection's columns of one head and its bias there. Absent bias: none is needed.
struct HeadProjection {
  Matrix w;                 ///< [width of the side, columns of the head]
  std::vector<float> bias;  ///< columns of the head, all 0 where there is none
  bool operator==(const HeadProjection&) const = default;
};

/// Those of a head as they are; an identity is written out. `w` is w_q, w_k or w_v, `b` its bias.
HeadProjection head_projection(const Input& input, const Dimensions& d, ParameterId w, std::size_t head);
/// Puts them back. A bias of zeros makes no bias where there was none.
void set_head_projection(Input& input, const Dimensions& d, ParameterId w, std::size_t head,
                         const HeadProjection& projection);

/// A parameter as a dense matrix, the identity written out.
Matrix dense_parameter(const Input& input, const Dimensions& d, ParameterId id);

}  // namespace attn
