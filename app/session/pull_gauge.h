#pragma once
// Reads the pulled result from a forward pass and says how it answers to the scores below it.

#include <cstddef>
#include <vector>

#include "app/session/pull.h"
#include "core/attention/arrays.h"
#include "core/attention/gradient.h"

namespace attn::session {

/// A weight under a softmax is led by its logit ln(α / (1 − α)), which is its masked score minus the
/// logarithm of the others' exponentials: nearly straight in the scores, and finite however small α is.
/// Everything else leads itself.
class PullGauge {
 public:
  /// Throws std::invalid_argument when the target is not a cell of this input.
  PullGauge(const Input& input, const Dimensions& d, PullTarget target);

  const PullTarget& target() const { return target_; }
  std::size_t size() const { return target_.size(); }

  /// The goal as far as any input could reach it: a weight under a softmax is in [0, 1].
  std::vector<double> possible(std::vector<double> goal) const;
  /// The pulled numbers themselves.
  std::vector<double> values(const Arrays<double>& arrays) const;
  /// What the solver leads: logits, or the numbers themselves. Not finite where a weight has no rival, or
  /// is hidden.
  std::vector<double> leads(const Arrays<double>& arrays) const;
  /// The lead of a goal; weights are kept off 0 and 1, which no finite score reaches.
  std::vector<double> leads_of_goal(const std::vector<double>& goal) const;
  /// The seed of the backward pass whose gradient is that of lead `i`; empty where there is none.
  GradientSeed seed(const Arrays<double>& arrays, std::size_t i) const;
  /// d value / d lead: α(1 − α) for a logit, else 1.
  double slope(const Arrays<double>& arrays) const;
  /// Room of the softmax, see PullReport.
  double room(const Arrays<double>& arrays) const;
  Stiffness stiffness(double room) const;

  static constexpr double kNearestToCertain = 1e-5;  ///< goals of weights are led to [this, 1 − this]

 private:
  bool is_score() const;
  CellRef cell() const { return {target_.stage, target_.head, target_.row, target_.columns[0]}; }
  bool is_visible(std::size_t row, std::size_t column) const;
  /// Sum of the other weights that share with the pulled one: 1 − α without cancellation.
  double others(const Arrays<double>& arrays) const;
  /// ln Σ exp of the other masked scores that share with the pulled one.
  double rivals(const Arrays<double>& arrays) const;
  GradientSeed seed_of_logit(const Arrays<double>& arrays) const;
  template <class Visit>
  void for_others(const Arrays<double>& arrays, Visit visit) const;

  PullTarget target_;
  MaskConfig mask_;
  bool by_logit_ = false;
  SoftmaxAxis axis_ = SoftmaxAxis::keys;
  std::size_t n_queries_ = 0;
};

}  // namespace attn::session
