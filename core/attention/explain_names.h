#pragma once
// The words of an explanation in text: what its numbers are called and how they are written.

#include <string>
#include <vector>

#include "core/attention/explain.h"

namespace attn {

/// A number as it is written, the number that the writing stands for (what a reader computes with), and
/// whether the two are the same or the writing was rounded.
struct ShownNumber {
  std::string text;
  double value = 0.0;
  bool exact = true;
};

/// With at most `decimals` decimals. Exact where that is possible ("11", "0.5", and "0.1" of the float32
/// nearest to it), with all decimals where it was rounded ("0.9503"), "<0.0001" where nothing but 0 would be
/// left, so that 0 means 0.
ShownNumber show_number(double value, int decimals);

/// "α[0][0,2]", "w_q[1,0]", "sum of exponentials".
std::string node_name(const ExplainNode& node, const Input& input);

/// Who or what a cell is about, in the words of the tokens: "x1 listens to x3", "cat: animal". Empty for
/// other nodes. `features` are the names of the columns of x; null: they have none.
std::string cell_subject(const ExplainNode& node, const Input& input,
                         const std::vector<std::string>* features = nullptr);

/// The parts of the mask that hide this cell: "causal, padding".
std::string hiding_masks(const MaskConfig& mask, std::size_t i, std::size_t j);

}  // namespace attn
