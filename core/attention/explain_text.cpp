#include "core/attention/explain_text.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/attention/explain_names.h"

namespace attn {
namespace {

/// A sum of more terms than kMostTerms shows the kLargestTerms largest.
constexpr std::size_t kMostTerms = 8;
constexpr std::size_t kLargestTerms = 5;

bool is_negative(const std::string& text) { return text.starts_with("−"); }
std::string in_parentheses(const std::string& text) { return is_negative(text) ? "(" + text + ")" : text; }

/// Steps that are part of the arithmetic of another line and get none of their own.
bool is_inline(const ExplainNode& node) {
  switch (node.role) {
    case Role::term:
    case Role::projection_term:
    case Role::squared:
    case Role::weighted_value:
    case Role::exponential:
    case Role::rescaled:
    case Role::square_root_dk:
    case Role::one:
      return true;
    default:
      return false;
  }
}

struct KeyHash {
  std::size_t operator()(const ExplainKey& key) const {
    const ParameterRef parameter = key.parameter.value_or(ParameterRef{});
    std::size_t hash = static_cast<std::size_t>(key.role);
    for (const std::size_t number : {index(key.cell.stage), key.cell.head, key.cell.row, key.cell.column,
                                     key.term, key.part, parameter.row, parameter.column}) {
      hash = hash * 1000003 + number;
    }
    return hash;
  }
};

/// The children that a line shows: all of them, or the most telling ones in their own order.
struct Selection {
  std::vector<ExplainNode> shown;
  std::size_t n_others = 0;
  double others = 0.0;  ///< what the others are together, in a sum
};

class TextTree {
 public:
  TextTree(Explainer& explainer, const ExplainTextOptions& options)
      : explainer_(explainer),
        depth_(options.depth),
        decimals_(std::clamp(options.decimals, 0, 15)),
        features_(options.feature_names) {}

  std::string write(const ExplainNode& root) {
    write_node(root, 0);
    return std::move(text_);
  }

 private:
  std::string shown(double value) const { return show_number(value, decimals_).text; }

  Selection select(const ExplainNode& node) {
    Selection selection;
    std::vector<ExplainNode> all = explainer_.children(node, 0, node.n_children);
    if (all.size() <= kMostTerms) {
      selection.shown = std::move(all);
      return selection;
    }
    const bool is_maximum = node.operation == Operation::maximum;
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto before = [&](std::size_t a, std::size_t b) {
      if (is_maximum) return all[a].value > all[b].value;
      return std::abs(all[a].value) > std::abs(all[b].value);
    };
    const std::size_t count = is_maximum ? 1 : kLargestTerms;
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(), before);
    std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
    for (std::size_t i = 0; i < count; ++i) selection.shown.push_back(all[order[i]]);
    for (std::size_t i = count; i < order.size(); ++i) selection.others += all[order[i]].value;
    selection.n_others = all.size() - count;
    return selection;
  }

  /// A child inside the arithmetic of its parent: a number, or the product or exponential that it is.
  ShownNumber operand(const ExplainNode& node) {
    if (!is_inline(node) || node.n_children == 0) return show_number(node.value, decimals_);
    return arithmetic(node, select(node));
  }

  /// The operation with the numbers of the children, and what a reader gets who computes with those.
  ShownNumber arithmetic(const ExplainNode& node, const Selection& selection) {
    std::vector<ShownNumber> operands;
    for (const ExplainNode& child : selection.shown) operands.push_back(operand(child));
    const ShownNumber& first = operands.front();
    switch (node.operation) {
      case Operation::sum:
        return sum(operands, selection);
      case Operation::difference:
        return {first.text + " − " + in_parentheses(operands[1].text), first.value - operands[1].value,
                first.exact && operands[1].exact};
      case Operation::product:
        if (node.role == Role::squared)
          return {in_parentheses(first.text) + "²", first.value * first.value, first.exact};
        return {first.text + " × " + in_parentheses(operands[1].text), first.value * operands[1].value,
                first.exact && operands[1].exact};
      case Operation::quotient:
        return quotient(operands);
      case Operation::maximum:
        return maximum(operands, selection);
      case Operation::exponential:
        return {"exp(" + first.text + ")", std::exp(first.value), first.exact};
      case Operation::square_root:
        return {"√" + first.text, std::sqrt(first.value), first.exact};
      case Operation::tangent:
        return {"tanh(" + first.text + ")", std::tanh(first.value), first.exact};
      case Operation::sine:
        return {"sin(" + first.text + ")", std::sin(first.value), first.exact};
      default:
        return {"cos(" + first.text + ")", std::cos(first.value), first.exact};
    }
  }

  ShownNumber sum(const std::vector<ShownNumber>& operands, const Selection& selection) const {
    ShownNumber result = operands.front();
    for (std::size_t i = 1; i < operands.size(); ++i) {
      const std::string& text = operands[i].text;
      result.text += is_negative(text) ? " − " + text.substr(std::string("−").size()) : " + " + text;
      result.value += operands[i].value;
      result.exact = result.exact && operands[i].exact;
    }
    if (selection.n_others == 0) return result;
    const ShownNumber others = show_number(selection.others, decimals_);
    result.text += fmt::format(" + … ({} more: {})", selection.n_others, others.text);
    result.value += others.value;
    result.exact = result.exact && others.exact;
    return result;
  }

