#pragma once
// Numbers of a computation as somebody would write them by hand: 1/3, 11/√2, −√5/2.

#include <optional>
#include <string>

namespace attn::lessons {

/// The fraction or root that lies so close to the number that float32 cannot tell them apart, as long as its
/// parts are small enough to be meant: "1/3", "√61", "3√2/4". Nothing for whole numbers, for what has no such
/// form, and where decimals are easier to read (0.35, not 7/20).
std::optional<std::string> exact_text(double value);

}  // namespace attn::lessons
