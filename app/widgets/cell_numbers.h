#pragma once
// What is written in a cell.

#include <string>

#include "app/widgets/heatmap.h"

namespace attn::ui {

/// What stands in a cell; in a hidden one the −∞ or the number that replaced the score, and 0 in the weights.
std::string number_text(float value, NumberStyle style);
/// The exact form of a cell in at most so many characters; empty where there is none. `shown` is what the
/// trace says there.
std::string exact_cell(const StageCells& cells, std::size_t row, std::size_t column, float shown,
                       std::size_t most);

}  // namespace attn::ui
