#include "core/attention/explain.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "core/attention/explain_recipes.h"
#include "core/attention/explain_values.h"

namespace attn {

struct Explainer::State {
  ExplainValues values;
  explicit State(Input input) : values(std::move(input)) {}
  State(Input input, const State& before) : values(std::move(input), before.values) {}
};

namespace {

ExplainNode make_node(ExplainValues& values, const ExplainKey& key) {
  const Recipe made = recipe(values, key);
  ExplainNode node;
  node.operation = made.operation;
  node.role = key.role;
  if (key.role == Role::cell) node.cell = key.cell;
  node.parameter = key.parameter;
  node.value = made.value;
  node.n_children = made.n_children;
  node.key = key;
  return node;
}

}  // namespace

Explainer::Explainer(Input input) : state_(std::make_unique<State>(std::move(input))) {}
Explainer::Explainer(Input input, const Explainer& before)
    : state_(std::make_unique<State>(std::move(input), *before.state_)) {}
Explainer::~Explainer() = default;
Explainer::Explainer(Explainer&&) noexcept = default;
Explainer& Explainer::operator=(Explainer&&) noexcept = default;

const Input& Explainer::input() const { return state_->values.input(); }
const Dimensions& Explainer::dimensions() const { return state_->values.dimensions(); }

ExplainNode Explainer::cell(const CellRef& cell) {
  const StageShape shape = shape_of(cell.stage, input(), dimensions());
  if (shape.cells() == 0) {
    throw std::out_of_range(
        fmt::format("explain: expected a stage of this scenario, found {}", name(cell.stage)));
  }
  if (cell.head >= shape.heads || cell.row >= shape.rows || cell.column >= shape.columns) {
    throw std::out_of_range(fmt::format("explain: expected a cell of {}, {} × {} × {}, found [{}][{},{}]",
                                        name(cell.stage), shape.heads, shape.rows, shape.columns, cell.head,
                                        cell.row, cell.column));
  }
  return make_node(state_->values, cell_key(cell));
}

ExplainNode Explainer::child(const ExplainNode& node, std::size_t i) {
  if (i >= node.n_children) {
    throw std::out_of_range(fmt::format("explain: expected a child below {}, found {}", node.n_children, i));
  }
  return make_node(state_->values, recipe(state_->values, node.key).child(i));
}

std::vector<ExplainNode> Explainer::children(const ExplainNode& node, std::size_t first, std::size_t count) {
  std::vector<ExplainNode> nodes;
  if (first >= node.n_children) return nodes;
  const std::size_t end = first + std::min(count, node.n_children - first);
  const Recipe made = recipe(state_->values, node.key);
  nodes.reserve(end - first);
  for (std::size_t i = first; i < end; ++i) nodes.push_back(make_node(state_->values, made.child(i)));
  return nodes;
}

}  // namespace attn
