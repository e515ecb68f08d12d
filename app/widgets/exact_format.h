#pragma once
// Exact numbers as people write them: 1/3, 11/√2, −√5/2, 3√2.

#include <optional>
#include <string>

#include "app/widgets/formula.h"
#include "core/attention/exact.h"

namespace attn::ui {

/// Whether somebody would rather read the exact form than decimals: parts of at most three digits, and not
/// where the decimals say the same in short (0.39 is easier than 39/100; 1/8 is easier than 0.125).
bool reads_well(const Exact& value);

/// The parts of the written form. √ stands below the line where that makes it the shorter form: 11/√2, √5/2.
struct ExactParts {
  bool negative = false;
  std::string above;       ///< the whole number over the line, or before the root; empty for 1 before a root
  std::string root_above;  ///< the radicand over the line; empty: no root there
  std::string below;       ///< empty for 1
  std::string root_below;
};
ExactParts exact_parts(const Exact& value);

/// "11/√2"; "5" where it is whole.
std::string exact_text(const Exact& value);
/// With a fraction line and a root over its number. `magnitude`: without the minus sign.
Formula exact_formula(const Exact& value, Ink ink, bool magnitude = false);

}  // namespace attn::ui
