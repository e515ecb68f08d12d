#include "app/widgets/formula_explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/widgets/formula_names.h"

namespace attn::ui {
namespace {

class Collector {
 public:
  Collector(Explainer& explainer, const CellRef& root, std::size_t most)
      : explainer_(explainer), root_(root), most_(most) {}

  std::vector<ExplainStep> collect() {
    visit(explainer_.cell(root_), {});
    return std::move(steps_);
  }

 private:
  /// The same score on its way through scale, bias and mask belongs to one explanation.
  bool on_the_way(const CellRef& cell) const {
    return is_score_like(root_.stage) && is_score_like(cell.stage) && cell.row == root_.row &&
           cell.column == root_.column && cell.head == root_.head;
  }
  static bool is_list(const ExplainNode& node) {
    return node.role == Role::exponential_sum || node.role == Role::line_maximum;
  }
  static bool says_nothing(const ExplainNode& node) {
    return node.operation == Operation::given || node.role == Role::square_root_dk ||
           (node.operation == Operation::copy && node.cell && node.cell->stage != Stage::scores);
  }

  void visit(const ExplainNode& node, const session::ExplainPath& path) {
    constexpr std::size_t kLookedAt = 12;  // longer sums are opened by hand
    const std::size_t count = is_list(node) ? 0 : std::min(node.n_children, kLookedAt);
    for (std::size_t i = 0; i < count; ++i) {
      const ExplainNode child = explainer_.child(node, i);
      session::ExplainPath own = path;
      own.push_back(i);
      if (child.cell ? on_the_way(*child.cell) : child.role != Role::line_maximum && !child.parameter) {
        visit(child, own);
      }
    }
    const bool is_root = path.empty();
    const bool plain_product =
        node.operation == Operation::product && !node.cell &&
        (node.role == Role::term || node.role == Role::weighted_value || node.role == Role::squared ||
         node.role == Role::projection_term || node.role == Role::rescaled);
    if (plain_product || (!is_root && says_nothing(node)) || steps_.size() >= most_) return;
    const bool listed = std::any_of(steps_.begin(), steps_.end(),
                                    [&](const ExplainStep& step) { return step.node.key == node.key; });
    if (!listed) steps_.push_back({node, path, false});
  }

  Explainer& explainer_;
  CellRef root_;
  std::size_t most_;
  std::vector<ExplainStep> steps_;
};

/// A word in a sentence; of two sequences, which one it belongs to is said.
std::string named_word(const PanelContext& context, const Input& input, bool answers, std::string_view word) {
  if (!input.source || word.empty()) return std::string(word);
  return answers ? context.say("the source word {word}", fmt::arg("word", word))
                 : context.say("the target word {word}", fmt::arg("word", word));
}

}  // namespace

std::vector<ExplainStep> explain_steps(Explainer& explainer, const CellRef& cell, std::size_t most) {
  return Collector(explainer, cell, most).collect();
}

std::optional<ExplainNode> node_at(Explainer& explainer, const CellRef& cell,
                                   const session::ExplainPath& path) {
  ExplainNode node = explainer.cell(cell);
  for (const std::size_t i : path) {
    if (i >= node.n_children) return std::nullopt;
    node = explainer.child(node, i);
  }
  return node;
}

std::string cell_sentence(const PanelContext& context, const Input& input, const CellRef& cell,
                          std::span<const std::string> features) {
  // Named arguments refer to what they are given: it must have a name that lives on.
  const std::string row_name =
      named_word(context, input, rows_are_keys(cell.stage), row_word(input, cell.stage, cell.row));
  const std::string column_name =
      named_word(context, input, true, column_word(input, cell.stage, cell.column));
  const std::size_t row_number = cell.row + 1;
  const std::size_t column_number = cell.column + 1;
  const auto row = fmt::arg("word", row_name);
  const auto query = fmt::arg("query", row_name);
  const auto key = fmt::arg("key", column_name);
  const auto column = fmt::arg("column", column_number);
  if (is_score_like(cell.stage) && input.config.attend_over == AttendOver::features) {
    if (row_number <= features.size() && column_number <= features.size()) {
      return context.say("how the features {row} and {column} go together",
                         fmt::arg("row", features[cell.row]), fmt::arg("column", features[cell.column]));
    }
    return context.say("how feature {row} and feature {column} go together", fmt::arg("row", row_number),
                       column);
  }
  if (const std::string_view name = feature_name(input, features, cell); !name.empty()) {
    const bool with_position = cell.stage == Stage::x_position || cell.stage == Stage::source_position;
    const auto feature = fmt::arg("feature", name);
    return with_position ? context.say("“{feature}” of {word}, with its position", feature, row)
                         : context.say("“{feature}” of {word}", feature, row);
  }
  switch (cell.stage) {
    case Stage::x:
    case Stage::source_x:
      if (input.source) return context.say("number {column} of {word}", column, row);
      return context.say("number {column} of the word {word}", column, row);
    case Stage::x_position:
    case Stage::source_position:
      return context.say("number {column} of {word}, with its position", column, row);
    case Stage::q_rotated:
      return context.say("number {column} of what {word} asks, turned by its place", column, row);
    case Stage::k_rotated:
      return context.say("number {column} of what {word} offers to be asked by, turned by its place", column,
                         row);
    case Stage::q:
      return context.say("number {column} of what {word} asks", column, row);
    case Stage::k:
      return context.say("number {column} of what {word} offers to be asked by", column, row);
    case Stage::v:
      return context.say("number {column} of what {word} passes on", column, row);
    case Stage::scores:
      return context.say("how strongly {query} and {key} respond to each other", query, key);
    case Stage::scaled:
      return context.say("the score of {query} and {key}, scaled", query, key);
    case Stage::biased:
      return context.say("the score of {query} and {key}, less for distance", query, key);
    case Stage::masked:
      return context.say("the score of {query} and {key}, after the mask", query, key);
    case Stage::weights:
      return context.say("how much {query} listens to {key}", query, key);
    case Stage::dropped:
      return context.say("how much {query} listens to {key}, after dropout", query, key);
    case Stage::mixed:
      return context.say("number {column} of {word}, mixed from its features", column, row);
    case Stage::head_outputs:
      return context.say("number {column} of what {word} gathers in this head", column, row);
    case Stage::concat:
      return context.say("number {column} of what {word} gathers in all heads", column, row);
    case Stage::output:
      return context.say("number {column} of the output of {word}", column, row);
  }
  return {};
}

std::optional<CellRef> target_of(Explainer& explainer, const ExplainNode& node) {
  if (node.cell) return node.cell;
  const ExplainKey& key = node.key;
  const bool columns = explainer.input().config.softmax_axis == SoftmaxAxis::queries;
  switch (node.role) {
    case Role::exponential: {
      // One of the line: the weight that it becomes.
      CellRef cell = key.cell;
      (columns ? cell.row : cell.column) = key.term;
      return cell;
    }
    case Role::line_maximum:
      // The largest score itself.
      for (std::size_t i = 0; i < node.n_children; ++i) {
        const ExplainNode child = explainer.child(node, i);
        if (child.value == node.value) return child.cell;
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace attn::ui
