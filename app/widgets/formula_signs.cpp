#include "app/widgets/formula_signs.h"

#include <cmath>
#include <limits>

#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

/// Sums longer than this are not checked term by term: nobody adds them up by hand either.
constexpr std::size_t kCheckedTerms = 64;

/// The value that a reader sees.
double seen(const ExplainNode& node, const StepOptions& options) {
  const bool itself = node.role == Role::square_root_dk || shown_exactly(options.exact, node);
  return itself ? node.value : as_shown(node.value, options.decimals);
}

double shown_operand(Explainer& explainer, const ExplainNode& node, const StepOptions& options) {
  if (!is_written_out(node)) return seen(node, options);
  double product = 1.0;
  for (const ExplainNode& child : explainer.children(node, 0, node.n_children))
    product *= seen(child, options);
  return product;
}

/// What somebody gets who calculates with the numbers on screen.
double from_shown(Explainer& explainer, const ExplainNode& node, const StepOptions& options) {
  const auto operand = [&](std::size_t i) {
    return shown_operand(explainer, explainer.child(node, i), options);
  };
  switch (node.operation) {
    case Operation::given:
    case Operation::replaced:
    case Operation::nothing:
    case Operation::dropped:
      return seen(node, options);
    case Operation::copy:
      return operand(0);
    case Operation::sum: {
      if (node.n_children > kCheckedTerms) return std::numeric_limits<double>::quiet_NaN();
      double sum = 0.0;
      for (const ExplainNode& child : explainer.children(node, 0, node.n_children)) {
        sum += shown_operand(explainer, child, options);
      }
      return sum;
    }
    case Operation::difference:
      return operand(0) - operand(1);
    case Operation::product:
    case Operation::quotient: {
      double result = operand(0);
      for (std::size_t i = 1; i < node.n_children; ++i) {
        result = node.operation == Operation::product ? result * operand(i) : result / operand(i);
      }
      return result;
    }
    case Operation::exponential:
      return std::exp(operand(0));
    case Operation::tangent:
      return std::tanh(operand(0));
    case Operation::sine:
      return std::sin(operand(0));
    case Operation::cosine:
      return std::cos(operand(0));
    case Operation::square_root:
      return std::sqrt(operand(0));
    case Operation::maximum:
      return seen(node, options);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

bool is_product(const ExplainNode& node) {
  return node.role == Role::term || node.role == Role::weighted_value || node.role == Role::squared ||
         node.role == Role::projection_term;
}

bool is_written_out(const ExplainNode& node) { return is_product(node) || node.role == Role::rescaled; }

bool stands_exactly(const ExplainNode& node, const StepOptions& options) {
  return node.role == Role::square_root_dk || is_shown_exactly(node.value, options.decimals) ||
         shown_exactly(options.exact, node);
}

bool exact_operands(Explainer& explainer, const ExplainNode& node, const StepOptions& options) {
  if (node.n_children > kCheckedTerms) return false;
  for (const ExplainNode& child : explainer.children(node, 0, node.n_children)) {
    if (!is_written_out(child)) {
      if (!stands_exactly(child, options)) return false;
      continue;
    }
    for (const ExplainNode& factor : explainer.children(child, 0, child.n_children))
      if (!stands_exactly(factor, options)) return false;
  }
  return true;
}

std::string_view step_sign(Explainer& explainer, const ExplainNode& node, const StepOptions& options) {
  // The largest of some numbers is one of them, however few of its decimals are seen.
  if (node.operation == Operation::maximum) return "=";
  if (node.operation == Operation::copy || node.operation == Operation::given)
    return stands_exactly(node, options) ? "=" : "≈";
  if (node.operation == Operation::replaced || node.operation == Operation::nothing ||
      node.operation == Operation::dropped) {
    return "";
  }
  const bool exact = exact_operands(explainer, node, options);
  if (exact && node.role != Role::square_root_dk && shown_exactly(options.exact, node)) return "=";
  return equals_sign(from_shown(explainer, node, options), node.value, options.decimals, exact);
}

std::string_view value_sign(Explainer& explainer, ExplainNode node, const StepOptions& options) {
  while (node.operation == Operation::copy) node = explainer.child(node, 0);
  if (node.role != Role::square_root_dk && stands_exactly(node, options)) return "=";
  const bool calculated = node.n_children > 0 && node.operation != Operation::maximum &&
                          !step_sign(explainer, node, options).empty();
  const bool equal =
      calculated && exact_operands(explainer, node, options) && step_sign(explainer, node, options) == "=";
  return equal ? "=" : "≈";
}

}  // namespace attn::ui
