#pragma once
// A row of shares that a learner predicts by dragging one upright bar a key. The others give way, so that the
// shares always sum to 1.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/widgets/panel_context.h"

namespace attn::ui {

struct PredictedBars {
  std::span<const std::string> names;              ///< of the keys
  std::vector<double>* shares = nullptr;           ///< moved by mouse and keys
  std::optional<std::vector<double>> real;         ///< shown beside them once it is known
  std::vector<const std::vector<double>*> ghosts;  ///< of a class
  bool enabled = true;
};

/// Draws into `rect` and changes the shares. Widgets are lesson.bar[i]; arrows move a share by a hundredth,
/// with Shift by a tenth.
void draw_predicted_bars(PanelContext& context, const Rect& rect, PredictedBars& bars,
                         std::optional<std::size_t>& dragging);

/// Sets one share; the others keep their proportions and take up the rest.
void set_share(std::vector<double>& shares, std::size_t i, double value);

}  // namespace attn::ui