  static ShownNumber quotient(const std::vector<ShownNumber>& operands) {
    ShownNumber result = operands.front();
    for (std::size_t i = 1; i < operands.size(); ++i) {
      result.text += " ÷ " + in_parentheses(operands[i].text);
      result.value /= operands[i].value;
      result.exact = result.exact && operands[i].exact;
    }
    return result;
  }

  static ShownNumber maximum(const std::vector<ShownNumber>& operands, const Selection& selection) {
    ShownNumber result = operands.front();
    result.exact = false;  // as exact as the largest one: its value tells
    if (selection.n_others != 0) {
      result.text = fmt::format("the largest of {}", selection.n_others + 1);
      return result;
    }
    for (std::size_t i = 1; i < operands.size(); ++i) {
      result.text += ", " + operands[i].text;
      result.value = std::max(result.value, operands[i].value);
    }
    result.text = "max(" + result.text + ")";
    return result;
  }

  /// Whether "=" may stand between a number and its arithmetic, as both are shown.
  static bool equal_as_shown(const ExplainNode& node, const ShownNumber& number,
                             const ShownNumber& computed) {
    if (node.operation == Operation::maximum) return true;  // one of the numbers that were compared
    if (std::isnan(number.value)) return std::isnan(computed.value);
    const double hair = 1e-9 * std::max(1.0, std::abs(number.value));  // 0.15 has no exact binary form
    const bool same = number.value == computed.value || std::abs(number.value - computed.value) <= hair;
    return same && (number.exact || computed.exact);
  }

  /// What to say of a number that no arithmetic gives.
  std::string remark(const ExplainNode& node) {
    const auto before = [&] { return shown(explainer_.child(node, 0).value); };
    const Input& input = explainer_.input();
    switch (node.operation) {
      case Operation::given:
        if (node.role == Role::cell) return "given";
        if (node.role != Role::parameter_cell) return {};
        return input.parameters[node.parameter->id] ? "parameter" : "parameter: the identity";
      case Operation::replaced:
        return fmt::format("hidden: {}; it was {}",
                           hiding_masks(input.config.mask, node.key.cell.row, node.key.cell.column),
                           before());
      case Operation::nothing:
        if (node.key.cell.stage == Stage::scores) return "a zero vector has no direction: 0 by definition";
        return input.config.normalise == Normalise::none ? "hidden: counts as 0"
                                                         : "nothing is visible here, so nothing is shared";
      case Operation::dropped:
        return "removed by dropout; it was " + before();
      default:
        return {};
    }
  }

  void write_node(ExplainNode node, std::size_t level) {
    std::string line(2 * level, ' ');
    const std::string subject = cell_subject(node, explainer_.input(), features_.get());
    line += node_name(node, explainer_.input());
    while (node.operation == Operation::copy) {  // the same number under its next name
      node = explainer_.child(node, 0);
      line += " = " + node_name(node, explainer_.input());
    }
    const ShownNumber value = show_number(node.value, decimals_);
    const std::size_t after_names = line.size();

    std::string notes = subject;
    const auto note = [&](const std::string& more) {
      if (!notes.empty() && !more.empty()) notes += "; ";
      notes += more;
    };
    const std::string instead = remark(node);
    note(instead);
    Selection selection;
    if (node.n_children > 0) {
      selection = select(node);
    }
    bool exact = value.exact;
    if (node.n_children > 0 && instead.empty()) {
      const ShownNumber computed = arithmetic(node, selection);
      const bool equal = equal_as_shown(node, value, computed);
      exact = exact || (equal && computed.exact);
      line += (equal ? " = " : " ≈ ") + computed.text;
    }
    line.insert(after_names, (exact ? " = " : " ≈ ") + value.text);
    const bool wants_children = level < depth_ && node.n_children > 0;
    const bool opened_before = wants_children && !opened_.insert(node.key).second;
    if (opened_before) note("as above");
    if (!notes.empty()) line += "  (" + notes + ")";
    text_ += line + "\n";
    if (!wants_children || opened_before) return;
    write_children(node, selection, level + 1);
  }

  void write_children(const ExplainNode& node, const Selection& selection, std::size_t level) {
    for (const ExplainNode& child : selection.shown) write_child(child, level);
    if (selection.n_others == 0) return;
    text_ += std::string(2 * level, ' ');
    text_ += node.operation == Operation::maximum
                 ? fmt::format("… {} more, none larger\n", selection.n_others)
                 : fmt::format("… {} more terms, together {}\n", selection.n_others, shown(selection.others));
  }

  /// A line for the child, or, where it was part of the arithmetic, for what it was made from.
  void write_child(const ExplainNode& child, std::size_t level) {
    if (!is_inline(child)) return write_node(child, level);
    const std::size_t count = child.role == Role::squared ? 1 : child.n_children;
    for (const ExplainNode& part : explainer_.children(child, 0, count)) write_child(part, level);
  }

  Explainer& explainer_;
  std::size_t depth_;
  int decimals_;
  std::shared_ptr<const std::vector<std::string>> features_;
  std::string text_;
  std::unordered_set<ExplainKey, KeyHash> opened_;
};

}  // namespace

std::string explain_text(Explainer& explainer, const CellRef& cell, const ExplainTextOptions& options) {
  return TextTree(explainer, options).write(explainer.cell(cell));
}

}  // namespace attn
