#include "app/widgets/formula_steps.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/widgets/exact_format.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/formula_signs.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

class Writer {
 public:
  Writer(Explainer& explainer, const StepWords& words, const StepOptions& options)
      : explainer_(explainer), words_(words), options_(options) {}

  StepLine write(const ExplainNode& node) {
    StepLine line;
    Formulas parts;
    if (node.operation == Operation::copy) {
      // "x₁₂ = 2" says more than "2 = 2".
      const ExplainNode same = explainer_.child(node, 0);
      if (same.cell) {
        parts = {cell_symbol(*same.cell, true, options_.conventions,
                             feature_name(explainer_.input(), options_.features, *same.cell)),
                 word(" " + std::string(value_sign(explainer_, same, options_)) + " ")};
      }
    } else if (node.operation == Operation::given) {
      line.lead_sign = value_sign(explainer_, node, options_);
    } else if (!exact_operands(explainer_, node, options_)) {
      line.lead_sign = "≈";
    }
    arithmetic(node, parts);
    if (options_.with_result && node.operation != Operation::given && node.operation != Operation::copy) {
      std::string sign(step_sign(explainer_, node, options_));
      // √2 = √2 would say nothing.
      const std::optional<Exact> exact =
          node.role == Role::square_root_dk ? std::nullopt : shown_exactly(options_.exact, node);
      std::string result = exact ? std::string() : format_number(node.value, options_.decimals);
      if (result.starts_with('<') || result.starts_with('>')) {
        // "exp(−10) < 0.0001" rather than "≈ <0.0001".
        sign = result.substr(0, 1);
        result.erase(0, 1);
      }
      parts.push_back(word(" " + sign + " "));
      parts.push_back(exact ? exact_number(*exact, Ink::text, false) : digits(std::move(result)));
    }
    line.formula = row(std::move(parts));
    line.nodes = std::move(nodes_);
    line.paths = std::move(paths_);
    return line;
  }

 private:
  /// Child `i` of `node`, which stands at `path`, as a number that can be asked about. Where a sum writes
  /// the minus sign itself, only the magnitude is written here.
  Formula number(const ExplainNode& node, std::vector<std::size_t> path, bool magnitude_only = false) {
    Formula f = written(node, magnitude_only);
    nodes_.push_back(node);
    paths_.push_back(std::move(path));
    return tagged(nodes_.size() - 1, std::move(f));
  }
  Formula exact_number(const Exact& exact, Ink ink, bool magnitude_only) const {
    if (!options_.level_fractions) return exact_formula(exact, ink, magnitude_only);
    return digits(exact_text(magnitude_only && exact.numerator() < 0 ? exact.negated() : exact), ink);
  }
  /// Whether 11/√2 stands where it would be taken apart: behind a division sign.
  /// So would a power of ten.
  bool needs_parentheses(const ExplainNode& node, std::string_view sign) const {
    if (sign != " ÷ ") return false;
    if (const std::optional<Exact> exact = shown_exactly(options_.exact, node))
      return options_.level_fractions && exact->denominator() != 1;
    return format_operand(node.value, options_.decimals).find("×") != std::string::npos;
  }
  /// In its exact form where that is asked for and reads well, else in decimals.
  Formula written(const ExplainNode& node, bool magnitude_only) const {
    // A score is divided by √2, as people write it, not by 1.4142.
    if (node.role == Role::square_root_dk)
      return root(digits(format_number(explainer_.child(node, 0).value, options_.decimals)));
    if (const std::optional<Exact> exact = shown_exactly(options_.exact, node))
      return exact_number(*exact, ink_of(node), magnitude_only);
    const double value = magnitude_only ? std::abs(node.value) : node.value;
    return digits(format_operand(value, options_.decimals), ink_of(node));
  }
  Formula child(const ExplainNode& node, std::size_t i) { return number(explainer_.child(node, i), {i}); }

  /// Factors; negative ones stand in parentheses where a sign goes before them. `magnitude_first`: the sum
  /// has written the sign of the first one.
  void product(const ExplainNode& node, const std::vector<std::size_t>& path, Formulas& parts,
               std::string_view sign, bool magnitude_first = false) {
    for (std::size_t i = 0; i < node.n_children; ++i) {
      if (i > 0) parts.push_back(word(std::string(sign)));
      const ExplainNode factor = explainer_.child(node, i);
      std::vector<std::size_t> own = path;
      own.push_back(i);
      if (factor.role == Role::rescaled) {
        product(factor, own, parts, " × ");
        continue;
      }
      Formula operand = number(factor, std::move(own), i == 0 && magnitude_first);
      const bool apart = i > 0 && (factor.value < 0 || needs_parentheses(factor, sign));
      parts.push_back(apart ? parentheses(std::move(operand)) : std::move(operand));
    }
  }

