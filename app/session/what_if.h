#pragma once
// What the shares of one line would be if some of its scores were others: a question that changes nothing.

#include <cstddef>
#include <map>
#include <vector>

#include "core/attention/config.h"

namespace attn::session {

/// A line of scores on its way to shares, as softmax goes: s, exp(s − max), exp(s − max) ÷ Σ. float64.
struct SoftmaxLine {
  std::vector<double> scores;  ///< masked; −∞ hides a cell
  double maximum = 0.0;        ///< what is subtracted: the largest score; 0 where the softmax does not
  std::vector<double> exponentials;
  double sum = 0.0;  ///< of the exponentials
  std::vector<double> shares;
};
/// Under Normalise::none the shares are the scores themselves, hidden ones 0, and there are no exponentials.
/// A line that sees nothing has exponentials and shares of 0.
SoftmaxLine softmax_line(std::vector<double> scores, Normalise normalise);

/// Scores of a line replaced for a moment, by their place.
struct WhatIf {
  std::map<std::size_t, double> scores;

  bool asks(std::size_t place) const { return scores.contains(place); }
  /// The line with the replaced scores; a place past its end is not looked at.
  std::vector<double> applied_to(std::vector<double> line) const;
};

}  // namespace attn::session
