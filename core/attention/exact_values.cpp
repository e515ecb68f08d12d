#include "core/attention/exact_values.h"

#include <cmath>
#include <functional>
#include <unordered_map>
#include <utility>

namespace attn {
namespace {

constexpr int kMostHalvings = 40;

}  // namespace

struct ExactValues::State {
  struct KeyHash {
    std::size_t operator()(const ExplainKey& key) const {
      std::size_t hash = 0;
      const auto add = [&](std::size_t part) { hash = hash * 1000003 + part + 1; };
      add(static_cast<std::size_t>(key.role));
      add(index(key.cell.stage));
      add(key.cell.head);
      add(key.cell.row);
      add(key.cell.column);
      add(key.term);
      add(key.part);
      if (key.parameter) {
        add(static_cast<std::size_t>(key.parameter->id));
        add(key.parameter->row);
        add(key.parameter->column);
      }
      return hash;
    }
  };

  explicit State(Explainer& wanted) : explainer(wanted) {}

  std::optional<Exact> of(const ExplainNode& node, std::size_t& steps) {
    if (const auto known = values.find(node.key); known != values.end()) return known->second;
    if (++steps > kMostSteps) return std::nullopt;
    std::optional<Exact> value = compute(node, steps);
    // What was left because of the limit may be found from nearer by.
    if (value || steps <= kMostSteps) values.emplace(node.key, value);
    return value;
  }

  std::optional<Exact> child(const ExplainNode& node, std::size_t i, std::size_t& steps) {
    return of(explainer.child(node, i), steps);
  }

  /// An input, a parameter or a setting is the short decimal that somebody typed.
  static std::optional<Exact> short_decimal(const std::optional<Exact>& value) {
    if (!value || value->numerator() > kMostDigits || value->numerator() < -kMostDigits ||
        value->denominator() > kFinestGiven) {
      return std::nullopt;
    }
    return value;
  }

  static std::optional<Exact> given(const ExplainNode& node) {
    if (node.cell || node.parameter) return short_decimal(Exact::from_float(static_cast<float>(node.value)));
    switch (node.role) {
      case Role::frequency:
        // 10000 to the power of a fraction: 1 for the first pair, a rounded number for the others.
        return node.value == 1.0 ? std::optional(Exact(1)) : std::nullopt;
      case Role::alibi_slope: {
        // −2^(−8(i+1)/h) is a power of two where the exponent is whole, and a rounded number elsewhere.
        int exponent = 0;
        const bool power_of_two = std::frexp(node.value, &exponent) == -0.5;
        if (!power_of_two || exponent > 1 || exponent < -kMostHalvings) return std::nullopt;
        return Exact::make(-1, std::int64_t{1} << (1 - exponent));
      }
      default:
        return short_decimal(Exact::from_double(node.value));
    }
  }

  /// All children, one after the other, by a function of two.
  std::optional<Exact> folded(const ExplainNode& node, std::size_t& steps,
                              std::optional<Exact> (*combine)(const Exact&, const Exact&)) {
    if (node.n_children == 0 || node.n_children > kMostTerms) return std::nullopt;
    std::optional<Exact> result = child(node, 0, steps);
    for (std::size_t i = 1; i < node.n_children && result; ++i) {
      const std::optional<Exact> next = child(node, i, steps);
      result = next ? combine(*result, *next) : std::nullopt;
    }
    return result;
  }

  std::optional<Exact> maximum(const ExplainNode& node, std::size_t& steps) {
    if (node.n_children == 0 || node.n_children > kMostTerms) return std::nullopt;
    std::optional<Exact> largest;
    for (std::size_t i = 0; i < node.n_children; ++i) {
      const ExplainNode one = explainer.child(node, i);
      if (std::isinf(one.value) && one.value < 0) continue;  // hidden
      const std::optional<Exact> value = of(one, steps);
      if (!value) return std::nullopt;
      const std::optional<int> order = largest ? compare(*value, *largest) : 1;
      if (!order) return std::nullopt;
      if (*order > 0) largest = value;
    }
    return largest;
  }

  /// Functions whose only exact value here is that of 0.
  std::optional<Exact> at_zero(const ExplainNode& node, std::size_t& steps, std::int64_t result) {
    const ExplainNode argument = explainer.child(node, 0);
    if (node.operation == Operation::exponential && std::isinf(argument.value) && argument.value < 0)
      return Exact();
    const std::optional<Exact> value = of(argument, steps);
    if (!value || !value->is_zero()) return std::nullopt;
    return Exact(result);
  }

  std::optional<Exact> compute(const ExplainNode& node, std::size_t& steps) {
    switch (node.operation) {
      case Operation::given:
        return given(node);
      case Operation::copy:
        return child(node, 0, steps);
      case Operation::sum:
        return folded(node, steps, add);
      case Operation::difference:
        return folded(node, steps, subtract);
      case Operation::product:
        return folded(node, steps, multiply);
      case Operation::quotient:
        return folded(node, steps, divide);
      case Operation::square_root: {
        const std::optional<Exact> value = child(node, 0, steps);
        return value ? square_root(*value) : std::nullopt;
      }
      case Operation::maximum:
        return maximum(node, steps);
      case Operation::exponential:
      case Operation::cosine:
        return at_zero(node, steps, 1);
      case Operation::tangent:
      case Operation::sine:
        return at_zero(node, steps, 0);
      case Operation::replaced:
        return Exact::from_double(node.value);
      case Operation::nothing:
      case Operation::dropped:
        return Exact();
    }
    return std::nullopt;
  }

  Explainer& explainer;
  std::unordered_map<ExplainKey, std::optional<Exact>, KeyHash> values;
};

ExactValues::ExactValues(Explainer& explainer) : state_(std::make_unique<State>(explainer)) {}
ExactValues::~ExactValues() = default;
ExactValues::ExactValues(ExactValues&&) noexcept = default;
ExactValues& ExactValues::operator=(ExactValues&&) noexcept = default;

std::optional<Exact> ExactValues::of(const ExplainNode& node) {
  std::size_t steps = 0;
  return state_->of(node, steps);
}

std::optional<Exact> ExactValues::of(const CellRef& cell) { return of(state_->explainer.cell(cell)); }

}  // namespace attn