  void sum(const ExplainNode& node, Formulas& parts) {
    const std::size_t first = std::min(options_.first_term, node.n_children);
    const std::size_t count = std::min(options_.max_terms, node.n_children - first);
    const std::vector<ExplainNode> terms = explainer_.children(node, first, count);
    if (first > 0) parts.push_back(word("…"));
    for (std::size_t t = 0; t < terms.size(); ++t) {
      const ExplainNode& term = terms[t];
      const bool begins = first + t == 0;
      if (is_product(term)) {
        const bool minus = !begins && explainer_.child(term, 0).value < 0;
        if (!begins) parts.push_back(word(minus ? " − " : " + "));
        product(term, {first + t}, parts, "×", minus);
      } else {
        const bool minus = !begins && term.value < 0 && std::isfinite(term.value);
        if (!begins) parts.push_back(word(minus ? " − " : " + "));
        parts.push_back(number(term, {first + t}, minus));
      }
    }
    if (first + count < node.n_children) parts.push_back(word(" + …"));
  }

  void function(std::string_view name, const ExplainNode& node, Formulas& parts) {
    parts.push_back(word(std::string(name)));
    parts.push_back(parentheses(child(node, 0)));
  }

  void arithmetic(const ExplainNode& node, Formulas& parts) {
    switch (node.operation) {
      case Operation::given:
        parts.push_back(written(node, false));
        break;
      case Operation::copy:
        parts.push_back(child(node, 0));
        break;
      case Operation::sum:
        sum(node, parts);
        break;
      case Operation::difference: {
        const ExplainNode second = explainer_.child(node, 1);
        parts.push_back(child(node, 0));
        parts.push_back(word(" − "));
        Formula operand = number(second, {1});
        parts.push_back(second.value < 0 ? parentheses(std::move(operand)) : std::move(operand));
        break;
      }
      case Operation::product:
        product(node, {}, parts, " × ");
        break;
      case Operation::quotient:
        product(node, {}, parts, " ÷ ");
        break;
      case Operation::exponential:
        function("exp", node, parts);
        break;
      case Operation::tangent:
        function("tanh", node, parts);
        break;
      case Operation::sine:
        function("sin", node, parts);
        break;
      case Operation::cosine:
        function("cos", node, parts);
        break;
      case Operation::square_root:
        parts.push_back(root(child(node, 0)));
        break;
      case Operation::maximum: {
        Formulas inside;
        const std::size_t count = std::min(options_.max_terms, node.n_children);
        for (std::size_t i = 0; i < count; ++i) {
          if (i > 0) inside.push_back(word(", "));
          inside.push_back(child(node, i));
        }
        if (count < node.n_children) inside.push_back(word(", …"));
        parts.push_back(word("max"));
        parts.push_back(parentheses(row(std::move(inside))));
        break;
      }
      case Operation::replaced:
        said(words_.hidden, node, parts);
        break;
      case Operation::nothing:
        said(words_.nothing, node, parts);
        break;
      case Operation::dropped:
        said(words_.dropped, node, parts);
        break;
    }
  }
  /// "11, hidden by the mask"
  void said(const std::string& words, const ExplainNode& node, Formulas& parts) {
    parts.push_back(child(node, 0));
    parts.push_back(word(" " + words + " →"));
  }

  Explainer& explainer_;
  const StepWords& words_;
  const StepOptions& options_;
  std::vector<ExplainNode> nodes_;
  std::vector<std::vector<std::size_t>> paths_;
};

}  // namespace

Ink ink_of(const ExplainNode& node) {
  if (node.parameter) return ink_of(node.parameter->id);
  return node.cell ? ink_of(node.cell->stage) : Ink::text;
}

std::optional<Exact> shown_exactly(ExactValues* exact, const ExplainNode& node) {
  if (exact == nullptr) return std::nullopt;
  const std::optional<Exact> value = exact->of(node);
  return value && reads_well(*value) ? value : std::nullopt;
}

StepLine step_line(Explainer& explainer, const ExplainNode& node, const StepWords& words,
                   const StepOptions& options) {
  return Writer(explainer, words, options).write(node);
}

}  // namespace attn::ui
