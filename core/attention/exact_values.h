#pragma once
// The exact value of a number that an explanation names, where it has one: computed from the short decimals
// of the inputs and parameters by the same operations, never guessed from a rounded result.

#include <cstddef>
#include <memory>
#include <optional>

#include "core/attention/exact.h"
#include "core/attention/explain.h"

namespace attn {

class ExactValues {
 public:
  /// Sums of more terms, numbers that take more steps, and those made from longer decimals have no exact
  /// value here: nobody would read it.
  static constexpr std::size_t kMostTerms = 16;
  static constexpr std::size_t kMostSteps = 4000;
  static constexpr std::int64_t kMostDigits = 1'000'000;  ///< of a given number, without its point
  static constexpr std::int64_t kFinestGiven = 10'000;    ///< four decimals

  /// The explainer must outlive this.
  explicit ExactValues(Explainer& explainer);
  ~ExactValues();
  ExactValues(ExactValues&&) noexcept;
  ExactValues& operator=(ExactValues&&) noexcept;

  /// Nothing where the number has no exact form that fits: exp(2), √2 + √3, −∞, a sum past the limits.
  std::optional<Exact> of(const ExplainNode& node);
  std::optional<Exact> of(const CellRef& cell);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attn
