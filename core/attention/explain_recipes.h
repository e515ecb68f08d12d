#pragma once
// How every kind of node is made: its operation, its value and the keys of its children.

#include <cstddef>
#include <functional>

#include "core/attention/explain.h"
#include "core/attention/explain_values.h"

namespace attn {

/// What a key stands for. `child(i)` names a child, i < n_children, without computing it.
struct Recipe {
  Operation operation = Operation::given;
  double value = 0.0;
  std::size_t n_children = 0;
  std::function<ExplainKey(std::size_t)> child;
};

/// The recipe of any key that an Explainer of the same input gave out.
Recipe recipe(ExplainValues& values, const ExplainKey& key);

/// The two halves of it: cells of stages, and the steps between stages.
Recipe cell_recipe(ExplainValues& values, const CellRef& cell);
Recipe step_recipe(ExplainValues& values, const ExplainKey& key);

// Keys, and recipes with few children, as both halves write them.
ExplainKey cell_key(const CellRef& cell);
ExplainKey parameter_key(ParameterId id, std::size_t row, std::size_t column);
ExplainKey step_key(Role role, const CellRef& cell, std::size_t term = 0, std::size_t part = 0);
Recipe given(double value);
Recipe from_one(Operation operation, double value, const ExplainKey& child);
Recipe from_two(Operation operation, double value, const ExplainKey& first, const ExplainKey& second);

}  // namespace attn
