#pragma once
// Edits that fill a whole parameter. Part of edit.h; SetParameter, there, sets given numbers or takes them
// away.

#include <cstdint>

#include "app/session/document.h"
#include "app/session/message.h"

namespace attn::session {

enum class ParameterFill { random, identity, zeros };

/// A parameter filled anew, in the shape that it has or, where it is absent, that this input gives it.
///
/// random: normally distributed with standard deviation 1/√fan_in, so that what it makes is about as large as
/// what goes in. fan_in is how many numbers a result of it is summed from: the rows of a matrix; for b_Q,
/// b_K, b_V and b_O those of their matrix; for the additive v its own length. Number (i, j) is
/// philox_normal(seed, {j, i, index of the parameter in kParameterIds, 1}) / √fan_in, rounded to float32: the
/// same on every machine whose logarithm and cosine are right to the last bit but one. (The last word keeps
/// it apart from dropout.)
///
/// identity: ones on the diagonal, for square matrices that are no biases. zeros: a matrix of zeros.
struct FillParameter {
  ParameterId id = ParameterId::w_q;
  ParameterFill fill = ParameterFill::zeros;
  std::uint64_t seed = 0;  ///< < 2^53, read only by random
};

/// How many numbers a result of this parameter is summed from.
std::size_t fan_in(const Dimensions& d, ParameterId id);

/// Throws EditRefused.
Document changed(const Document& document, const FillParameter& edit);
Message label_of(const Input& before, const FillParameter& edit);

bool is_bias(ParameterId id);
/// w_q, w_k, w_v and w_o: absent, they are the identity.
bool is_projection(ParameterId id);
/// Whether this input reads the parameter at all: that of the bilinear score only under that score, and so
/// on.
bool takes_part(const Input& input, ParameterId id);

}  // namespace attn::session
