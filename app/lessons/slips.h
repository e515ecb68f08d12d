#pragma once
// The usual slips: what would come out if one were made, computed by the engine, so that a wrong answer can
// be recognised for what it is.

#include <optional>
#include <string_view>
#include <vector>

#include "app/lessons/evaluate.h"
#include "app/session/message.h"

namespace attn::lessons {

enum class Slip {
  no_scale,            ///< the scale (and temperature) forgotten
  axes_swapped,        ///< the cell's mirror image, the column for the row
  columns_normalised,  ///< each column made to sum to 1
  no_exponential,      ///< scores divided by their sum
  k_for_q,             ///< keys in place of queries
  heads_averaged,      ///< heads averaged in place of joined
  mask_as_zero,        ///< 0 in place of −∞ under the mask
  before_softmax       ///< the score itself given as the share
};
inline constexpr std::size_t kSlipCount = 8;

std::string_view name(Slip slip);  ///< "no_scale", …
/// What the learner is told.
session::Message message_of(Slip slip);

struct SlipValue {
  Slip slip = Slip::no_scale;
  Value value;
};

/// What each slip would give for this cell (a number) or row (a list), those that do not apply here left out.
/// Slips that give the right value are among them: the caller tells them apart from it.
std::vector<SlipValue> slips_of(const NamedCell& answer, const Moment& moment, Scenes& scenes);

}  // namespace attn::lessons
